import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { exitCode, Refusal } from "../core/refusal.ts";
import { shellSplit } from "../tools/shell-quote.ts";
import { type LaunchOrder, parseLaunch } from "./grammar.ts";

function parse(line: string): LaunchOrder {
  return parseLaunch(shellSplit(line) ?? []);
}

function refusal(line: string): Refusal {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`"${line}" was accepted`);
}

describe("what is not ours reaches the tool byte for byte", () => {
  function check(line: string, toolArgs: string[]): void {
    test(line, () => expect(parse(line).toolArgs).toEqual(toolArgs));
  }
  check("claude", []);
  check("claude --model x -p 'do it'", ["--model", "x", "-p", "do it"]);
  check("claude --model=x -m=x --flag", ["--model=x", "-m=x", "--flag"]);
  check("claude ''", [""]);
  check("claude --x '' y", ["--x", "", "y"]);
  check("claude -abc -n5 -", ["-abc", "-n5", "-"]);
  check("claude --tag api --model x", ["--model", "x"]);
  check("claude --model x --tag api", ["--model", "x"]);
  check("claude --help", ["--help"]);
  check("claude -- --help", ["--help"]);
  check("claude -- 'a prompt'", ["--", "a prompt"]);
  check("claude --model x -- prompt words", ["--model", "x", "--", "prompt", "words"]);
  check("claude -p -- '- a list'", ["-p", "--", "- a list"]);
  check("claude --tag api -- hi", ["--", "hi"]);
  check("claude -p x --", ["-p", "x", "--"]);
  check("claude 'prompt with -- dashes'", ["prompt with -- dashes"]);
  check("claude -- --tag raw -z", ["--tag", "raw", "-z"]);
  check("claude --tag api -- --tag raw", ["--tag", "raw"]);
  check("claude -p -- -- x", ["-p", "--", "x"]);
  check("claude -- --name luna --go", ["--name", "luna", "--go"]);
  check("claude --dir=/a 'x y' --headless --z", ["x y", "--z"]);
  check("claude --resume 1234 --json", ["--resume", "1234", "--json"]);
  check("claude --tagged --terminals --direct", ["--tagged", "--terminals", "--direct"]);
  check("codex exec --json 3", ["exec", "--json", "3"]);
  check("codex -c 'a.b=\"c d\"' --config=x=y", ["-c", 'a.b="c d"', "--config=x=y"]);
});

test("the whole of it at once", () => {
  const order = parse(
    `3 claude --model x "prompt with -- dashes" --tag api --dir=/a -p "do it" --headless -- ` +
      "--tag raw -z",
  );
  expect(order).toMatchObject({
    count: 3,
    toolWord: "claude",
    tag: "api",
    dir: "/a",
    isHeadless: true,
    toolArgs: ["--model", "x", "prompt with -- dashes", "-p", "do it", "--tag", "raw", "-z"],
  });
});

describe("words of ours", () => {
  function check(line: string, expected: Partial<LaunchOrder>): void {
    test(line, () => expect(parse(line)).toMatchObject(expected));
  }
  const nothing = { tag: undefined, terminal: undefined, dir: undefined, prompt: undefined };
  check("claude", { ...nothing, count: 1, toolWord: "claude", isHeadless: false, go: false });
  check("claude --hcom-prompt 'say hi'", { prompt: "say hi", toolArgs: [] });
  check("claude --hcom-prompt=--x", { prompt: "--x" });
  check("claude --hcom-system-prompt s", { systemPrompt: "s" });
  check("claude --system s", { systemPrompt: "s" });
  check("claude --terminal tmux --batch-id b", { terminal: "tmux", batchId: "b" });
  check("claude --tag json --hcom-prompt go", { tag: "json", prompt: "go" });
  check("claude --run-here", { runHere: true });
  check("claude --no-run-here", { runHere: false });
  check("claude", { runHere: undefined });
  check("claude --pty", { toolArgs: [] });
  check("claude --name luna --go", { callerName: "luna", go: true, toolArgs: [] });
});

describe("global flags may stand in front", () => {
  function check(line: string, expected: Partial<LaunchOrder>): void {
    test(line, () => expect(parse(line)).toMatchObject(expected));
  }
  check("--name luna claude -p", { callerName: "luna", toolWord: "claude", toolArgs: ["-p"] });
  check("--name=luna 2 claude", { callerName: "luna", toolWord: "claude", count: 2 });
  check("--go 2 claude x", { go: true, count: 2, toolArgs: ["x"] });
  check("--json claude x", { json: true, toolWord: "claude", toolArgs: ["x"] });
  check("2 claude --tag a --json x", { json: true, toolArgs: ["x"] });
  check("claude x --json", { json: false, toolArgs: ["x", "--json"] });
  check("claude -- --json", { json: false, toolArgs: ["--json"] });
  check("--go --json --name luna claude", { go: true, json: true, callerName: "luna" });
});

test("flags behind the first word of a command of the tool's own are its own", () => {
  const argv = ["claude", "--name", "luna", "mcp", "add", "--name", "x", "--json"];
  const { callerName, json, toolArgs } = parseLaunch(argv, true);
  expect({ callerName, json, toolArgs }).toEqual({
    callerName: "luna",
    json: false,
    toolArgs: ["mcp", "add", "--name", "x", "--json"],
  });
});

describe("is wrong usage:", () => {
  function check(line: string, message: RegExp): void {
    test(line, () => {
      const error = refusal(line);
      expect(error.message).toMatch(message);
      expect(error.exit).toBe(exitCode.usage);
    });
  }
  check("0 claude", /0 agents is none/);
  check("claude --tag", /--tag needs a value/);
  check("claude --tag -- x", /--tag needs a value/);
  check("claude --dir --headless", /--dir needs a value/);
  check("claude --headless=no", /--headless takes no value/);
});

const word = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("-p", "--model", "-m=x", "", " ", "--x=", "-", "--no-tag", "exec", "a\nb"),
);
const ours =
  "tag terminal dir headless hcom-prompt hcom-prompt-file hcom-system-prompt system batch-id " +
  "run-here no-run-here pty name go json";
const isOurs = new RegExp(`^--(${ours.replaceAll(" ", "|")})(=|$)|^--$`);
const theirs = fc.array(
  word.filter((one) => !isOurs.test(one)),
  { maxLength: 6 },
);

test("any words of the tool come through in order, wherever ours stand", () => {
  fc.assert(
    fc.property(theirs, theirs, fc.array(word, { maxLength: 6 }), (front, back, tail) => {
      const argv = ["2", "claude", ...front, "--tag", "api", ...back, "--headless", "--", ...tail];
      const order = parseLaunch(argv);
      const isOurEnd = /^-\S*$/.test(tail[0] ?? "");
      const behind = isOurEnd ? tail : ["--", ...tail];
      expect(order.toolArgs).toEqual([...front, ...back, ...behind]);
      expect([order.tag, order.isHeadless, order.count]).toEqual(["api", true, 2]);
    }),
  );
});

test("two places for one agent are refused, one said twice is not", () => {
  for (const line of [
    ["--headless", "--terminal", "tmux"],
    ["--headless", "--run-here"],
    ["--run-here", "--no-run-here"],
    ["--run-here", "--terminal", "tmux"],
    ["--no-run-here", "--terminal", "here"],
  ]) {
    expect(() => parseLaunch(["claude", ...line])).toThrow("two places for one agent");
  }
  for (const line of [
    ["--run-here", "--terminal", "here"],
    ["--no-run-here", "--headless"],
    ["--no-run-here", "--terminal", "tmux"],
  ]) {
    expect(parseLaunch(["claude", ...line]).toolArgs).toEqual([]);
  }
});
