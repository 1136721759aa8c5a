// What is said into a file stands there, behind what was there; where it cannot, one sentence says
// so, whichever program and whichever of its words it is.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hcom, plainEnv, tempDir } from "./lab.ts";

let dir: ReturnType<typeof tempDir>;
beforeAll(() => {
  dir = tempDir();
});
afterAll(() => dir[Symbol.dispose]());

/** `line` is shell, in which "$@" is the program with its words. */
const shell = (line: string, ...words: string[]) =>
  hcom(plainEnv(dir.path), words, { prefix: ["sh", "-c", line, "sh"] });

test("several answers in one file stand one behind the other", async () => {
  const file = join(dir.path, "said");
  const line = `{ "$@"; echo between; "$@"; } > '${file}' && "$@" >> '${file}'`;
  const run = await shell(line, "list");
  expect([run.code, run.err]).toEqual([0, ""]);
  const [first = "", rest = ""] = readFileSync(file, "utf8").split("between\n");
  expect(first).not.toBe("");
  expect(rest).toBe(first.repeat(2));
});

test("a long answer is as whole in a file as in a pipe", async () => {
  const store = ["--program=acomm", "--file", join(dir.path, "long.acomm")];
  const direct = (...words: string[]) => hcom(plainEnv(dir.path), [...store, ...words]);
  await direct("channel", "create", "ops");
  const long = "long ".repeat(20_000);
  for (const _ of [1, 2, 3]) expect((await direct("send", "1", "--", long)).code).toBe(0);
  const piped = (await direct("history", "1")).out;
  const file = join(dir.path, "history");
  await shell(`"$@" > '${file}'`, ...store, "history", "1");
  expect(piped.length).toBeGreaterThan(300_000);
  expect(readFileSync(file, "utf8")).toBe(piped);
});

for (const words of [
  ["--help"],
  ["--version"],
  ["nosuch"],
  ["list"],
  ["--program=acomm", "--help"],
  ["--program=agentic-comm-mcp", "--version"],
]) {
  test.concurrent(`on a full disk ${words.join(" ")} ends in a sentence`, async () => {
    const run = await shell(
      '"$@" > /dev/full 2>&1; code=$?; "$@" > /dev/full; exit $code',
      ...words,
    );
    const isWrong = words[0] === "nosuch";
    expect(run.code).toBe(isWrong ? 2 : 1);
    expect(run.err).toContain(isWrong ? "unknown command" : "cannot write the output");
    expect(run.err).not.toContain("    at ");
  });
}
