import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { asList, asObject, asText, asTexts } from "../core/json.ts";
import { rulesOf } from "./claude/permissions.ts";
import { settings as gemini } from "./gemini/settings.ts";
import { pluginText } from "./opencode/plugin.ts";
import { formerSafeWords, safeCommands, safeLinePattern, safeLines } from "./safe-commands.ts";
import type { RunOptions } from "./tool.ts";

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

const options: RunOptions = {
  ...{ program: ["/main.js"], autoApprove: true, commandWord: "hcom", version: undefined },
  ...{ configDir: "/c", directory: "/d", args: [], env: {}, arePassed: true, answers: undefined },
  ...{ readFile: () => undefined, hcomDir: "/h", sandboxMode: "none", autoTrust: false },
};

/** What each program makes of one command, by its own rules (Claude 2.1, Gemini CLI 0.61). */
const judges: Readonly<Record<string, (line: string) => boolean>> = {
  claude: (line) =>
    rulesOf("hcom").some((rule) => {
      const [, body = ""] = /^Bash\((.*)\)$/.exec(rule) ?? [];
      if (!body.endsWith(":*")) return line === body;
      const start = body.slice(0, -2);
      return line === start || line.startsWith(`${start} `);
    }),
  codex: (line) => safeLinePattern("hcom").test(line),
  gemini: (line) => geminiPatterns().some((one) => one.test(JSON.stringify({ command: line }))),
  opencode: (line) => {
    const [, pattern = ""] = /^ {2}"safe": (".*"),$/m.exec(pluginText(options, "")) ?? [];
    return new RegExp(JSON.parse(pattern)).test(line);
  },
};

/** As its policies become expressions over a call's arguments. */
function geminiPatterns(): RegExp[] {
  const rules = asList(
    asObject(Bun.TOML.parse(gemini.perRun.settings(options).file ?? ""))["rule"],
  );
  return rules
    .map(asObject)
    .flatMap((rule) => [
      ...asTexts(rule["commandPrefix"]).map(
        (prefix) => new RegExp(`"command":${RegExp.escape(`"${prefix}`)}(?:[\\s"]|\\\\")`),
      ),
      ...[asText(rule["commandRegex"])].flatMap((one) =>
        one === undefined ? [] : [new RegExp(`"command":"${one}`)],
      ),
    ]);
}

for (const [tool, allows] of Object.entries(judges)) {
  test(`${tool}: the same lines need no approval`, () => {
    const safe = [...safeCommands, ...safeLines].map((line) => `hcom ${line}`);
    safe.push("hcom send @nova --intent ack -- 'done: 3 files (all?)'", 'hcom list --names "a b"');
    expect(safe.filter((line) => !allows(line))).toEqual([]);
    const asked = ["config tag x", 'config "', "config --edit", "term inject a b", "termx", "kill"];
    const more = ["channel", "channel config a", "version kill", "stop", "hooks add", "listx"];
    const unsafe = [...asked, ...more].map((rest) => `hcom ${rest}`);
    unsafe.push("xhcom list", "hcom", "./hcom list", "echo hcom list");
    expect(unsafe.filter(allows)).toEqual([]);
  });
}

test("a line that we judge ourselves holds nothing that a shell would make more of", () => {
  const unsafe = ["&& rm x", "; rm x", "| sh", "$(rm x)", "`rm x`", "> x", "\nrm x", "& rm x"];
  const quoted = [
    '"$(rm x)"',
    '"`rm x`"',
    '"a\\"; rm x; "',
    "'a'\"'; rm x",
    "\\' ; rm x '",
    "<(ls)",
  ];
  for (const rest of [...unsafe, ...quoted]) {
    expect([rest, safeLinePattern("hcom").test(`hcom list ${rest}`)]).toEqual([rest, false]);
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
