import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { formerSafeWords, safeCommands, safeLines } from "./safe-commands.ts";

const source = (path: string) => readFileSync(`${import.meta.dir}/${path}`, "utf8");

/** Read and not imported: tools do not know commands. */
const table = source("../commands/index.ts");
const commands = [...table.matchAll(/^ {2}"?([\w-]+)"?: \(\) => import\(/gm)].map(
  ([, name]) => name,
);
const forms = [
  ...source("../commands/registry/dispatch.ts").matchAll(
    /^const (?:help|version)Words = new Set\(\[(.*)\]\)/gm,
  ),
].flatMap(([, words = ""]) => words.split(", ").map((word) => word.replaceAll('"', "")));

const channelWords = ["reading", "rooms", "talk", "topics", "store"].flatMap((part) =>
  [...source(`../commands/channel/${part}.ts`).matchAll(/^ {4}word: "(\w+)"/gm)].map(
    ([, word]) => `channel ${word}`,
  ),
);

test("the table of commands is read as it is", () => {
  expect(commands).toContain("send");
  expect(commands).toContain("why");
  expect(forms).toContain("help");
  expect(forms).toContain("--version");
});

test("what agents may run without asking exists, and is recognised again", () => {
  for (const line of [...safeCommands, ...safeLines]) {
    expect([...commands, ...forms, ...channelWords]).toContain(line);
    expect(formerSafeWords.has(line)).toBe(true);
  }
});

test("no form that writes or drives is among it", () => {
  const channel = ["channel", "channel config", "channel import", "channel export"];
  for (const word of [
    "stop",
    "kill",
    "hooks",
    "launch",
    "pty",
    "config",
    "term",
    "mcp",
    ...channel,
  ]) {
    expect(safeCommands).not.toContain(word);
  }
});

for (const path of ["bootstrap.md", "bootstrap-subagent.md"]) {
  test(`every command that ${path} names exists`, () => {
    const text = source(path);
    const named = [...text.matchAll(/(?:`|^ +|, )(?:\{command\}|hcom) ([a-z]\w*)/gm)].map(
      ([, word]) => word,
    );
    expect(named).toContain("send");
    for (const word of named) expect(commands).toContain(word);
  });
}
