// Whose characters stand in the input box, when a person presses a key; and what Enter waits for.
import { expect, test } from "bun:test";
import { firstState, type Push, type Rules, type Seen, type State, type Typing } from "./seen.ts";
import { oursInBox, stepTyping } from "./typing.ts";

const text = "<hcom>";
const rules: Rules = {
  gates: { idle: true, ready: false, emptyPrompt: true, userActive: true, approval: true },
  startTimeoutMs: 5000,
  rungs: [{ kind: "typing", text, enterDelayMs: 400 }],
};

function during(typing: Partial<Typing>): State {
  const base: Typing = { phase: "render", typedAt: 0, enteredAt: 0, enters: 0 };
  const push: Push = {
    ...{ rung: 0, ids: [1], cursor: 0, since: 0, deadline: 0, isAccepted: false, hookMark: 0 },
    typing: { ...base, ...typing },
  };
  return { ...firstState(1), push };
}

const cases: [what: string, state: State, input: string | null, count: number][] = [
  ["nothing is under way", firstState(1), text, 0],
  ["typed and not shown yet", during({}), "", 6],
  ["typed and shown", during({}), text, 6],
  ["Enter is on its way", during({ phase: "clear", enters: 1, enteredAt: 900 }), text, 0],
  ["Enter was lost", during({ phase: "clear", enters: 1, enteredAt: 100 }), text, 6],
  ["it was sent", during({ phase: "verify", enters: 1, enteredAt: 100 }), "", 0],
  ["it is to be taken back", during({ phase: "takeback" }), text, 6],
  ["a failed attempt is left", { ...firstState(1), hasLeftover: true }, text, 6],
  ["a draft of the person", { ...firstState(1), hasLeftover: true }, "mine", 0],
];

for (const [what, state, input, count] of cases) {
  test(`before a key of the person, ${what}: ${count} characters go`, () => {
    expect(oursInBox(state, rules, input, 1000)).toBe(count);
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
    const { push } = during({});
    if (push === undefined) throw new Error("a push is under way");
    const seen = { screen: { ...free, input: text, ...screen }, sinceKey } as Seen;
    const facts = { text, enterDelayMs: 400, activity: "idle", needsIdle: true } as const;
    const step = stepTyping({ ...push, deadline: 60_000 }, seen, facts, 1000);
    expect(step).toMatchObject({ kind: "wait", actions: isOpen ? [{ kind: "enter" }] : [] });
  });
}
