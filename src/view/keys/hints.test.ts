// Every key that is shown does what it says, in every state: pressed on the model, and what came of
// it compared with the word beside it.
import { describe, expect, test } from "bun:test";
import { roomOfEight, stateOf } from "../fixtures/worlds.ts";
import { plainWords } from "../line.ts";
import { painted } from "../paint.ts";
import { rowsOf } from "../rows.ts";
import { show } from "../show.ts";
import { groupings, panes, type State, type Updated } from "../state.ts";
import { update } from "../update.ts";
import { viewNames } from "../view-name.ts";
import { anyOther, type Hint, hintsOf, textOfKey } from "./hints.ts";
import { changedKeys, defaultKeys } from "./keys.ts";

const size = { width: 200, height: 24 };

/** Each word is a key; `"text` types the rest of the word. */
function play(from: State, keys: string): State {
  let state = from;
  const press = (key: string) => {
    state = update(state, { kind: "key", key, text: textOfKey(key) }).state;
  };
  for (const word of keys.split(" ").filter((one) => one !== "")) {
    if (word.startsWith('"')) [...word.slice(1)].forEach(press);
    else press(word);
  }
  return state;
}

/** Every view, empty and full, at each of its rows, with what can be open in it. */
function states(): { name: string; state: State }[] {
  const all: { name: string; state: State }[] = [];
  const { relay } = roomOfEight();
  if (relay === undefined) throw new Error("there is no relay");
  for (const view of viewNames) {
    const full = stateOf(view, size);
    const stopped = { name: "gone", shown: "gone", tool: "claude", atMs: 0, by: "", reason: "" };
    const world = {
      ...roomOfEight(),
      stopped: [{ ...stopped, tag: "", directory: "", canResume: true }],
    };
    const empty = { ...full, world: { ...full.world, agents: [], messages: [], activity: [] } };
    all.push({ name: `${view}, empty`, state: empty });
    const alone = { ...full, world: { ...full.world, relay: { ...relay, isInGroup: false } } };
    const off = { ...full, world: { ...full.world, relay: { ...relay, isEnabled: false } } };
    all.push({ name: `${view}, out of the group`, state: off });
    for (const keys of ["", "C", 'C "x', "N"]) {
      all.push({ name: `${view}, in no group, ${keys}`, state: play(alone, keys) });
    }
    const begun = update({ ...full, showsStopped: true }, { kind: "world", world }).state;
    for (let row = 0; row < 9; row++) {
      const at = play(play(begun, "home"), "down ".repeat(row));
      all.push({ name: `${view}, row ${row}`, state: at });
      for (const keys of [
        ...["m", "r", 'b "x', "b", "/", '/ "x', "t", "i", 'i "x', "k", "?", "? down", "w", "J"],
        ...[
          "S",
          "v",
          "v v",
          "v v v v",
          "v v v v enter",
          "N",
          'N "x',
          "O",
          "Y",
          "X",
          "enter",
          "k y",
          "s y",
          "space",
          "K",
          "g",
          "T",
          "A",
          "tab",
          "right",
        ],
        ...['b "@api-k', 'm "hello enter m up', 'b "@api- ctrl+t'],
      ]) {
        all.push({ name: `${view}, row ${row}, ${keys}`, state: play(at, keys) });
      }
    }
  }
  return all;
}

type Check = (before: State, after: Updated, hint: Hint) => boolean;

const runs = (word: string): Check => {
  return (_, { state }) => state.jobs.at(-1)?.argv.includes(word) === true;
};
const asks = (word: string): Check => {
  return (_, { state: { mode } }) =>
    mode.kind === "confirm" && /^\w+/.exec(mode.lines[0] ?? "")?.[0] === word;
};
const opens = (kind: State["mode"]["kind"]): Check => {
  return (_, { state }) => state.mode.kind === kind;
};
const effect = (kind: string): Check => {
  return (_, { effects }) => effects.some((one) => one.kind === kind);
};
const typed = (state: State) => ("editor" in state.mode ? state.mode.editor.text : undefined);

/** By the words that a hint may have. */
const checks: Readonly<Record<string, Check>> = {
  open: (_, { state }) => state.view === "agent",
  "say something": (_, { state }) =>
    state.mode.kind === "write" && state.mode.about.channel !== undefined,
  change: (_, { state }) => state.mode.kind === "ask" && state.mode.asked.kind === "setting",
  launch: (before, { state }) =>
    before.view === "launch"
      ? state.jobs.at(-1)?.label.startsWith("launch") === true
      : state.view === "launch",
  "next field": (before, { state }) => state.form.at === before.form.at + 1,
  "field before": (before, { state }) => state.form.at === before.form.at - 1,
  less: (before, { state }) => state.form !== before.form && state.form.at === before.form.at,
  more: (before, { state }) => state.form !== before.form && state.form.at === before.form.at,
  allow: (_, { effects }) => effects.some((one) => one.kind === "answer" && one.isYes),
  deny: (_, { effects }) => effects.some((one) => one.kind === "answer" && !one.isYes),
  answer: (_, { state }) => state.view === "approvals",
  write: opens("write"),
  "to all": (_, { state }) => state.mode.kind === "write" && typed(state) === "",
  reply: (_, { state }) => state.mode.kind === "write" && state.mode.about.replyTo !== undefined,
  ack: (_, { state }) => state.jobs.at(-1)?.argv.includes("ack") === true,
  why: opens("why"),
  "next unread": effect("read"),
  type: opens("type"),
  stop: asks("stop"),
  kill: asks("kill"),
  fork: runs("fork"),
  resume: runs("resume"),
  tag: (_, { state }) => state.mode.kind === "ask" && state.mode.asked.kind === "tag",
  rename: (_, { state }) => state.mode.kind === "ask" && state.mode.asked.kind === "name",
  reset: asks("reset"),
  "make a group": (_, { state }) => state.mode.kind === "ask" && state.mode.asked.kind === "broker",
  "make it": (_, { state }) => state.jobs.at(-1)?.isSecret === true,
  "join one": (_, { state }) => state.mode.kind === "ask" && state.mode.asked.kind === "token",
  on: runs("on"),
  off: runs("off"),
  "copy token": (_, { state: { mode } }) =>
    mode.kind === "confirm" && mode.effects.some((one) => one.kind === "copy-token"),
  "its terminal": effect("pane"),
  mark: (before, { state }) => state.marked.size !== before.marked.size,
  stopped: (_, { state }) => state.showsStopped,
  "hide stopped": (_, { state }) => !state.showsStopped,
  thread: (_, { state }) => state.filter.talk?.startsWith("thread:") === true,
  kinds: (before, { state }) => state.kinds !== before.kinds,
  edit: effect("edit"),
  find: (before, { state }) =>
    state.mode.kind === "filter" && rowsOf(play(state, '"zzz')).length < rowsOf(before).length + 1,
  copy: effect("copy"),
  undo: (_, { state }) => state.jobs.some((job) => job.state === "taken back"),
  jobs: opens("jobs"),
  back: (before, { state }) =>
    state.view !== before.view || state.filter !== before.filter || state.marked.size === 0,
  help: opens("help"),
  quit: effect("quit"),
  send: (_, { state }) => state.mode.kind === "confirm" || state.jobs.length > 0,
  complete: (before, { state }) => typed(state)?.startsWith(typed(before) ?? "-") === true,
  "new line": (_, { state }) => typed(state)?.includes("\n") === true,
  intent: (before, { state }) =>
    state.mode.kind === "write" &&
    before.mode.kind === "write" &&
    state.mode.about.intent !== before.mode.about.intent,
  leave: opens("browse"),
  keep: (before, { state }) =>
    state.filter[state.view] === typed(before) && !("editor" in state.mode),
  "look through the whole log": effect("search"),
  "as before": opens("browse"),
  set: (_, { state }) => ["config", "rename"].includes(state.jobs.at(-1)?.argv[0] ?? ""),
  join: (_, { state }) => state.jobs.at(-1)?.stdin === "x",
  "leave its terminal": opens("browse"),
  "press enter there": effect("type"),
  "type it there": effect("type"),
  scroll: (before, { state }) =>
    state.mode.kind === "help" && before.mode.kind === "help" && state.mode.at !== before.mode.at,
  "do it": (before, { state }) => before.mode.kind === "confirm" && state.mode.kind === "browse",
  "do not": (before, { state }) => state.mode.kind === "browse" && state.jobs === before.jobs,
  close: opens("browse"),
};

function checkFor(does: string): Check | undefined {
  const pane = panes.find((one) => one === does);
  if (pane !== undefined) return (_, { state }) => state.pane === pane;
  const grouping = groupings.find((one) => does === `by ${one}`);
  if (grouping !== undefined) return (_, { state }) => state.grouping === grouping;
  if (does.startsWith("only ")) return (before, { state }) => state.filter !== before.filter;
  return checks[does];
}

describe("keys that are shown", () => {
  test("do what they say, in every state, and none does nothing", () => {
    const said = new Set<string>();
    for (const { name, state } of states()) {
      for (const hint of hintsOf(state)) {
        for (const shown of hint.keys) {
          const key = shown === anyOther ? "f12" : shown;
          const after = update(state, { kind: "key", key, text: textOfKey(key) });
          const isTrue = checkFor(hint.does)?.(state, after, hint);
          expect([name, key, hint.does, isTrue]).toEqual([name, key, hint.does, true]);
          said.add(hint.does);
        }
      }
    }
    // What no state of these shows would be tested by nothing.
    expect(Object.keys(checks).filter((word) => !said.has(word))).toEqual([]);
  });

  test("are not letters while a field of the form is typed into", () => {
    const tag = play(stateOf("launch", size), "down down");
    const keys = hintsOf(tag).flatMap((one) => one.keys);
    expect(keys.filter((key) => textOfKey(key) !== "")).toEqual([]);
    expect(keys).toEqual(expect.arrayContaining(["enter", "f1", "ctrl+c"]));
    expect(play(tag, "q").form.tag.text).toBe("q");
  });

  test("are those that the owner chose", () => {
    const { table } = changedKeys(defaultKeys, "kill=K, help=h");
    const hints = hintsOf({ ...stateOf("agents", size), keys: table });
    expect(hints).toContainEqual({ keys: ["K"], does: "kill" });
    expect(hints).toContainEqual({ keys: ["h"], does: "help" });
  });

  test("are all in sight on a wide screen, help and leaving on every one", () => {
    const look = { palette: "none", isLight: false, isAscii: false } as const;
    for (const view of viewNames) {
      const state = stateOf(view, { width: 260, height: 20 });
      const footer = plainWords(show(state).lines.at(-1)!);
      for (const { keys, does } of hintsOf(state)) {
        expect(footer).toContain(`${keys.join(" ")} ${does}`);
      }
      for (const width of [40, 60, 80]) {
        const narrow = painted(show({ ...state, width }), look).at(-1);
        expect(narrow).toContain(" help");
        expect(narrow).toContain(" quit");
      }
    }
  });
});

test("where tabs do not all fit, what counts is told in short, and nothing is cut", () => {
  for (const width of [30, 40, 50, 60, 70, 80, 100, 120]) {
    for (const view of viewNames) {
      const [head] = painted(show(stateOf(view, { width, height: 20 })), {
        ...{ palette: "none", isLight: false, isAscii: false },
      });
      expect(head).not.toContain("…");
      expect(head).toMatch(/\[\d \w+\]/);
    }
  }
});
