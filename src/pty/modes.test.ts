import { expect, test } from "bun:test";
import { openScreen } from "./screen.ts";

async function after(text: string) {
  const done = Promise.withResolvers<void>();
  const screen = await openScreen({ cols: 40, rows: 10, onChange: done.resolve });
  screen.feed(new TextEncoder().encode(text));
  await done.promise;
  const show = (sequences: string) => sequences.replaceAll("\x1b[", " ").trim();
  return { off: show(screen.modes.off()), on: show(screen.modes.on()) };
}

test("an untouched terminal is left as it is, but for colours", async () => {
  expect(await after("hello")).toEqual({ off: "?2026l 0m", on: "" });
});

test("what is on goes off and comes on again", async () => {
  const { off, on } = await after("\x1b[?2004;1004h\x1b[?25l\x1b[>4;2m");
  expect(off).toBe("?2026l ?2004l ?1004l >4m ?25h 0m");
  expect(on).toBe(">4;2m ?2004h ?1004h ?25l");
});

test("what the program switched off itself stays off", async () => {
  const { off, on } = await after("\x1b[?2004h\x1b[?25l\x1b[?1049h\x1b[?2004l\x1b[?25h\x1b[?1049l");
  expect([off, on]).toEqual(["?2026l 0m", ""]);
});

test("each screen has a keyboard stack of its own", async () => {
  const { off, on } = await after("\x1b[>1u\x1b[?1049h\x1b[>7u\x1b[>5u\x1b[<u");
  expect(off).toBe("?2026l 0m <1u ?1049l <1u");
  expect(on).toBe(">1u ?1049h >7u");
});
