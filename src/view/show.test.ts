// Frames of a room of eight: every view at four sizes, and what must hold for all of them.
import { describe, expect, test } from "bun:test";
import { roomOfEight, stateOf } from "./fixtures/worlds.ts";
import { columns } from "./line.ts";
import { type Look, painted } from "./paint.ts";
import { hasteOf, show } from "./show.ts";
import { update } from "./update.ts";
import { viewNames } from "./view-name.ts";

process.env["TZ"] = "UTC";

const sizes = [
  { width: 60, height: 15 },
  { width: 80, height: 24 },
  { width: 120, height: 40 },
  { width: 200, height: 50 },
];
const plain: Look = { palette: "none", isLight: false, isAscii: false };
const looks: Readonly<Record<string, Look>> = {
  dark: { ...plain, palette: "256" },
  light: { ...plain, palette: "256", isLight: true },
  "sixteen colours": { ...plain, palette: "16" },
};

describe("frames", () => {
  for (const size of sizes) {
    const name = `${size.width}x${size.height}`;
    for (const view of viewNames) {
      test(`${view} at ${name}`, () => {
        const frame = show(stateOf(view, size));
        expect(frame.lines.length).toBe(size.height);
        for (const line of frame.lines) expect(columns(line.parts)).toBe(size.width);
        expect(painted(frame, plain).join("\n")).toMatchSnapshot();
      });
    }
  }
  for (const [name, look] of Object.entries(looks)) {
    for (const view of viewNames) {
      test(`${view} in ${name}`, () => {
        const lines = painted(show(stateOf(view, { width: 80, height: 24 })), look);
        expect(lines.map((line) => JSON.stringify(line)).join("\n")).toMatchSnapshot();
      });
    }
  }
});

test("without UTF-8 a frame holds ASCII alone and is as wide as before", () => {
  const frame = show(stateOf("agents", { width: 80, height: 24 }));
  const lines = painted(frame, { ...plain, palette: "16", isAscii: true });
  for (const line of lines) expect(Bun.stringWidth(line)).toBe(80);
  expect(lines.join("\n")).toMatch(/^[\x1b\x20-\x7e\n]*$/);
});

test("without colour nothing but text is written, and the chosen line has its sign", () => {
  const lines = painted(show(stateOf("agents", { width: 80, height: 24 })), plain);
  expect(lines.join("")).not.toContain("\x1b");
  expect(lines.find((line) => line.startsWith("❯"))).toContain("nova");
});

test("colours add nothing to the words and take nothing away, at every size", () => {
  for (const size of sizes) {
    for (const view of viewNames) {
      const frame = show(stateOf(view, size));
      const words = painted(frame, plain);
      for (const look of Object.values(looks)) {
        const stripped = painted(frame, look).map((line) => Bun.stripANSI(line).trimEnd());
        expect(stripped).toEqual(words);
      }
    }
  }
});

test("messages are drawn at once, what only happens where it is listed, and gathered", () => {
  const { activity, messages } = roomOfEight();
  const at = (view: (typeof viewNames)[number]) => stateOf(view, { width: 80, height: 24 });
  expect(hasteOf(at("activity"), { activity })).toBe("soon");
  expect(hasteOf(at("talk"), { activity })).toBe("never");
  for (const view of viewNames) expect(hasteOf(at(view), { activity, messages })).toBe("now");
});

test("a list that is narrowed by words says so, and how one comes back", () => {
  for (const view of ["agents", "talk", "activity", "channels", "settings"] as const) {
    const state = { ...stateOf(view, { width: 80, height: 24 }), filter: { [view]: "zzz" } };
    const frame = painted(show(state), plain).join("\n");
    expect(frame).toContain('only with "zzz"  esc shows all');
    const elsewhere = painted(show({ ...state, view: "relay" }), plain).join("\n");
    expect(elsewhere).not.toContain("only with");
  }
});

test("a terminal that is too small says how large it must be", () => {
  const state = stateOf("agents", { width: 20, height: 5 });
  const frame = show(state);
  expect(frame.lines.length).toBe(5);
  expect(painted(frame, plain).join("\n")).toContain("30x8 at least");
});

test("ages go on without anything being read", () => {
  const state = stateOf("agents", { width: 80, height: 24 });
  const later = update(state, { kind: "time", nowMs: state.world.nowMs + 120_000 }).state;
  expect(painted(show(state), plain).join("\n")).toContain("1m in a turn: Bash");
  expect(painted(show(later), plain).join("\n")).toContain("3m in a turn: Bash");
});

test("a log that does not answer is said, and what was read stays", () => {
  const state = stateOf("agents", { width: 80, height: 24 });
  const world = { ...roomOfEight(), problem: "the database is locked" };
  const frame = painted(show(update(state, { kind: "world", world }).state), plain).join("\n");
  expect(frame).toContain("the database is locked");
  expect(frame).toContain("luna");
});
