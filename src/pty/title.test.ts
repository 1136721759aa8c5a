import { expect, test } from "bun:test";
import { cleanTitle, composeTitle, titleSequence } from "./title.ts";
import { titleFilter } from "./title-filter.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "utf8"));

function run(chunks: string[], drops = true) {
  const filter = titleFilter({ drops });
  const out = chunks.map((chunk) => Buffer.from(filter.push(bytes(chunk))));
  out.push(Buffer.from(filter.flush()));
  return { out: Buffer.concat(out).toString("utf8"), title: filter.title() };
}

const check = (name: string, input: string, out: string, title = "") =>
  test(name, () => {
    expect(run([input])).toEqual({ out, title });
    // The same, whatever way the reads cut it.
    const whole = Buffer.from(input, "utf8");
    for (const size of [1, 2, 3, 7]) {
      const filter = titleFilter({ drops: true });
      const parts: Buffer[] = [];
      for (let at = 0; at < whole.length; at += size) {
        parts.push(Buffer.from(filter.push(new Uint8Array(whole.subarray(at, at + size)))));
      }
      parts.push(Buffer.from(filter.flush()));
      expect(Buffer.concat(parts).toString("utf8")).toBe(out);
      expect(filter.title()).toBe(title);
    }
  });

check("plain text passes", "hello wörld 漢字", "hello wörld 漢字");
check("a title ended by BEL is taken out", "a\x1b]0;My app\x07b", "ab", "My app");
check("a title ended by ST is taken out", "a\x1b]2;My app\x1b\\b", "ab", "My app");
check("an icon name is taken out and is no title", "a\x1b]1;icon\x07b", "ab");
check("the last title counts", "\x1b]0;one\x07x\x1b]2;two\x07", "x", "two");
check(
  "other OSC pass",
  "\x1b]8;;http://x\x07l\x1b]52;c;QQ==\x1b\\",
  "\x1b]8;;http://x\x07l\x1b]52;c;QQ==\x1b\\",
);
check("OSC 10 and 11 pass", "\x1b]10;?\x07\x1b]11;?\x1b\\", "\x1b]10;?\x07\x1b]11;?\x1b\\");
check("an APC query is no title", "\x1b_Gi=31,s=1;AAAA\x1b\\x", "\x1b_Gi=31,s=1;AAAA\x1b\\x");
check("an OSC within a DCS string is text", "\x1bPq]0;no\x1b\\x", "\x1bPq]0;no\x1b\\x");
check("an aborted title passes", "\x1b]0;abc\x18def", "\x1b]0;abc\x18def");
check("a title cut by another sequence passes", "\x1b]0;abc\x1b[1mdef", "\x1b]0;abc\x1b[1mdef");
check("SGR, charsets and SS3 pass", "\x1b[31mr\x1b(B\x1bOA\x1b7", "\x1b[31mr\x1b(B\x1bOA\x1b7");
check("a double ESC is one start", "\x1b\x1b]0;t\x07x", "\x1bx", "t");
check(
  "a title without an end passes after 256 bytes",
  `\x1b]0;${"x".repeat(400)}\x07y`,
  `\x1b]0;${"x".repeat(400)}\x07y`,
);
check("bytes at the end that may become a title are not lost", "x\x1b]0;ab", "x\x1b]0;ab");

test("with titles on, everything passes and the title is known", () => {
  expect(run(["a\x1b]0;T", "itle\x07b"], false)).toEqual({
    out: "a\x1b]0;Title\x07b",
    title: "Title",
  });
});

test("ours may stand only between complete characters and sequences", () => {
  const states = (chunks: (string | Uint8Array<ArrayBuffer>)[]) => {
    const filter = titleFilter({ drops: true });
    return chunks.map((chunk) => {
      filter.push(typeof chunk === "string" ? bytes(chunk) : chunk);
      return filter.isBetween();
    });
  };
  expect(states(["abc", "\x1b", "[", "31", "m"])).toEqual([true, false, false, false, true]);
  expect(states(["\x1b]8;;x", "y\x07"])).toEqual([false, true]);
  expect(states(["\x1bPxx", "\x1b", "\\"])).toEqual([false, false, true]);
  expect(states(["\x1bO", "A", "\x1b(", "B"])).toEqual([false, true, false, true]);
  const wide = bytes("漢");
  expect(states([wide.subarray(0, 1), wide.subarray(1, 2), wide.subarray(2)])).toEqual([
    false,
    false,
    true,
  ]);
});

test("titles are cleaned", () => {
  expect(cleanTitle("  a\tb\u202e\x07  c ")).toBe("a b c");
  expect(cleanTitle("é".repeat(300))).toHaveLength(160);
});

test("labels", () => {
  const label = { icon: "◉", name: "web-luna", tool: "claude", own: "" };
  expect(composeTitle({ ...label, mode: "label" })).toBe("◉ web-luna [claude]");
  expect(composeTitle({ ...label, mode: "combined" })).toBe("◉ web-luna [claude]");
  expect(composeTitle({ ...label, mode: "combined", own: "proj" })).toBe("◉ web-luna - proj");
  expect(composeTitle({ ...label, mode: "off" })).toBeUndefined();
  expect(titleSequence("a\x07b")).toBe("\x1b]1;ab\x07\x1b]2;ab\x07");
});
