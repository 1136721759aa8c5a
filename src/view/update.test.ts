// What keys do: scripts of keys on a room of eight, and what is asked of the outside.
import { describe, expect, test } from "bun:test";
import { agent, message, roomOfEight, stateOf } from "./fixtures/worlds.ts";
import { actionOf, changedKeys, defaultKeys } from "./keys/keys.ts";
import { plainWords } from "./line.ts";
import { rowsOf } from "./rows.ts";
import { show } from "./show.ts";
import { type Effect, noticed, type State } from "./state.ts";
import { update } from "./update.ts";
import { type ViewName, viewNames } from "./view-name.ts";

interface Played {
  state: State;
  effects: Effect[];
}

/** Each word is a key; `"text` types the rest of the word. */
function play(from: State, keys: string): Played {
  const played: Played = { state: from, effects: [] };
  const press = (key: string, text: string) => {
    const next = update(played.state, { kind: "key", key, text });
    played.state = next.state;
    played.effects.push(...next.effects);
  };
  for (const word of keys.split(" ")) {
    if (word.startsWith('"')) for (const one of word.slice(1)) press(one, one);
    else if (word === "space") press("space", " ");
    else press(word, word.length === 1 ? word : "");
  }
  return played;
}

const room = (view: ViewName = "agents") => stateOf(view, { width: 100, height: 30 });
const argvOf = ({ state }: Played) =>
  state.jobs.map(({ argv, stdin }) => (stdin === undefined ? argv : [...argv, stdin]));

describe("a person's tasks", () => {
  test("the one approval that waits among eight is answered with two keys", () => {
    const { effects } = play(room(), "a y");
    expect(effects).toEqual([
      {
        kind: "answer",
        agent: "nova",
        isYes: true,
        shown: expect.arrayContaining(["  rm -rf build"]),
      },
    ]);
  });

  test("who edited a file is found with two keys, its name and enter", () => {
    const { state, effects } = play(room(), '3 / "src/a.ts enter');
    expect(state.filter.activity).toBe("src/a.ts");
    expect(effects).toEqual([{ kind: "search", text: "src/a.ts" }]);
  });

  test("the newest message is replied to with two keys and the text", () => {
    const played = play(room("talk"), 'r "yes enter');
    expect(argvOf(played)).toEqual([
      ["send", "@nova", "-b", "--go", "--reply-to", "60", "--stdin", "yes"],
    ]);
    expect(played.effects).toEqual([{ kind: "start", job: 1 }]);
  });

  test("why a message did not arrive takes three keys", () => {
    expect(play(room(), "2 up w").state.mode).toEqual({ kind: "why", id: 52, at: 0 });
  });
});

describe("writing", () => {
  test("goes to the chosen agent, or to all that are marked", () => {
    expect(argvOf(play(room(), 'm "hello enter'))).toEqual([
      ["send", "@nova", "-b", "--go", "--stdin", "hello"],
    ]);
    const played = play(room(), 'space space m "x enter');
    expect(argvOf(played)[0]?.filter((word) => word.startsWith("@"))).toHaveLength(2);
  });

  test("to everybody is asked about first, and any other key does not send", () => {
    const asked = play(room(), 'b "hello enter');
    expect(asked.state.mode.kind).toBe("confirm");
    expect(asked.state.jobs).toEqual([]);
    expect(argvOf(play(asked.state, "y"))).toEqual([["send", "-b", "--go", "--stdin", "hello"]]);
    expect(play(asked.state, "esc").state.jobs).toEqual([]);
  });

  test("to everybody is not asked about where nobody is, and the text stays", () => {
    const { state } = update(room(), { kind: "world", world: { agents: [] } });
    const played = play(state, 'b "hello enter').state;
    expect(played.notice?.text).toBe("nobody is here to read it");
    expect(played.mode).toMatchObject({ kind: "write", editor: { text: "hello" } });
  });

  test("a name is completed, lines are kept, the intent is chosen", () => {
    const played = play(room(), 'b "@api-k tab "x alt+enter "y ctrl+t enter');
    expect(argvOf(played)).toEqual([
      ["send", "@api-kira", "-b", "--go", "--intent", "request", "--stdin", "x\ny"],
    ]);
  });

  test("a paste keeps its lines, and what was written before comes back", () => {
    const pasted = update(room(), { kind: "paste", text: "one\r\ntwo" }).state;
    expect(pasted.mode).toMatchObject({ kind: "write", editor: { text: "one\ntwo" } });
    const sent = play(room(), 'm "hello enter').state;
    expect(play(sent, "b up").state.mode).toMatchObject({ editor: { text: "@nova hello" } });
  });
});

describe("what is dangerous", () => {
  test("kill asks, waits five seconds, and can be taken back", () => {
    const asked = play(room(), "k");
    expect(asked.state.mode.kind).toBe("confirm");
    const waits = play(asked.state, "y");
    expect(waits.state.jobs).toMatchObject([{ state: "waiting", argv: ["kill", "nova", "--go"] }]);
    expect(waits.effects.filter((one) => one.kind === "start")).toEqual([]);
    const nowMs = waits.state.world.nowMs + 5000;
    expect(update(waits.state, { kind: "time", nowMs }).effects).toEqual([
      { kind: "start", job: 1 },
    ]);
    const back = play(waits.state, "u").state;
    expect(back.jobs[0]?.state).toBe("taken back");
    expect(update(back, { kind: "time", nowMs }).effects).toEqual([]);
  });

  test("what can be taken back is in sight whatever is said beside it", () => {
    const { state } = play(room(), "1 k y");
    const said = update(state, { kind: "notice", text: "said-meanwhile", tone: "warn" }).state;
    const frame = show(said).lines.map(plainWords).join("\n");
    expect(frame).toContain("said-meanwhile");
    expect(frame).toMatch(/in 5 s.*u takes it back/);
  });

  test("a question is only answered where it is shown", () => {
    const first = play(room(), "y");
    expect(first.effects).toEqual([]);
    expect(first.state.view).toBe("approvals");
    expect(play(first.state, "d").effects).toMatchObject([{ kind: "answer", isYes: false }]);
  });
});

describe("moving", () => {
  test("the chosen agent stays chosen when others come", () => {
    const { state } = play(room(), "down down");
    const chosen = state.at.agents;
    const agents = [agent("aaaa", { status: "active" }), ...roomOfEight().agents];
    expect(update(state, { kind: "world", world: { agents } }).state.at.agents).toBe(chosen);
  });

  test("an agent that gets another name stays chosen, marked and open", () => {
    const { agents } = roomOfEight();
    const [one] = agents;
    const name = one!.name;
    const before = { ...room(), agent: name, at: { agents: name }, marked: new Set([name]) };
    const renamed = agents.map((each) => (each === one ? { ...each, name: "other" } : each));
    const after = update(before, { kind: "world", world: { agents: renamed } }).state;
    expect([after.agent, after.at.agents, ...after.marked]).toEqual(["other", "other", "other"]);
    // Who took the place of one that has gone is another one.
    const replaced = agents.map((each) =>
      each === one ? { ...each, name: "other", session: "another" } : each,
    );
    const gone = update(before, { kind: "world", world: { agents: replaced } }).state;
    const next = rowsOf(before)[rowsOf(before).findIndex((row) => row.id === name) + 1]?.id;
    expect([gone.agent, gone.at.agents, gone.marked.size]).toEqual([name, next, 0]);
  });

  test("at the newest message one stays at the newest", () => {
    const { state } = play(room("talk"), "up down");
    const messages = [...state.world.messages, message(70)];
    const next = update(state, { kind: "world", world: { messages } }).state;
    expect(play(next, "r").state.mode).toMatchObject({ about: { replyTo: 70 } });
  });

  test("unread messages are gone through, oldest first, wherever the reader stands", () => {
    const first = play(room(), "n");
    expect(first.state.at.talk).toBe("#51");
    expect(first.effects).toEqual([{ kind: "read", upTo: 51 }]);
    expect(first.state.world.unread).toBe(1);
    expect(play(first.state, "n").effects).toEqual([{ kind: "read", upTo: 60 }]);
    const below = play(room("talk"), "up down n");
    expect(below.effects).toEqual([{ kind: "read", upTo: 51 }]);
    expect(play(below.state, "n n").state.notice?.text).toBe("nothing unread");
  });

  test("who has waited longest for a person comes first", () => {
    const agents = [
      agent("aaaa", { status: "blocked", sinceMs: 2000 }),
      agent("zzzz", { status: "blocked", sinceMs: 1000 }),
    ];
    const { state } = update(room(), { kind: "world", world: { agents } });
    expect(rowsOf(state).map((row) => row.id)).toEqual(["zzzz", "aaaa"]);
  });

  test("a form is filled in and sent off", () => {
    const played = play(room(), '7 right down right down "api down down down down "go enter');
    expect(argvOf(played)).toEqual([
      ["2", "codex", "--tag", "api", "--no-run-here", "--hcom-prompt", "go"],
    ]);
  });
});

test("a command that failed is said with its words and nothing else changes", () => {
  const { state } = play(room(), 'm "hello enter');
  const done = { kind: "job", job: 1, isGood: false, output: ["Error: no such agent"] } as const;
  const next = update(state, done).state;
  expect(next.notice?.text).toBe("send to nova: Error: no such agent");
  expect({ ...next, notice: undefined, jobs: [] }).toEqual({
    ...state,
    notice: undefined,
    jobs: [],
  });
});

test("keys are changed by the owner; a key has one meaning, and what is no action is told", () => {
  const { table, unknown } = changedKeys(defaultKeys, "kill=K, fly=x, stop=k ctrl+s");
  expect(unknown).toEqual(["fly=x"]);
  expect(actionOf(table, "agents", "K")).toBe("kill");
  expect(actionOf(table, "agents", "k")).toBe("stop");
  expect(actionOf(table, "agents", "ctrl+s")).toBe("stop");
  expect(actionOf(table, "activity", "K")).toBeUndefined();
  const state = { ...room(), keys: table };
  expect(play(state, "K").state.mode.kind).toBe("confirm");
});

test("an action whose key went to another is told", () => {
  expect(changedKeys(defaultKeys, "stop=k").keyless).toEqual(["kill"]);
  expect(changedKeys(defaultKeys, "kill=ctrl+k, stop=ctrl+x").keyless).toEqual([]);
});

test("every action has a key, and no key two meanings in one view", () => {
  for (const view of viewNames) {
    const keys = defaultKeys.filter((one) => one.views?.includes(view) ?? true);
    const all = keys.flatMap((one) => one.keys);
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
  }
});

test("a notice goes when it was there long enough", () => {
  const state = noticed(room(), "copied", "good");
  const nowMs = state.world.nowMs + 3000;
  expect(update(state, { kind: "time", nowMs }).state.notice).toBeUndefined();
});
