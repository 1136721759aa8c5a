import { expect, test } from "bun:test";
import type { Command } from "./command.ts";
import { commandHelp, overviewHelp } from "./help.ts";

const send: Command = {
  name: "send",
  group: "talk",
  summary: "send a message",
  usage: ["send @luna -- words", "send --stdin"],
  flags: [
    { name: "thread", value: "NAME", about: "keep together" },
    { name: "bigboss", short: "b", about: "as the human" },
    { name: "wait", value: "SECONDS", optional: true, about: "for an answer" },
  ],
  exits: { 1: "not sent", 3: "no such agent" },
  examples: ["hcom send @luna -- hi"],
  run: () => 0,
};
const bare: Command = { ...send, name: "list", group: "agents", summary: "who", flags: [] };
const secret: Command = { ...bare, name: "pty", isHidden: true };

test("a command's help names usage, flags, examples and exit codes", () => {
  expect(commandHelp(send)).toBe(
    [
      "hcom send - send a message",
      "",
      "Usage:",
      "  hcom send @luna -- words",
      "  hcom send --stdin",
      "",
      "Flags:",
      "  --thread NAME     keep together",
      "  -b, --bigboss     as the human",
      "  --wait [SECONDS]  for an answer",
      "",
      "Everywhere:",
      "  --name NAME  act as this agent",
      "  --go         at once: no question (at a terminal), no preview (in an agent)",
      "  --json       print JSON",
      "  -h, --help   show this help",
      "",
      "Examples:",
      "  hcom send @luna -- hi",
      "",
      "Exit codes:",
      "  0  done",
      "  1  not sent",
      "  2  wrong usage",
      "  3  no such agent",
    ].join("\n"),
  );
});

test("parts that a command has not are left out", () => {
  const { exits: _exits, examples: _examples, ...plain } = bare;
  const text = commandHelp(plain);
  expect(text).not.toContain("Flags:");
  expect(text).not.toContain("Examples:");
  expect(text).toContain("Exit codes:\n  0  done\n  1  failed\n  2  wrong usage");
});

test("the overview groups commands, hides internal ones and names the programs", () => {
  expect(overviewHelp([send, bare, secret], ["one", "two"])).toBe(
    [
      "hcom - coding agents find each other and talk, and every message can be traced",
      "",
      "Launch:",
      "  hcom [N] one [flags] [the tool's own arguments]",
      "  hcom [N] two [flags] [the tool's own arguments]",
      "One agent runs here, N of them in panes, tabs or windows of your terminal.",
      "Such a tool (one, two) is what an agent runs in.",
      "",
      "Who is here, what waits for you, what happened last (rows where it is piped):",
      "  hcom",
      "",
      "Commands:",
      " Talk",
      "  send  send a message",
      " Agents",
      "  list  who",
      "",
      "More: hcom COMMAND --help, hcom help one, hcom help exit-codes",
    ].join("\n"),
  );
});

test("words that decide what is done are explained under the usage", () => {
  const words = { ...bare, firstWords: [{ word: "add", about: "put one in" }] };
  expect(commandHelp(words)).toContain("\n\nWhat they do:\n  add  put one in\n\n");
});

test("a long line goes on under what it belongs to, and brackets and messages stay whole", () => {
  const usage = [`send ${"[--since TIME] ".repeat(5)}-- a message that is long`];
  const about = "keeps what belongs together, so that its readers find it again in the evening";
  const flags = [{ name: "thread", value: "NAME", about }];
  const text = commandHelp({ ...send, usage, flags });
  expect(text).toContain(
    [
      "  hcom send [--since TIME] [--since TIME] [--since TIME] [--since TIME]",
      "      [--since TIME] -- a message that is long",
      "",
      "Flags:",
      "  --thread NAME  keeps what belongs together, so that its readers find it again",
      "                 in the evening",
    ].join("\n"),
  );
  const narrow = commandHelp({ ...send, usage, flags }, 50).split("\n");
  expect(narrow.filter((line) => line.length > 50)).toEqual([]);
  expect(commandHelp(send, 200)).toBe(commandHelp(send));
});

test("a short name stands under the usage", () => {
  expect(commandHelp({ ...bare, aliases: ["l"] })).toContain("--stdin\n\nShort for it: hcom l\n");
});
