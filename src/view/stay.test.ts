// The chosen agent stays chosen, and what is meant for one never goes to others.
import { describe, expect, test } from "bun:test";
import { roomOfEight, stateOf } from "./fixtures/worlds.ts";
import { chosenRow, rowsOf, subjectOf } from "./rows.ts";
import type { State } from "./state.ts";
import { update } from "./update.ts";
import type { World } from "./world.ts";

/** Each word is a key; `"text` types the rest of the word. */
function play(from: State, keys: string): State {
  let state = from;
  const press = (key: string, text: string) => {
    state = update(state, { kind: "key", key, text }).state;
  };
  for (const word of keys.split(" ")) {
    if (word.startsWith('"')) for (const one of word.slice(1)) press(one, one);
    else if (word === "space") press("space", " ");
    else press(word, word.length === 1 ? word : "");
  }
  return state;
}

const room = () => stateOf("agents", { width: 100, height: 30 });
const withWorld = (state: State, world: Partial<World>) =>
  update(state, { kind: "world", world }).state;
const without = (name: string) => roomOfEight().agents.filter((one) => one.name !== name);

function stoppedOf(name: string): World["stopped"] {
  const about = { by: "user", reason: "", tag: "", directory: "/w", canResume: true };
  return [{ name, shown: name, tool: "claude", atMs: 0, ...about }];
}

describe("the chosen agent", () => {
  test("that goes leaves its neighbour chosen", () => {
    const before = play(room(), "down down");
    const ids = rowsOf(before).map((row) => row.id);
    const state = withWorld(play(before, "k y"), { agents: without(ids[2] ?? "") });
    expect(chosenRow(state)?.id).toBe(ids[3]!);
    const last = play(room(), "down down down down down down down");
    expect(chosenRow(withWorld(last, { agents: without(ids[7] ?? "") }))?.id).toBe(ids[6]!);
  });

  test("stays chosen as a stopped one and as a resumed one, in whichever order it is read", () => {
    const before = play(room(), "S down down s y");
    const name = subjectOf(before) ?? "";
    const stopped = stoppedOf(name);
    const between = withWorld(before, { agents: without(name) });
    expect(subjectOf(between)).not.toBe(name);
    const state = withWorld(between, { stopped });
    expect(chosenRow(state)?.id).toBe(`stopped ${name}`);
    const resumed = withWorld(withWorld(play(state, "R"), { stopped: [] }), roomOfEight());
    expect(chosenRow(resumed)?.id).toBe(name);
  });

  test("that was found stays chosen when the filter is dropped", () => {
    const found = play(room(), '/ "miso enter');
    expect(subjectOf(play(found, "esc"))).toBe("miso");
    const chosen = play(room(), "down down");
    expect(subjectOf(play(chosen, '/ "miso esc'))).toBe(subjectOf(chosen)!);
  });
});

test("what is written to one who is stopped is refused, not offered to all", () => {
  const base = stateOf("activity", { width: 100, height: 30 });
  const state = play(
    withWorld(
      { ...base, at: { activity: "#40" } },
      {
        agents: without("luna"),
        stopped: stoppedOf("luna"),
      },
    ),
    "m",
  );
  expect([state.mode.kind, state.notice?.text]).toEqual(["browse", "luna is stopped"]);
});

test("launch begins at its first field and keeps no prompt", () => {
  const sent = play(room(), '7 down down down down down down "go enter');
  expect(sent.jobs).toHaveLength(1);
  const again = play(sent, "7 enter");
  expect([again.jobs.length, again.view, again.form.prompt.text]).toEqual([1, "launch", ""]);
  const left = play(room(), "7 down down down down down down esc 7 enter");
  expect(left.jobs).toEqual([]);
});

test("all that are marked get the tag, and stay marked when a question is left", () => {
  const marked = play(room(), "space space");
  expect(play(marked, "s esc").marked.size).toBe(2);
  expect(play(marked, "s y").marked.size).toBe(0);
  const tagged = play(marked, 't "web enter').jobs.map((job) => job.argv);
  expect(tagged.map((argv) => argv.slice(3))).toEqual([
    ["tag", "web"],
    ["tag", "web"],
  ]);
  expect(tagged.map((argv) => `${argv[2]}`).sort()).toEqual([...marked.marked].sort());
});
