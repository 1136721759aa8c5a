import { expect, test } from "bun:test";
import type { ArgvPlan, RunFiles } from "../tool.ts";
import { launch } from "./launch.ts";

const files: RunFiles = { keep: (text) => `<${text}>`, read: (path) => `text of ${path}` };

const plan: ArgvPlan = {
  userArgs: ["--model", "x"],
  added: [],
  kind: "interactive",
  isHeadless: false,
  version: undefined,
  bootstrap: "B",
  systemPrompt: "",
  files,
};

test("the user's arguments pass as they are", () => {
  expect(launch.argv(plan)).toEqual(["--model", "x"]);
});

test("a system prompt is appended to Claude's own, from a file that only we read", () => {
  const withPrompt = { ...plan, systemPrompt: "Be brief" };
  expect(launch.argv(withPrompt).slice(2)).toEqual(["--append-system-prompt-file", "<Be brief>"]);
});

test("a version whose files are not known to work gets the text", () => {
  const old = { ...plan, systemPrompt: "Be brief", version: "2.0.1" };
  expect(launch.argv(old).slice(2)).toEqual(["--append-system-prompt", "Be brief"]);
});

test("what the user appends joins it, because Claude takes one such text", () => {
  const argv = (...userArgs: string[]) => launch.argv({ ...plan, userArgs, systemPrompt: "Ours" });
  for (const theirs of [["--append-system-prompt", "A"], ["--append-system-prompt=A"]]) {
    expect(argv(...theirs, "-c")).toEqual(["-c", "--append-system-prompt-file", "<A\n\nOurs>"]);
  }
  const file = ["--append-system-prompt-file", "x"];
  expect(argv(...file)).toEqual(["--append-system-prompt-file", "<text of x\n\nOurs>"]);
  expect(argv("--", ...file)).toEqual(["--append-system-prompt-file", "<Ours>", "--", ...file]);
  expect(launch.argv({ ...plan, userArgs: file })).toEqual(file);
});

test("an answer that only a log sees streams all it says, unless told otherwise", () => {
  const logged: ArgvPlan = { ...plan, kind: "one-shot", isHeadless: true };
  const streamed = ["--output-format", "stream-json", "--verbose"];
  expect(launch.argv({ ...logged, userArgs: ["-p"] })).toEqual(["-p", ...streamed]);
  const own = ["--print", "--output-format=json"];
  expect(launch.argv({ ...logged, userArgs: own })).toEqual(own);
  const seen: ArgvPlan = { ...logged, isHeadless: false };
  expect(launch.argv({ ...seen, userArgs: ["-p"] })).toEqual(["-p"]);
});

test("what is added stands before the words of a prompt", () => {
  const added = { ...plan, systemPrompt: "S" };
  const words = ["--append-system-prompt-file", "<S>", "--", "-x is a flag"];
  expect(launch.argv({ ...added, userArgs: ["--", "-x is a flag"] })).toEqual(words);
});

for (const [line, kind] of Object.entries({
  "": "interactive",
  "fix the bug": "interactive",
  "--model opus": "interactive",
  "--model mcp": "interactive",
  "--resume": "interactive",
  "--resume mcp": "interactive",
  "-- mcp": "interactive",
  "-- -p": "interactive",
  "--add-dir mcp list": "interactive",
  "--append-system-prompt --version": "interactive",
  "-c": "interactive",
  "-p hi": "one-shot",
  "hi -p": "one-shot",
  "--print --output-format=json hi": "one-shot",
  "-cp hi": "one-shot",
  "-p -- --help": "one-shot",
  "--version": "plain",
  "-v": "plain",
  "-p --help": "plain",
  "mcp list": "plain",
  "--model opus mcp list": "plain",
  "--debug mcp list": "interactive",
  doctor: "plain",
  "update --help": "plain",
  "--bg work": "plain",
})) {
  test(`claude ${line} is ${kind}`, () => {
    const args = line === "" ? [] : line.split(" ");
    expect<string>(launch.runKind(args)).toBe(kind);
  });
}

test("prompt, resume and fork", () => {
  expect(launch.prompt("-p is a flag")).toEqual(["--", "-p is a flag"]);
  expect(launch.resume("s")).toEqual(["--resume", "s"]);
  expect(launch.fork?.("s")).toEqual(["--resume", "s", "--fork-session"]);
});

test("in a resumed session options go on, not what chose the session or asked", () => {
  const kept = (line: string) => launch.kept(line.split(" ")).join(" ");
  expect(kept("--resume 0f1e --fork-session --model opus fix")).toBe("--model opus");
  expect(kept("-p --output-format json --permission-mode plan hi")).toBe("--permission-mode plan");
  expect(kept("--add-dir /a /b -w tree --session-id=0f1e -- hi")).toBe("--add-dir /a /b");
});
