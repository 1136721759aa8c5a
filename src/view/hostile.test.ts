// Whatever others wrote: no frame holds a control character, and none is wider than the terminal.
import { expect, test } from "bun:test";
import { stateOf } from "./fixtures/worlds.ts";
import { columns, plainWords } from "./line.ts";
import { show } from "./show.ts";
import type { State } from "./state.ts";
import { update } from "./update.ts";
import { viewNames } from "./view-name.ts";

/** The same strings in every run. */
function bytesFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % 256;
  };
}

const pieces = [
  ...["\x1b[31m", "\x1b]0;x\x07", "\x1b[2J", "\u202e", "\u2066", "\u200f", "\r", "\t", "\n", "\0"],
  ...[
    "日本",
    "👩‍👩‍👧",
    "e\u0301\u0301\u0301",
    "\ud83d",
    "\udc00",
    "\u2028",
    "\ufeff",
    "\u00ad",
    "\x9b31m",
  ],
];

function strings(count: number): string[] {
  const next = bytesFrom(17);
  return Array.from({ length: count }, () => {
    const bytes = Uint8Array.from({ length: next() % 60 }, () => next());
    const text = new TextDecoder().decode(bytes);
    const latin = String.fromCharCode(...bytes.subarray(0, 20));
    return [text, pieces[next() % pieces.length], latin, pieces[next() % pieces.length]].join("");
  });
}

function hostile(state: State, text: string): State {
  const { agents, messages, activity, channels, settings, screens, relay } = state.world;
  const screen = { name: "nova", lines: [text, text.repeat(4)], question: true, problem: "" };
  const world = {
    agents: agents.map((one, at) =>
      at > 1 ? one : { ...one, shown: text, directory: text, tag: text, description: text },
    ),
    messages: messages.map((one) => ({ ...one, text, from: text, audience: text, thread: text })),
    activity: activity.map((one) => ({ ...one, who: [text], what: [text] })),
    channels: channels.map((one) => ({ ...one, name: text, members: [text] })),
    settings: settings.map((one) => ({ ...one, value: text, about: text })),
    agentSettings: { name: "nova", settings: settings.map((one) => ({ ...one, value: text })) },
    relay: relay && {
      ...{ ...relay, broker: text, health: text, problems: [text], fingerprint: text },
      devices: relay.devices.map((one) => ({ ...one, short: text, clock: text })),
    },
    screens: new Map([...screens, ["nova", screen]]),
    problem: text,
  };
  return update(state, { kind: "world", world }).state;
}

test("1,000 random strings as name, message, screen: every frame stays in its place", () => {
  const widths = [30, 60, 80, 137];
  for (const [at, text] of strings(1000).entries()) {
    const width = widths[at % widths.length] ?? 80;
    const view = viewNames[at % viewNames.length] ?? "talk";
    const state = hostile(stateOf(view, { width, height: 20 }), text);
    const typed = update({ ...state, mode: { kind: "browse" } }, { kind: "paste", text }).state;
    for (const one of [state, typed, { ...state, mode: { kind: "why", id: 52, at: 0 } as const }]) {
      const frame = show(one);
      expect(frame.lines.length).toBe(20);
      for (const line of frame.lines) {
        const shown = plainWords(line);
        expect([JSON.stringify(text), columns([shown])]).toEqual([JSON.stringify(text), width]);
        expect(shown).not.toMatch(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
        expect(shown.isWellFormed()).toBe(true);
      }
    }
  }
}, 60_000);
