// Clicks: whatever is shown can be pointed at, and means what its key means.
import { expect, test } from "bun:test";
import { stateOf } from "./fixtures/worlds.ts";
import { plainWords } from "./line.ts";
import { pointedAt } from "./pointed.ts";
import { show } from "./show.ts";
import type { State } from "./state.ts";
import { update } from "./update.ts";
import { viewNames } from "./view-name.ts";

const size = { width: 120, height: 24 };

/** The place of these words in the frame, in columns. */
function placeOf(state: State, words: string): { x: number; y: number } {
  const lines = show(state).lines.map(plainWords);
  const y = lines.findIndex((line) => line.includes(words));
  return { x: Bun.stringWidth(lines[y]!.slice(0, lines[y]!.indexOf(words))), y };
}

function clicked(state: State, words: string): State {
  const { x, y } = placeOf(state, words);
  const signal = pointedAt(state, x, y);
  return signal === undefined ? state : update(state, signal).state;
}

test("a view is opened by its name on top, or by its number", () => {
  const state = stateOf("agents", { width: 200, height: 24 });
  expect(clicked(state, "Talk").view).toBe("talk");
  expect(clicked(stateOf("talk", { width: 60, height: 15 }), "6").view).toBe("channels");
});

test("a row is chosen by one click and opened by the next", () => {
  const once = clicked(stateOf("agents", { width: 100, height: 24 }), "luna");
  expect(once.at.agents).toBe("luna");
  expect(once.view).toBe("agents");
  const twice = clicked(once, "luna");
  expect(twice).toMatchObject({ view: "agent", agent: "luna" });
});

test("any line of a message chooses it", () => {
  expect(clicked(stateOf("talk", size), "src/a.ts, please").at.talk).toBe("#52");
});

test("a key at the bottom is pressed by a click on it", () => {
  const state = stateOf("agents", size);
  expect(clicked(state, "m write").mode.kind).toBe("write");
  expect(clicked(state, "? help").mode.kind).toBe("help");
  const asked = clicked(state, "k kill");
  expect(asked.mode.kind).toBe("confirm");
});

test("where somebody types or is asked, rows are not changed behind it", () => {
  const state = clicked(stateOf("agents", size), "m write");
  expect(clicked(state, "luna")).toEqual(state);
});

test("nothing is hit outside of the frame, and nothing there is wrong", () => {
  for (const view of viewNames) {
    const state = stateOf(view, size);
    for (const [x, y] of [
      [-1, -1],
      [500, 500],
      [0, 23],
    ] as const) {
      expect(() => pointedAt(state, x, y)).not.toThrow();
    }
  }
});
