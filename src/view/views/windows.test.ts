// What lies over a view: nothing of it is out of reach, and what is missing is told.
import { expect, test } from "bun:test";
import { stateOf } from "../fixtures/worlds.ts";
import { hintsOf } from "../keys/hints.ts";
import { plainWords } from "../line.ts";
import { show } from "../show.ts";
import type { Job, State } from "../state.ts";
import { update } from "../update.ts";

const press = (state: State, key: string) => update(state, { kind: "key", key, text: "" }).state;
const words = (state: State) => show(state).lines.map(plainWords).join("\n");

const job = (id: number): Job => ({
  ...{ id, label: `job-${id}-`, argv: [], stdin: undefined, isSecret: false, atMs: 0 },
  ...{ state: "done", output: Array.from({ length: 9 }, (_, at) => `line ${at}`) },
});

const opened: Readonly<Record<string, (size: { width: number; height: number }) => State>> = {
  help: (size) => press(stateOf("agents", size), "?"),
  jobs: (size) => {
    const jobs = Array.from({ length: 30 }, (_, at) => job(at + 1));
    return press({ ...stateOf("agents", size), jobs }, "J");
  },
};

for (const [name, open] of Object.entries(opened)) {
  test(`${name}: how much is below is told, and the end is reached`, () => {
    for (const size of [
      { width: 40, height: 10 },
      { width: 60, height: 15 },
      { width: 120, height: 40 },
    ]) {
      let state = open(size);
      expect(words(state)).toMatch(/\d+ more below/);
      expect(hintsOf(state)).toContainEqual({ keys: ["down"], does: "scroll" });
      const seen = new Set<string>();
      for (let n = 0; n < 400 && !words(state).includes("the end"); n++) {
        for (const line of words(state).split("\n")) seen.add(line.trim());
        const next = press(state, "down");
        expect(words(next)).not.toBe(words(state));
        state = next;
      }
      expect(words(state)).toContain("the end");
      // At the end nothing is left that a key would have to go through to come back.
      const last = words(state);
      expect(words(press(press(state, "down"), "up"))).not.toBe(last);
      if (name === "jobs") {
        for (let n = 2; n <= 30; n++)
          expect([...seen].some((one) => one.includes(`job-${n}-`))).toBe(true);
      }
    }
  });
}

test("of what a command printed the rest is counted", () => {
  const state = { ...stateOf("agents", { width: 80, height: 40 }), jobs: [job(1)] };
  expect(words(press(state, "J"))).toContain("3 more lines");
});

test("where everything is in sight nothing scrolls", () => {
  const state = press(stateOf("agents", { width: 120, height: 100 }), "?");
  expect(words(state)).not.toContain("more below");
  expect(hintsOf(state)).toEqual([{ keys: ["any other key"], does: "close" }]);
});
