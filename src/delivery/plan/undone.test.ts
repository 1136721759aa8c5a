// Decisions that a locked database stopped half way: what is still done, and what never.
import { expect, test } from "bun:test";
import { decide } from "./decide.ts";
import { type Action, firstState, type Seen, type State, type TypingPush } from "./seen.ts";
import { giveWay } from "./typing.ts";
import { refused, withdrawn } from "./undone.ts";

const text = "<hcom>";
const push: TypingPush = {
  ...{ rung: 0, ids: [1], cursor: 0, since: 0, deadline: 0, isAccepted: false, hookMark: 0 },
  ...{ kind: "typing", text, enterDelayMs: 400 },
  ...{ phase: "render", typedAt: 0, enteredAt: 0, enters: 0 },
};
const typing: State = { ...firstState(1), push };
const status: Action = { kind: "status", status: "active", context: "", detail: "" };
const type: Action = { kind: "type", rung: 0, ids: [1], text };
const typeNothing: Action = { ...type, text: "" };

const cases: [what: string, actions: Action[], owed: Action[], leftover: string | undefined][] = [
  ["a status is owed", [status], [status], undefined],
  ["a push is not", [status, { kind: "push", rung: 0, ids: [1] }], [status], undefined],
  ["text that was not typed is nowhere", [type], [], undefined],
  ["text that waited for Enter is ours", [status, { kind: "enter" }], [status], text],
  ["text that was there already is ours", [typeNothing], [], text],
  ["text that was to be erased is ours", [{ kind: "erase", text }], [], text],
];

for (const [what, actions, owed, leftover] of cases) {
  test(`after a refusal, ${what}`, () => {
    expect(refused(typing, actions)).toMatchObject({ owed, leftover });
  });
}

test("what is owed comes before anything else, once", () => {
  const before = refused(typing, [status]);
  const rules = { gates: {} as never, rungs: [], startTimeoutMs: 0 };
  const step = decide(before, {} as Seen, 0, rules);
  expect(step).toMatchObject({ actions: [status], nextMs: 0, state: { owed: [], push } });
});

test("a key that was refused takes nothing from the draft that is there", () => {
  expect(giveWay(refused(typing, [type]), "my draft", 0).erase).toBe(0);
});

test("text that stood there is still known when its mail has gone another way", () => {
  expect(withdrawn(typing, typeNothing)).toMatchObject({ push: undefined, leftover: text });
  expect(withdrawn(typing, type)).toMatchObject({ push: undefined, leftover: undefined });
});

test("a person who types over a leftover leaves the push on its way", () => {
  const native = { ...push, kind: "native" } as const;
  const state: State = { ...firstState(1), push: native, leftover: text };
  const given = giveWay(state, text, 0);
  expect(given).toMatchObject({ erase: text.length, state: { push: native, leftover: undefined } });
});
