// Whose characters stand in the input box, when a person presses a key.
import { expect, test } from "bun:test";
import { firstState, type Push, type Rules, type State, type Typing } from "./seen.ts";
import { oursInBox } from "./typing.ts";

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
