import { describe, expect, test } from "bun:test";
import { exitCode, Refusal } from "../core/refusal.ts";
import type { Command } from "./command.ts";
import { asksForHelp, globalFlags, type Parsed, parse } from "./parse.ts";

const command: Command = {
  name: "demo",
  group: "talk",
  summary: "",
  usage: [],
  flags: [
    { name: "thread", value: "NAME", about: "" },
    { name: "last", short: "l", value: "N", about: "" },
    { name: "verbose", short: "v", about: "" },
    { name: "bigboss", short: "b", about: "" },
    { name: "agent", value: "NAME", many: true, about: "" },
    { name: "tool", alias: "program", value: "TOOL", about: "" },
    { name: "wait", value: "SECONDS", optional: true, about: "" },
    { name: "pause", value: "SECONDS", about: "" },
  ],
  run: () => 0,
};

function words(line: string): string[] {
  return line === "" ? [] : line.split(" ");
}

function given(line: string): Parsed {
  return parse(command, words(line));
}

/** Everything that came out, on one line. */
function shown(line: string): string {
  const { words: plain, rest, flags } = given(line);
  const names = [...command.flags, ...globalFlags].map((flag) => flag.name);
  const set = names.flatMap((name) => (flags.has(name) ? [`${name}=${flags.values(name)}`] : []));
  const tail = rest === undefined ? [] : ["--", ...rest];
  return [...set, ...plain, ...tail].join(" ");
}

function refusal(line: string): Refusal {
  try {
    given(line);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`"${line}" was accepted: ${shown(line)}`);
}

describe("flags and words", () => {
  function check(line: string, expected: string): void {
    test(line === "" ? "(nothing)" : line, () => expect(shown(line)).toBe(expected));
  }
  check("", "");
  check("@luna hi", "@luna hi");
  check("--thread t @luna", "thread=t @luna");
  check("@luna --thread t", "thread=t @luna");
  check("--thread=t", "thread=t");
  check("--program x", "tool=x");
  check("--program=x", "tool=x");
  check("--thread=a=b", "thread=a=b");
  check("-v", "verbose=");
  check("-vb", "verbose= bigboss=");
  check("-l 5", "last=5");
  check("-l5", "last=5");
  check("-v -v --verbose", "verbose=,,");
  check("--agent a --agent b", "agent=a,b");
  check("--name luna --go --json", "name=luna go= json=");
  check("-", "-");
});

describe("after --", () => {
  function check(line: string, expected: string): void {
    test(line, () => expect(shown(line)).toBe(expected));
  }
  check("--", "--");
  check("@a -- hi there", "@a -- hi there");
  check("-v -- -v --thread t --json", "verbose= -- -v --thread t --json");
  check("-- a -- b", "-- a -- b");
  check("-- --unknown", "-- --unknown");
  check("-- --wait 5", "-- --wait 5");
});

test("words after -- are untouched, empty ones and blanks too", () => {
  const tail = ["", " ", "a  b", "--x=1", "-", "\n"];
  expect(parse(command, ["@a", "--", ...tail]).rest).toEqual(tail);
  expect(parse(command, ["", " x "]).words).toEqual(["", " x "]);
});

test("there is a difference between no -- and nothing after it", () => {
  expect(given("@a").rest).toBeUndefined();
  expect(given("@a --").rest).toEqual([]);
});

describe("a value that may be left out", () => {
  function check(line: string, expected: string): void {
    test(line, () => expect(shown(line)).toBe(expected));
  }
  check("--wait", "wait=");
  check("--wait 5", "wait=5");
  check("--wait=5", "wait=5");
  check("--wait --json", "wait= json=");
  check("--wait luna", "wait= luna");
  check("--wait -- 5", "wait= -- 5");
});

describe("is wrong usage:", () => {
  function check(line: string, message: RegExp): void {
    test(line, () => {
      const error = refusal(line);
      expect(error.message).toMatch(message);
      expect([error.code, error.exit]).toEqual(["usage", exitCode.usage]);
    });
  }
  check("--thraed t", /unknown flag --thraed - did you mean --thread\?/);
  check("--jsno", /unknown flag --jsno - did you mean --json\?/);
  check("--xyzzyx", /unknown flag --xyzzyx$/);
  check("-q", /unknown flag -q/);
  check("-vq", /unknown flag -q/);
  check("--no-verbose", /unknown flag/);
  check("--constructor", /unknown flag --constructor/);
  check("--thread", /--thread needs a value: --thread NAME/);
  check("--thread -- hi", /--thread needs a value/);
  check("--thread --json hi", /--thread needs a value/);
  check("--last -v", /--last needs a value/);
  check("--json=yes", /--json takes no value/);
  check("--verbose=", /--verbose takes no value/);
  check("--thread a --thread b", /--thread is given twice/);
  check("--name a --name b", /--name is given twice/);
});

test("a value may look like a flag when it is glued on, or is no flag of ours", () => {
  expect(shown("--thread=--json")).toBe("thread=--json");
  expect(shown("--thread=-v")).toBe("thread=-v");
  expect(shown("--thread -5")).toBe("thread=-5");
});

test("every refusal leads to the help of its command", () => {
  expect(refusal("--nope").hint).toBe("see: hcom demo --help");
});

describe("a number", () => {
  const number = (line: string) => given(line).flags.number("pause");
  test("is read as one", () => {
    expect(["--pause 5", "--pause 0.5", "--pause=0"].map(number)).toEqual([5, 0.5, 0]);
  });
  test("that counts is a whole one", () => {
    expect(["--last 5", "--last=0"].map((line) => given(line).flags.number("last"))).toEqual([
      5, 0,
    ]);
    for (const text of ["2.5", "-5", "1e3", "many", ""]) {
      expect(() => given(`--last=${text}`)).toThrow(
        text === "" ? "--last takes a whole number" : `--last takes a whole number, not "${text}"`,
      );
    }
  });
  test("is undefined when absent, or left out where that is allowed", () => {
    expect(number("")).toBeUndefined();
    expect(given("--wait").flags.number("wait")).toBeUndefined();
  });
  for (const text of ["five", "-5", "1e999", "5s"]) {
    test(`is not ${text}`, () => {
      expect(() => number(`--pause=${text}`)).toThrow(`--pause takes a number, not "${text}"`);
    });
  }
});

describe("help", () => {
  const talk = { ...command, textAfter: 1 };
  test.each(["-h", "--help", "word --help", "-vh"])("is asked for by %s", (line) => {
    expect(asksForHelp(command, words(line))).toBe(true);
  });
  test.each(["-hello", "--thread -h", "-- -h"])("is not asked for by %s", (line) => {
    expect(asksForHelp(command, words(line))).toBe(false);
  });
  test("is not asked for by a text in one argument", () => {
    for (const text of ["- help", "-h is help"]) expect(asksForHelp(command, [text])).toBe(false);
  });
  test("where a message could stand is refused: it might be that", () => {
    expect(asksForHelp(talk, ["-h"])).toBe(true);
    expect(() => asksForHelp(talk, ["@luna", "-h"])).toThrow("is -h the message?");
  });
});
