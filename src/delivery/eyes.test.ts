import { expect, test } from "bun:test";
import type { Row } from "../pty/screen.ts";
import { isTyping, openEyes } from "./eyes.ts";
import { fakeTool } from "./fixtures/fake-tool.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const rowsOf = (...texts: string[]): Row[] => texts.map((text) => ({ text, dim: [] }));

function watching(args: readonly string[] = []) {
  let now = 10_000;
  let version = 0;
  let rows = rowsOf("❯ ");
  const eyes = openEyes({
    reader: {
      ...fakeTool.screen,
      deaf: (shown) => shown.some((row) => row.text === "away"),
      goesDeaf: (words) => words.includes("--again"),
    },
    args,
    rows: () => rows,
    version: () => version,
    title: () => "",
    nowMs: () => now,
  });
  return {
    eyes,
    pass(ms: number) {
      now += ms;
    },
    show(...texts: string[]) {
      rows = rowsOf(...texts);
      version++;
      eyes.sawOutput();
      return eyes.glance();
    },
  };
}

test("an input that becomes empty or is lost counts as sent", () => {
  const { eyes, show, pass } = watching();
  show("❯ hello");
  pass(100);
  expect(eyes.sinceSubmit()).toBe(Number.POSITIVE_INFINITY);
  show("❯ ");
  pass(70);
  expect(eyes.sinceSubmit()).toBe(70);
});

test("a question that a redraw hides stays until the output rests", () => {
  const { eyes, show, pass } = watching();
  expect(show("Proceed? y").hasApproval).toBe(true);
  pass(50);
  expect(show("❯ ").hasApproval).toBe(true);
  pass(399);
  expect(eyes.glance().hasApproval).toBe(true);
  pass(1);
  expect(eyes.glance().hasApproval).toBe(false);
});

test("under a spinner the question is gone after two seconds, with a key at once", () => {
  const { eyes, show, pass } = watching();
  show("Proceed? y");
  for (let n = 0; n < 19; n++) {
    pass(100);
    expect(show("❯ ", `spin ${n}`).hasApproval).toBe(true);
  }
  pass(100);
  expect(show("❯ ", "spin").hasApproval).toBe(false);
  show("Proceed? y");
  eyes.sawKeys(bytes("y"));
  expect(show("❯ ").hasApproval).toBe(false);
});

test("what a terminal reports by itself is no typing", () => {
  const reports = ["\x1b[I", "\x1b[O", "\x1b[?62;22c", "\x1b[>1;10;0c", "\x1b[12;40R", "\x1b[0n"];
  const strings = ["\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1bP>|kitty\x1b\\", "\x1b_Gi=31;OK\x1b\\"];
  for (const report of [...reports, ...strings, "\x1b[I\x1b[12;40R", "\x1b[?2026;2$y", ""]) {
    expect([report, isTyping(bytes(report))]).toEqual([report, false]);
  }
  for (const key of ["a", "\r", "\x1b", "\x1b[A", "\x1bOA", "\x1b[200~x\x1b[201~", "\x1b[Ix"]) {
    expect([key, isTyping(bytes(key))]).toEqual([key, true]);
  }
});

test("a program that is about to put its box away is deaf until that is over", () => {
  const { eyes, show, pass } = watching(["--again"]);
  show("starting");
  expect(eyes.isDeaf()).toBe(false);
  expect(show("❯ ").hasOverlay).toBe(true);
  pass(1000);
  show("away");
  expect(eyes.isDeaf()).toBe(true);
  expect(show("❯ ").hasOverlay).toBe(false);
  expect(eyes.isDeaf()).toBe(false);
});

test("a box that is not taken away is listened to after all, one of another run at once", () => {
  const { eyes, show, pass } = watching(["--again"]);
  show("❯ ");
  pass(2499);
  expect(eyes.isDeaf()).toBe(true);
  pass(1);
  expect(eyes.isDeaf()).toBe(false);
  const other = watching();
  other.show("❯ ");
  expect(other.eyes.isDeaf()).toBe(false);
});
