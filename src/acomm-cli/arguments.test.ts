import { describe, expect, test } from "bun:test";
import { exitCode, Refusal } from "../core/refusal.ts";
import { typedOf } from "./arguments.ts";
import { verbs } from "./verbs.ts";

/** What was understood, on one line. */
function shown(line: string | string[]): string {
  const words = typeof line === "string" ? line.split(" ").filter((word) => word !== "") : line;
  const typed = typedOf(words, verbs);
  if (typed.kind === "help") return `help ${typed.topic}`.trim();
  if (typed.kind === "version") return "version";
  const { verb, args, choice } = typed;
  const given = verb.positionals.map(({ name }) => `${name}=${args.text(name)}`);
  const flags = (verb.flags ?? []).flatMap(({ name }) =>
    args.flag(name) === undefined ? [] : [`--${name}=${args.flag(name)}`],
  );
  const store = [choice.file === undefined ? [] : `file=${choice.file}`, choice.isBus ? "bus" : []];
  return [verb.words, ...given, ...flags, ...store.flat()].join(" ");
}

function refusal(line: string | string[]): Refusal {
  try {
    shown(line);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`"${line}" was accepted: ${shown(line)}`);
}

describe("is understood:", () => {
  function check(line: string, expected: string): void {
    test(line, () => expect(shown(line)).toBe(expected));
  }
  check("send 1 hi", "send CHANNEL=1 CONTENT=hi --type=text --sender=cli-user");
  check("send 1 hi --type ack", "send CHANNEL=1 CONTENT=hi --type=ack --sender=cli-user");
  check("send --sender=a 1 hi", "send CHANNEL=1 CONTENT=hi --type=text --sender=a");
  check("send 1 -- -5", "send CHANNEL=1 CONTENT=-5 --type=text --sender=cli-user");
  check("channel create ops", "channel create NAME=ops --type=group");
  check("channel --bus list", "channel list bus");
  check("receive +7", "receive CHANNEL=+7");
  check("receive 18446744073709551615", "receive CHANNEL=18446744073709551615");
  check("history 1 --limit 0", "history CHANNEL=1 --limit=0");
  check(
    "add f text hi --session s --confidence 0.9",
    ["add FILE=f TYPE=text CONTENT=hi --channel=default --session=s --confidence=0.9"].join(),
  );
});

describe("the store is chosen before or behind the command:", () => {
  function check(line: string, expected: string): void {
    test(line, () => expect(shown(line)).toBe(expected));
  }
  check("--file x channel list", "channel list file=x");
  check("channel list --file x", "channel list file=x");
  check("channel --file=x list", "channel list file=x");
  check("--bus stats", "stats bus");
  check("stats --json --bus", "stats bus");
  check("--file x info f", "info FILE=f");
});

describe("asks for help:", () => {
  function check(line: string, expected: string): void {
    test(line, () => expect(shown(line)).toBe(expected));
  }
  check("--help", "help");
  check("-h", "help");
  check("help", "help");
  check("help send", "help send");
  check("help channel", "help channel");
  check("help channel create", "help channel create");
  check("channel --help", "help channel");
  check("send --help", "help send");
  check("send 1 hi -h", "help send");
  check("-V", "version");
  check("--version", "version");
});

describe("is wrong usage:", () => {
  function check(line: string, message: string | RegExp): void {
    test(line === "" ? "(nothing)" : line, () => {
      const error = refusal(line);
      expect(error.message).toMatch(message);
      expect([error.code, error.exit]).toEqual(["usage", exitCode.usage]);
    });
  }
  check("", "a command is missing");
  check("--bogus", "unexpected argument '--bogus'");
  check("bogus", "unknown command 'bogus'");
  check("list", "unknown command 'list' - did you mean 'channel list'?");
  check("sned 1 hi", "did you mean 'send'?");
  check("help bogus", "unknown command 'bogus'");
  check("channel", "channel needs one of: create, list, info, join, leave, config");
  check("channel creat x", "unknown command 'creat' - did you mean 'create'?");
  check("send", "missing: <CHANNEL> <CONTENT> (see: acomm send --help)");
  check("send 1", "missing: <CONTENT>");
  check("send 1 hi there", "unexpected argument 'there'");
  check("send x hi", "<CHANNEL> is a whole number from 0, not 'x'");
  check("send 1.5 hi", "not '1.5'");
  check("send 0x1 hi", "not '0x1'");
  check("send 18446744073709551616 hi", "not '18446744073709551616'");
  check("send -1 hi", "<CHANNEL> is a whole number from 0, not '-1'");
  check("send 1 hi --sender", "--sender needs a value: --sender NAME");
  check("send 1 hi --sendr a", "did you mean --sender?");
  check("send 1 hi --limit 3", "unexpected argument '--limit'");
  check("send 1 hi --type text --type ack", "--type is given twice");
  check("history 1 --limit many", "--limit is a whole number from 0, not 'many'");
  check("stats --bus=main", "--bus takes no value");
  check("info f --file x", "unexpected argument '--file'");
  check("add f text hi --file=x", "unexpected argument '--file'");
  check("--bus info f", "name it bus: instead of --bus");
});

describe("a text that begins with a dash", () => {
  const texts = ["- the build is red", "-5", "--> look", "-", "---", "-h is for help", "–", "-- x"];
  const rest = "--type=text --sender=cli-user";
  test.each([...texts, "--sender is missing", "-h\n", "-\u00e9t\u00e9"])("%j is sent", (text) => {
    expect(shown(["send", "1", text])).toBe(`send CHANNEL=1 CONTENT=${text} ${rest}`);
    expect(shown(["send", "1", "--", text])).toBe(`send CHANNEL=1 CONTENT=${text} ${rest}`);
    expect(shown(["publish", "t", text])).toContain(`CONTENT=${text}`);
    expect(shown(["broadcast", "1", text])).toContain(`CONTENT=${text}`);
    expect(shown(["subscribe", "t", text])).toContain(`SUBSCRIBER=${text}`);
    expect(shown(["add", "f", "text", text])).toContain(`CONTENT=${text}`);
  });
  test.each(["-h", "--help", "-V", "-hello", "-x", "--sendr", "--sendr=a b", "--bus=x"])(
    "%j could be a flag, and is refused until it stands behind --",
    (text) => {
      expect(refusal(["send", "1", text])).toMatchObject({ code: "usage", exit: 2 });
      expect(shown(["send", "1", "--", text])).toBe(`send CHANNEL=1 CONTENT=${text} ${rest}`);
    },
  );
  test("is a flag's value behind the flag, whatever it looks like", () => {
    expect(shown("send 1 hi --sender -h")).toContain("--sender=-h");
    expect(shown(["history", "1", "--query", "- red"])).toContain("--query=- red");
  });
});

test("a flag takes a value in all verbs that know it or in none", () => {
  const kinds = new Map<string, boolean>();
  for (const flag of verbs.flatMap((verb) => verb.flags ?? [])) {
    const takesValue = flag.value !== undefined;
    expect([flag.name, kinds.get(flag.name) ?? takesValue]).toEqual([flag.name, takesValue]);
    kinds.set(flag.name, takesValue);
  }
});
