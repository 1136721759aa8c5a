import { expect, test } from "bun:test";
import fc from "fast-check";
import { Refusal } from "../refusal.ts";
import { readBundle } from "./draft.ts";

const whole = {
  title: "Login",
  description: "open: the tests",
  refs: { events: ["12", 20, "30-34"], files: ["src/a.ts"], transcript: ["3-14:full"] },
};

function refusal(written: unknown): Refusal {
  try {
    readBundle(written);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("not refused");
}

test("a bundle is read from flags and from JSON", () => {
  expect(readBundle({ ...whole, extends: "bundle:1a2b3c4d" })).toEqual({
    title: "Login",
    description: "open: the tests",
    refs: {
      events: ["12", "20", "30-34"],
      files: ["src/a.ts"],
      transcript: [{ range: "3-14", detail: "full" }],
    },
    extends: "bundle:1a2b3c4d",
  });
  const parts = ["7", "luna:2-", "@nova:1:detailed", { range: "5", note: "why", agent: "kira" }];
  const { refs } = readBundle({ ...whole, refs: { ...whole.refs, transcript: parts } });
  expect(refs.transcript).toEqual([
    { range: "7", detail: "normal" },
    { range: "2-", detail: "normal", agent: "luna" },
    { range: "1", detail: "detailed", agent: "nova" },
    { range: "5", detail: "normal", note: "why", agent: "kira" },
  ]);
});

test("what is missing is named with its flag", () => {
  expect(refusal({ ...whole, title: " " }).message).toContain("--title");
  expect(refusal({ title: "x" }).message).toContain("--description");
  const { message, hint } = refusal({ ...whole, refs: { files: ["a"] } });
  expect(message).toContain("events and transcript missing");
  expect(hint).toMatch(/--events \S+ --transcript \S+/);
  expect(hint).not.toContain("--files");
});

test("what is wrong is refused, nothing is dropped", () => {
  const wrong: [Partial<typeof whole.refs> | object, RegExp][] = [
    [{ events: "12" }, /refs.events must be a list/],
    [{ events: ["x"] }, /"x" is no event/],
    [{ events: ["9-3"] }, /"9-3" is no event/],
    [{ events: ["0"] }, /"0" is no event/],
    [{ files: [7] }, /"7" is no path/],
    [{ transcript: ["3-14:ful"] }, /shown "ful" - did you mean full/],
    [{ transcript: ["14-3"] }, /invalid range/],
    [{ transcript: ["0"] }, /invalid range/],
    [{ transcript: ["a:1:full:x"] }, /no part of a transcript/],
    [{ transcript: [null] }, /no part of a transcript/],
  ];
  for (const [part, message] of wrong) {
    expect(refusal({ ...whole, refs: { ...whole.refs, ...part } }).message).toMatch(message);
  }
  expect(refusal("text").code).toBe("invalid_bundle");
  expect(refusal({ ...whole, title: "two\nlines" }).message).toContain("one line");
  expect(refusal({ ...whole, extends: 7 }).message).toContain("extends");
});

test("no text of a bundle steers a terminal or breaks a line that is one", () => {
  const of = (texts: Record<string, string>) => ({
    title: `a${texts["title"] ?? ""}`,
    description: `a${texts["description"] ?? ""}`,
    refs: {
      events: ["1"],
      files: [`a${texts["file"] ?? ""}`],
      transcript: [{ range: "1", note: `a${texts["note"] ?? ""}` }],
    },
    extends: `a${texts["extends"] ?? ""}`,
  });
  expect(readBundle(of({ description: "\tb\n" })).description).toBe("a\tb");
  for (const column of ["title", "description", "file", "note", "extends"]) {
    for (const control of ["\x1b[2J", "\0b", "\x9b", "\u0085b"]) {
      const { message } = refusal(of({ [column]: control }));
      expect([column, message]).toEqual([column, expect.stringContaining("control character")]);
    }
    if (column === "description") continue;
    for (const end of ["\nb", "\rb", "\u2028b"]) {
      expect(refusal(of({ [column]: end })).message).toContain("is one line");
    }
  }
});

test("more than a reader can take is refused", () => {
  const parts = Array.from({ length: 30 }, (_, at) => `${at + 1}`);
  const { message } = refusal({ ...whole, refs: { ...whole.refs, transcript: parts } });
  expect(message).toContain("about 15151 of 15000");
});

test("whatever JSON is given, it is a bundle or refused", () => {
  const list = fc.option(fc.array(fc.anything(), { maxLength: 3 }), { nil: undefined });
  const refs = fc.record({ events: list, files: list, transcript: list });
  const any = fc.record({
    title: fc.string(),
    description: fc.string(),
    refs,
  }) as fc.Arbitrary<unknown>;
  fc.assert(
    fc.property(fc.oneof(fc.anything(), any), (written) => {
      try {
        expect(readBundle(written).refs.events.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
  );
});
