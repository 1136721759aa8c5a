import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Exchange } from "./exchange.ts";
import { cut, showExchange } from "./show.ts";

function exchange(parts: Partial<Exchange>): Exchange {
  const empty = { texts: [], actions: [], failures: [], usage: undefined, isEndedByError: false };
  return { position: 1, user: "do it", timestamp: "2026-01-31T10:00:00Z", ...empty, ...parts };
}

const action = (parts: Partial<Exchange>, detail: "normal" | "full" = "normal") =>
  showExchange(exchange(parts), detail).exchange.action;

test("an exchange without words says what happened instead", () => {
  const bash = { name: "Bash", isError: false };
  const read = { name: "Read", isError: false };
  expect(action({})).toBe("(no response)");
  expect(action({ actions: [read, bash, read] })).toBe("(tool-only turn: Read, Bash)");
  expect(action({ isEndedByError: true })).toBe("(turn ended in error)");
  expect(action({ isEndedByError: true, actions: [bash, bash] })).toBe(
    "(turn ended in error after using Bash)",
  );
});

test("a summary is the first lines without filler", () => {
  expect(action({ texts: ["I'll read the file."] })).toBe("read the file.");
  expect(action({ texts: ["Sure, let me check.\nb\nc\nd"] })).toBe("check.\nb\nc");
  expect(action({ texts: ["Let me"] })).toBe("Let me");
  expect(action({ texts: ["Nowhere to go"] })).toBe("Nowhere to go");
  expect(action({ texts: ["I'll read."] }, "full")).toBe("I'll read.");
  expect([...action({ texts: ["x".repeat(201)] })]).toHaveLength(200);
  expect(action({ texts: ["x".repeat(200)] })).toBe("x".repeat(200));
  expect(action({ texts: ["one", "two"] }, "full")).toBe("one\ntwo");
});

test("a long prompt is cut to 300 characters, in full it is whole", () => {
  const long = exchange({ user: "ü".repeat(301) });
  const shown = showExchange(long, "normal");
  expect(shown.exchange.user).toBe(`${"ü".repeat(297)}...`);
  expect(shown.isCut).toBe(true);
  expect(showExchange(long, "full")).toMatchObject({ isCut: false, exchange: { user: long.user } });
});

test("it is said when something was cut, and filler is nothing", () => {
  const isCut = (text: string) => showExchange(exchange({ texts: [text] }), "normal").isCut;
  expect(isCut("I'll do it")).toBe(false);
  expect(isCut("a\nb\nc\nd")).toBe(true);
  expect(isCut("x".repeat(201))).toBe(true);
  expect(showExchange(exchange({}), "normal").isCut).toBe(false);
});

test("files are at most five sorted base names, each once", () => {
  const file = (path: string) => ({ name: "Edit", isError: false, file: path });
  const paths = ["/p/f.ts", "d.ts", "/q/f.ts", "c.ts", "C:\\w\\b.ts", "a.ts", "e.ts", "/folder/"];
  const edited = { name: "Edit", isError: false, edits: [{ file: "/x/0.ts", diff: "+a" }] };
  const { files } = showExchange(
    exchange({ actions: [...paths.map(file), edited] }),
    "normal",
  ).exchange;
  expect(files).toEqual(["0.ts", "a.ts", "b.ts", "c.ts", "d.ts"]);
});

test("what was done is shown in detail only", () => {
  const work = exchange({
    actions: [
      { name: "Bash", command: "ls", output: "o".repeat(500), isError: true },
      { name: "Edit", file: "/a.ts", edits: [{ file: "/a.ts", diff: "-a\n+b" }], isError: false },
    ],
    failures: ["API Error"],
    isEndedByError: true,
  });
  const { exchange: shown } = showExchange(work, "detailed");
  expect(shown).toEqual({
    position: 1,
    user: "do it",
    action: "(turn ended in error after using Bash, Edit)",
    files: ["a.ts"],
    timestamp: "2026-01-31T10:00:00Z",
    tools: [
      { name: "Bash", is_error: true, command: "ls", output: `${"o".repeat(397)}...` },
      { name: "Edit", is_error: false, file: "/a.ts" },
    ],
    edits: [{ file: "/a.ts", diff: "-a\n+b" }],
    errors: [
      { tool: "Bash", content: `${"o".repeat(297)}...` },
      { tool: "model", content: "API Error" },
    ],
    ended_on_error: true,
  });
  for (const detail of ["normal", "full"] as const) {
    expect(Object.keys(showExchange(work, detail).exchange)).toEqual([
      "position",
      "user",
      "action",
      "files",
      "timestamp",
    ]);
  }
});

test("a cut never halves a character and never adds length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 4, max: 12 }), (text, length) => {
      const short = cut(text, length);
      expect([...short].length).toBeLessThanOrEqual(length);
      expect(short.isWellFormed()).toBe(true);
      if ([...text].length <= length) expect(short).toBe(text);
    }),
  );
});
