import { expect, test } from "bun:test";
import type { ArgvPlan, RunFiles } from "../tool.ts";
import { launch } from "./launch.ts";

const files: RunFiles = { keep: () => "", read: () => undefined };

const plan: ArgvPlan = {
  userArgs: [],
  added: [],
  kind: "interactive",
  isHeadless: false,
  version: "0.169.0",
  bootstrap: "",
  systemPrompt: "",
  files,
};

const argv = (changes: Partial<ArgvPlan>) => launch.argv({ ...plan, ...changes });

const own = ["-c", "hooks.Stop=[]"];

test("what a run adds stands behind the user's flags, and no daemon hides the environment", () => {
  const userArgs = ["-s", "read-only"];
  expect(argv({ userArgs, added: own })).toEqual([...userArgs, ...own, "--no-daemon"]);
  expect(argv({ added: own, version: "0.145.0" })).toEqual(own);
  expect(argv({ userArgs: ["--yolo", "--no-daemon"] })).toEqual(["--yolo", "--no-daemon"]);
});

test("instructions are one TOML string: ours, the configured ones, the user's", () => {
  const args = argv({
    userArgs: ["resume", "id", "-c", 'developer_instructions="Be \\"brief\\""', "--search"],
    bootstrap: 'line 1\n"line" 2 \\ \u007f',
    systemPrompt: "Configured",
  });
  expect(args.slice(0, 3)).toEqual(["resume", "id", "--search"]);
  const text = args.at(-1) ?? "";
  expect(args.at(-2)).toBe("-c");
  expect(text).not.toContain("\n");
  expect(Bun.TOML.parse(text)).toEqual({
    developer_instructions: 'line 1\n"line" 2 \\ \u007f\n---\nConfigured\n---\nBe "brief"',
  });
});

test("instructions of an earlier launch of ours are not repeated", () => {
  const userArgs = ["--config=developer_instructions=You are [hcom:luna]"];
  expect(argv({ userArgs, bootstrap: "new" })).toEqual([
    "--no-daemon",
    "-c",
    'developer_instructions="new"',
  ]);
});

test("one answer gets what `exec` itself knows, where it reads it", () => {
  const userArgs = ["-m", "x", "exec", "resume", "--last", "hi"];
  const args = argv({ kind: "one-shot", userArgs, added: own });
  expect(args).toEqual(["-m", "x", "exec", ...own, "resume", "--last", "hi"]);
});

test("what is added stands before the words of a prompt", () => {
  expect(argv({ userArgs: ["--", "-x"] })).toEqual(["--no-daemon", "--", "-x"]);
});

for (const [line, kind] of Object.entries({
  "": "interactive",
  "fix the bug": "interactive",
  "-m gpt resume --last": "interactive",
  "fork x": "interactive",
  "-c exec=1 hi": "interactive",
  "-p exec": "interactive",
  "-- exec": "interactive",
  "exec hi": "one-shot",
  "-m gpt e --json hi": "one-shot",
  "exec resume --last hi": "one-shot",
  exec: "one-shot",
  "exec help": "plain",
  "exec --help": "plain",
  "exec review --uncommitted": "plain",
  "review --uncommitted": "plain",
  "mcp list": "plain",
  "login status": "plain",
  "-V": "plain",
  "--version": "plain",
  "-i a.png mcp": "interactive",
  doctor: "plain",
})) {
  test(`codex ${line} is ${kind}`, () => {
    const args = line === "" ? [] : line.split(" ");
    expect<string>(launch.runKind(args)).toBe(kind);
  });
}

test("in a resumed session options go on, not what chose the session or asked", () => {
  const kept = (line: string) => launch.kept(line.split(" ")).join(" ");
  expect(kept("resume 0f1e -m gpt -a never fix it")).toBe("-m gpt -a never");
  expect(kept("exec --json -c a=1 hi")).toBe("-c a=1");
  expect(kept("-i a.png --add-dir /x -- fix it")).toBe("--add-dir /x");
});
