// What is typed in the composer: whom it is for, completed as far as it is clear, and the command it
// becomes.
import { describe, expect, test } from "bun:test";
import { roomOfEight, stateOf } from "../fixtures/worlds.ts";
import { textOfKey } from "../keys/hints.ts";
import { plainWords } from "../line.ts";
import { show } from "../show.ts";
import type { State } from "../state.ts";
import { update } from "../update.ts";

const room = stateOf("agents", { width: 100, height: 30 });

function keys(from: State, ...pressed: string[]): State {
  return pressed.reduce(
    (state, key) => update(state, { kind: "key", key, text: textOfKey(key) }).state,
    from,
  );
}

const writing = (text: string) => update(keys(room, "b"), { kind: "paste", text }).state;
const textOf = ({ mode }: State) => ("editor" in mode ? mode.editor.text : "");
const completed = (text: string) => textOf(keys(writing(text), "tab"));

/** The last command: its words and what it is given to read. */
function said(text: string): readonly unknown[] {
  const { jobs } = keys(writing(text), "enter");
  return [...(jobs.at(-1)?.argv ?? []), jobs.at(-1)?.stdin];
}

describe("completing", () => {
  test("agents, tags, channels and threads, as far as it is clear", () => {
    expect(completed("@lu")).toBe("@luna ");
    expect(completed("hello @api-k")).toBe("hello @api-kira ");
    expect(completed("#bu")).toBe("#build ");
    expect(completed("@luna thread:rel")).toBe("@luna thread:release ");
    expect(completed("no sign")).toBe("no sign");
  });

  test("tells what fits where nothing more is clear", () => {
    const state = keys(writing("@api-"), "tab");
    expect(textOf(state)).toBe("@api-");
    expect(state.notice?.text).toBe("api-  api-kira  api-vela");
  });

  test("asks the outside for files, and takes them if the same is still typed", () => {
    const state = writing("see ./src/v");
    const { effects } = update(state, { kind: "key", key: "tab", text: "" });
    expect(effects).toEqual([{ kind: "files", begun: "./src/v" }]);
    const found = { kind: "files", begun: "./src/v", paths: ["./src/view/"] } as const;
    expect(textOf(update(state, found).state)).toBe("see ./src/view/");
    const one = { kind: "files", begun: "./src/v", paths: ["./src/view.ts"] } as const;
    expect(textOf(update(state, one).state)).toBe("see ./src/view.ts ");
    const more = update(writing("see ./src/vie"), found).state;
    expect(textOf(more)).toBe("see ./src/vie");
  });
});

describe("what is sent", () => {
  test("names in front are whom it is for, with a thread", () => {
    expect(said("@luna thread:release go on")).toEqual([
      ...["send", "@luna", "-b", "--go", "--thread", "release", "--stdin"],
      "go on",
    ]);
  });

  test("a channel in front is where it is said; a sign that names none is said", () => {
    expect(said("#build it is green")).toEqual(["channel", "send", "1", "--stdin", "it is green"]);
    expect(said("@luna #12 is fixed").at(-1)).toBe("#12 is fixed");
  });

  test("a text of any length is no argument of a program", () => {
    const text = `@luna ${"long ".repeat(40_000)}end`;
    const words = said(text).slice(0, -1);
    expect(words.join(" ").length).toBeLessThan(100);
    expect(said(text).at(-1)).toContain("end");
  });
});

describe("what is asked for in a line", () => {
  const run = (state: State) => keys(state, "enter").jobs.at(-1);
  const type = (state: State, text: string) => keys(state, ...text);

  test("another name of an agent", () => {
    const state = keys(room, "N", "ctrl+u", ..."vera");
    expect(run(state)?.argv).toEqual(["rename", "nova", "vera"]);
  });

  test("a setting of one agent, in its own list", () => {
    const own = keys(stateOf("agent", { width: 100, height: 30 }), "v", "v", "v", "v");
    const frame = show(own).lines.map(plainWords).join("\n");
    expect(frame).toContain("answer in German  [its own]");
    const state = type(keys(own, "down", "enter", "ctrl+u"), "be brief");
    expect(run(state)?.argv).toEqual(["config", "-i", "nova", "hints", "be brief"]);
  });

  test("the token of a group is neither shown nor an argument", () => {
    const { relay } = roomOfEight();
    const world = { relay: { ...relay!, isInGroup: false } };
    const alone = update(stateOf("relay", { width: 100, height: 30 }), { kind: "world", world });
    const state = type(keys(alone.state, "C"), "secret");
    const frame = show(state).lines.map(plainWords).join("\n");
    expect(frame).toContain("token of the group: ******");
    expect(frame).not.toContain("secret");
    expect(run(state)).toMatchObject({ argv: ["relay", "connect", "-"], stdin: "secret" });
  });

  test("what making a group prints is not kept: the token stands in it", () => {
    const { relay } = roomOfEight();
    const world = { relay: { ...relay!, isInGroup: false } };
    const alone = update(stateOf("relay", { width: 100, height: 30 }), { kind: "world", world });
    const own = type(keys(alone.state, "N"), "mqtts://own:1");
    expect(run(own)?.argv).toEqual(["relay", "new", "--broker", "mqtts://own:1"]);
    const made = keys(alone.state, "N", "enter");
    expect(made.jobs.at(-1)?.argv).toEqual(["relay", "new"]);
    const output = ["On other devices: hcom relay connect TOKEN-OF-ALL"];
    const done = update(made, { kind: "job", job: 1, isGood: true, output }).state;
    const shown = show({ ...done, mode: { kind: "jobs", at: 0 } }).lines.map(plainWords);
    expect(shown.join("\n")).toContain("make a group: done");
    expect(JSON.stringify([done.notice, done.jobs])).not.toContain("TOKEN-OF-ALL");
  });
});

test("a reset asks, waits five seconds, and can be taken back", () => {
  const asked = keys(stateOf("settings", { width: 100, height: 30 }), "X");
  expect(asked.mode.kind).toBe("confirm");
  const waits = keys(asked, "y");
  expect(waits.jobs).toMatchObject([{ state: "waiting", argv: ["reset", "--go"] }]);
  expect(keys(waits, "u").jobs[0]?.state).toBe("taken back");
});
