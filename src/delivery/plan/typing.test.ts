// Whose characters stand in the input box, when a person presses a key; and what Enter waits for.
import { expect, test } from "bun:test";
import { firstState, type Seen, type State, type TypingPush } from "./seen.ts";
import { giveWay, stepTyping } from "./typing.ts";

const text = "<hcom>";

function typing(now: Partial<TypingPush>): TypingPush {
  return {
    ...{ rung: 0, ids: [1], cursor: 0, since: 0, deadline: 0, isAccepted: false, hookMark: 0 },
    ...{ kind: "typing", text, enterDelayMs: 400 },
    ...{ phase: "render", typedAt: 0, enteredAt: 0, enters: 0 },
    ...now,
  };
}

function during(now: Partial<TypingPush>): State {
  return { ...firstState(1), push: typing(now) };
}

const leftover: State = { ...firstState(1), leftover: text };

const cases: [what: string, state: State, input: string | null, count: number][] = [
  ["nothing is under way", firstState(1), text, 0],
  ["typed and not shown yet", during({}), "", 6],
  ["typed and shown", during({}), text, 6],
  ["Enter is on its way", during({ phase: "clear", enters: 1, enteredAt: 900 }), text, 0],
  ["Enter was lost", during({ phase: "clear", enters: 1, enteredAt: 100 }), text, 6],
  ["it was sent", during({ phase: "verify", enters: 1, enteredAt: 100 }), "", 0],
  ["it is to be taken back", during({ phase: "takeback" }), text, 6],
  ["a failed attempt is left", leftover, text, 6],
  ["a draft of the person", leftover, "mine", 0],
];

for (const [what, state, input, count] of cases) {
  test(`before a key of the person, ${what}: ${count} characters go`, () => {
    expect(giveWay(state, input, 1000).erase).toBe(count);
  });
}

const free = { hasApproval: false, hasOverlay: false, hasLaunchQuestion: false };
const doors: [what: string, screen: Partial<Seen["screen"]>, sinceKey: number, isOpen: boolean][] =
  [
    ["nothing else is there", {}, 60_000, true],
    ["a question is open that only the screen tells", { hasApproval: true }, 60_000, false],
    ["a menu is open", { hasOverlay: true }, 60_000, false],
    ["the program asks at its start", { hasLaunchQuestion: true }, 60_000, false],
    ["a person types", {}, 10, false],
  ];

for (const [what, screen, sinceKey, isOpen] of doors) {
  test(`Enter is ${isOpen ? "pressed" : "kept"} when ${what}`, () => {
    const push = typing({ deadline: 60_000 });
    const seen = { screen: { ...free, input: text, ...screen }, sinceKey } as Seen;
    const step = stepTyping({ push, seen, activity: "idle", needsIdle: true, nowMs: 1000 });
    expect(step).toMatchObject({ kind: "wait", actions: isOpen ? [{ kind: "enter" }] : [] });
  });
}
