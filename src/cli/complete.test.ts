import { expect, test } from "bun:test";
import type { Command } from "./command.ts";
import { completionLines } from "./complete.ts";

function command(name: string, given: Partial<Command>): Command {
  const base = { name, group: "talk", summary: `${name} it`, usage: [name], flags: [] } as const;
  return { ...base, run: () => 0, ...given };
}

const commands = [
  command("send", {
    usage: ["send @luna @nova [flags] -- words", 'send "text"'],
    flags: [
      { name: "thread", value: "NAME", about: "" },
      { name: "from", value: "NAME", about: "" },
      { name: "bigboss", short: "b", about: "as the human" },
    ],
  }),
  command("events", {
    usage: ["events [filters] --wait"],
    flags: [
      { name: "agent", value: "NAME", many: true, about: "of" },
      { name: "wait", value: "SECONDS", optional: true, about: "for" },
    ],
  }),
  command("hooks", { usage: ["hooks", "hooks add [TOOL|all]", "hooks remove [TOOL|all]"] }),
  command("term", { usage: ["term [NAME] [--json]", "term inject NAME [TEXT]"] }),
  command("stop", { usage: ["stop NAME...", "stop tag:TAG"] }),
  command("pty", { isHidden: true }),
  command("launch", { isHidden: true, flags: [{ name: "dir", value: "PATH", about: "where" }] }),
];

const names = { agents: ["luna", "api-nova"], tags: ["api"], threads: ["plan"] } as const;

/** The words that `line` may be continued with, without what they are. */
function after(line: string): string[] {
  const table = {
    commands,
    tools: ["claude", "codex"],
    names: (kind: string) =>
      [...(names[kind as keyof typeof names] ?? [])].map((name) => ({ name, about: kind })),
  };
  return completionLines(line.split(" "), table).map((one) => one.split("\t")[0] ?? "");
}

test("a first word is a command, a tool or help, and never a hidden one", () => {
  expect(after("")).toEqual([
    ...["send", "events", "hooks", "term", "stop"],
    ...["claude", "codex", "help"],
  ]);
  expect(after("--name luna s")).toEqual(["send", "stop"]);
  expect(after("help h")).toEqual(["hooks", "help"]);
  expect(after("3 c")).toEqual(["claude", "codex"]);
});

test("usage lines say which word comes at which place", () => {
  expect(after("hooks ")).toEqual(["add", "remove"]);
  expect(after("hooks add ")).toEqual(["claude", "codex", "all"]);
  expect(after("hooks add codex ")).toEqual([]);
  expect(after("term ")).toEqual(["luna", "api-nova", "inject"]);
  expect(after("term inject ")).toEqual(["luna", "api-nova"]);
  expect(after("stop luna ")).toEqual(["luna", "api-nova"]);
  expect(after("stop tag:")).toEqual(["tag:api"]);
});

test("a recipient is offered with its @, and no word of the message is completed", () => {
  expect(after("send @")).toEqual(["@luna", "@api-nova"]);
  expect(after("send @luna ")).toEqual(["@luna", "@api-nova"]);
  expect(after("send @luna -- ")).toEqual([]);
  expect(after("send lu")).toEqual([]);
});

test("a flag is offered until it is given, unless it may come again", () => {
  expect(after("send -b --b")).toEqual([]);
  expect(after("send --b")).toEqual(["--bigboss"]);
  expect(after("events --agent luna --ag")).toEqual(["--agent"]);
});

test("a flag's value is completed behind it and behind its =", () => {
  expect(after("send --thread ")).toEqual(["plan"]);
  expect(after("send --thread=p")).toEqual(["--thread=plan"]);
  expect(after("events --agent l")).toEqual(["luna"]);
  // Somebody from outside has no name that we know.
  expect(after("send --from ")).toEqual([]);
  // Its value may be left out, so what follows is a word again.
  expect(after("events --wait --a")).toEqual(["--agent"]);
});

test("a launch completes our flags, and paths for what is the tool's own", () => {
  expect(after("claude --d")).toEqual(["--dir"]);
  expect(after("2 codex --dir ")).toEqual([":folders"]);
  expect(after("claude fix")).toEqual([":files"]);
  expect(after("claude -- --d")).toEqual([":files"]);
});

test("what cannot be known is answered with nothing", () => {
  for (const line of ["nope ", "send @luna --unknown ", "3 4 ", "hooks nope "]) {
    expect([line, after(line).filter((word) => !word.startsWith("@"))]).toEqual([line, []]);
  }
});
