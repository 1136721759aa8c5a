import { expect, test } from "bun:test";
import { openScreen } from "./screen.ts";

async function shown(text: string | Uint8Array, size = { cols: 20, rows: 4 }) {
  const answers: string[] = [];
  const changed = Promise.withResolvers<void>();
  const screen = await openScreen({
    ...size,
    onChange: () => changed.resolve(),
    onAnswer: (answer) => answers.push(answer),
  });
  screen.feed(typeof text === "string" ? new TextEncoder().encode(text) : text);
  await changed.promise;
  return { screen, answers, texts: screen.rows().map((row) => row.text) };
}

test("rows are the visible text without blanks at the right", async () => {
  const { texts } = await shown("one  \r\n\x1b[3;2Htwo");
  expect(texts).toEqual(["one", "", " two", ""]);
});

test("dim cells are flagged, unit by unit of the text", async () => {
  const { screen } = await shown("› \x1b[2mTry\x1b[22m x");
  const [row] = screen.rows();
  expect(row?.text).toBe("› Try x");
  expect(row?.dim.map((dim) => (dim ? "d" : ".")).join("")).toBe("..ddd..");
});

test("wide and combined characters keep text and flags aligned", async () => {
  const { screen } = await shown("漢\x1b[2m😀\x1b[0me\u0301!");
  const [row] = screen.rows();
  expect(row?.text).toBe("漢😀e\u0301!");
  expect(row?.dim).toEqual([false, true, true, false, false, false]);
});

test("nothing scrolls away but the rows at the bottom", async () => {
  const { texts } = await shown(Array.from({ length: 50 }, (_, n) => `line ${n}`).join("\r\n"));
  expect(texts).toEqual(["line 46", "line 47", "line 48", "line 49"]);
});

test("the alternate buffer is what is shown, and it is left again", async () => {
  expect((await shown("main\x1b[?1049h\x1b[Hother")).screen.isAlternate()).toBe(true);
  const back = await shown("main\x1b[?1049h\x1b[Hother\x1b[?1049l");
  expect(back.screen.isAlternate()).toBe(false);
  expect(back.texts[0]).toBe("main");
});

test("questions about the terminal are answered", async () => {
  const { answers } = await shown("ab\x1b[6n\x1b[c");
  expect(answers[0]).toBe("\x1b[1;3R");
  expect(answers[1]).toStartWith("\x1b[?");
});

test("garbage, wide characters at the edge and resizes leave it working", async () => {
  let seed = 7;
  const noise = new Uint8Array(200_000).map(() => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % 5 === 0 ? 0x1b : seed >> 8;
  });
  const { screen } = await shown(noise, { cols: 7, rows: 3 });
  screen.feed(new TextEncoder().encode("漢字漢字漢字"));
  for (const cols of [1, 2, 3, 80, 1, 5]) screen.resize(cols, 2);
  screen.feed(new TextEncoder().encode("\x18\x1b\\\x1bc\x1b[2J\x1b[Hok"));
  while (screen.rows()[0]?.text !== "ok") await new Promise((r) => setTimeout(r, 1));
});

test("a flood restarts the model instead of filling the memory", async () => {
  const { screen } = await shown("x");
  for (let n = 0; n < 200; n++) screen.feed(new Uint8Array(100_000).fill(0x61));
  screen.feed(new TextEncoder().encode("\x1b[2J\x1b[Hlast"));
  while (screen.rows()[0]?.text !== "last") await new Promise((r) => setTimeout(r, 1));
});
