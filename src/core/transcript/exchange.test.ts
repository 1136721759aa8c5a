import { expect, test } from "bun:test";
import { Refusal } from "../refusal.ts";
import { diffOf, mailIn, type TranscriptEntry } from "./entry.ts";
import {
  isUnanswered,
  newReading,
  parseSpan,
  type Reading,
  type Span,
  takeEntry,
} from "./exchange.ts";

const prompt = (text: string): TranscriptEntry => ({ kind: "prompt", text, timestamp: "t" });
const said = (text: string): TranscriptEntry => ({ kind: "text", text });
const did = (id: string, name = "Bash"): TranscriptEntry => ({
  kind: "action",
  id,
  does: { name },
});
const mail = (text: string, isTurnEnd = false): TranscriptEntry => ({
  kind: "mail",
  text,
  timestamp: "m",
  isTurnEnd,
});
const came = (id: string, output: string, isError?: boolean): TranscriptEntry => ({
  kind: "result",
  id,
  output,
  isError,
});

function read(span: Span, ...entries: TranscriptEntry[]): Reading {
  const reading = newReading(span);
  for (const entry of entries) takeEntry(reading, entry);
  return reading;
}

const hundred = Array.from({ length: 100 }, (_, at) => [prompt(`p${at + 1}`), said(`a${at + 1}`)]);

test("only the last ones are kept, and all are counted", () => {
  const { kept, total } = read({ last: 3 }, ...hundred.flat());
  expect(total).toBe(100);
  expect(kept.map(({ position, user, texts }) => [position, user, ...texts])).toEqual([
    [98, "p98", "a98"],
    [99, "p99", "a99"],
    [100, "p100", "a100"],
  ]);
});

test("a range keeps its positions, and all are counted", () => {
  const { kept, total } = read({ from: 4, to: 5 }, ...hundred.flat());
  expect([total, ...kept.map(({ position, texts }) => [position, ...texts])]).toEqual([
    100,
    [4, "a4"],
    [5, "a5"],
  ]);
  expect(read({ from: 99, to: 200 }, ...hundred.flat()).kept).toHaveLength(2);
});

test("what comes before the first prompt is an exchange that nobody began", () => {
  const { kept } = read({ last: 9 }, came("no", "?"), said("early"), did("0"), prompt("hi"));
  expect(kept).toMatchObject([
    { position: 1, user: "", texts: ["early"], actions: [{ name: "Bash" }] },
    { position: 2, user: "hi", texts: [], actions: [] },
  ]);
  expect(read({ last: 9 }, came("no", "?"), mail("x"), prompt("hi")).kept).toHaveLength(1);
});

test("a result finds its action, also when the next exchange has begun", () => {
  const { kept } = read(
    { last: 9 },
    ...[prompt("one"), did("a"), did("b", "Read"), came("b", "text")],
    ...[prompt("two"), said("meanwhile"), came("a", "late", true), came("unknown", "?")],
  );
  expect(kept[0]?.actions).toEqual([
    { name: "Bash", output: "late", isError: true },
    { name: "Read", output: "text", isError: false },
  ]);
  expect(kept.map((one) => one.isEndedByError)).toEqual([true, false]);
});

test("an error ends an exchange only when nothing follows it", () => {
  const failed = [prompt("x"), did("a"), came("a", "no", true)];
  const ended = (...entries: TranscriptEntry[]) =>
    read({ last: 1 }, ...entries).kept[0]?.isEndedByError;
  expect(ended(...failed)).toBe(true);
  expect(ended(...failed, said("so what"))).toBe(false);
  expect(ended(...failed, did("b"), came("b", "fine", false))).toBe(false);
  expect(ended(...failed, said("well"), { kind: "failure", text: "API Error" })).toBe(true);
});

test("the words of an output tell an error only where the program does not", () => {
  const isError = (output: string, flag?: boolean, name = "Bash") =>
    read({ last: 1 }, prompt("x"), did("a", name), came("a", output, flag)).kept[0]?.actions[0]
      ?.isError;
  for (const output of [
    "error: no such option",
    "ls: cannot access 'x': No such file or directory",
    "Traceback (most recent call last):\n  File",
    "bash: frob: command not found",
    "cp: Permission denied",
    "fatal: not a git repository",
    "TypeError: x is not a function",
    "done\nFAILED tests/a.py",
  ]) {
    expect({ output, isError: isError(output) }).toEqual({ output, isError: true });
    expect(isError(output, false)).toBe(false);
    expect(isError(output, undefined, "Read")).toBe(false);
  }
  for (const output of ["", "12 pass\n0 fail", "0 failed, 3 passed", "no errors found", "ok"]) {
    expect({ output, isError: isError(output) }).toEqual({ output, isError: false });
    expect(isError(output, true)).toBe(true);
  }
});

test("mail takes the place of the nudge that it was pushed with", () => {
  const { kept } = read(
    { last: 9 },
    ...[prompt("<hcom>mail: 5</hcom>"), mail("[request #5] a → b: look"), said("looked")],
    ...[prompt("<hcom>"), mail("[request #6] a → b: again"), mail("[new message #7] a → b: and")],
    ...[prompt("typed by hand"), mail("[new message #8] a → b: by the way")],
  );
  expect(kept.map((one) => one.user)).toEqual([
    "[request #5] a → b: look",
    "[request #6] a → b: again",
    "typed by hand",
  ]);
});

test("mail at the end of a turn begins an exchange", () => {
  const { kept } = read({ last: 9 }, prompt("x"), said("done"), mail("more", true), said("ok"));
  expect(kept).toMatchObject([
    { user: "x", texts: ["done"] },
    { position: 2, user: "more", timestamp: "m", texts: ["ok"] },
  ]);
});

test("an exchange without a word or action is unanswered", () => {
  const last = (...entries: TranscriptEntry[]) =>
    isUnanswered(read({ last: 1 }, prompt("x"), ...entries).kept[0]!);
  expect(last()).toBe(true);
  for (const entry of [said("a"), did("a"), { kind: "failure", text: "f" } as const]) {
    expect(last(entry)).toBe(false);
  }
});

test("actions whose result never comes do not pile up", () => {
  const actions = Array.from({ length: 5000 }, (_, at) => did(`${at}`));
  expect(read({ last: 1 }, prompt("x"), ...actions).open.size).toBe(1000);
});

test("a range is one position or two", () => {
  expect(parseSpan("3")).toEqual({ from: 3, to: 3 });
  expect(parseSpan("2-5")).toEqual({ from: 2, to: 5 });
  expect(read(parseSpan("99-"), ...hundred.flat()).kept.map((one) => one.position)).toEqual([
    99, 100,
  ]);
  expect(parseSpan(" 7-7 ")).toEqual({ from: 7, to: 7 });
  for (const text of ["", "0", "0-3", "5-2", "-3", "a", "1-2-3", "1.5", "1e3", "9999999999"]) {
    expect(() => parseSpan(text)).toThrow(Refusal);
  }
});

test("the mail in a hook's words is found behind other words of ours", () => {
  expect(mailIn("<hcom>[new message #5] a → b: hi</hcom>")).toBe("[new message #5] a → b: hi");
  expect(mailIn("<meta>\n---\n<hcom>two\nlines</hcom>")).toBe("two\nlines");
  expect(mailIn("<hcom>cut off")).toBe("cut off");
  for (const text of ["", "INJ", "see <hcom>x</hcom>"]) expect(mailIn(text)).toBeUndefined();
});

test("a difference shows what went and what came", () => {
  expect(diffOf("a\nb\n", "c")).toBe("-a\n-b\n+c");
  expect(diffOf("", "new\n\nfile\n")).toBe("+new\n+\n+file");
});
