import { describe, expect, test } from "bun:test";
import type { Fact, FactKind } from "./fact.ts";
import { canCarryMail, statusOf } from "./observe.ts";
import type { Status } from "./status.ts";

const base = { tool: "t", hook: "h" };
const bash = { action: "Bash", detail: "ls" };

/** One fact of every kind: a new kind does not compile until it stands here. */
const facts: { [Kind in FactKind]: Extract<Fact, { kind: Kind }> } = {
  "session-start": { ...base, kind: "session-start", source: "startup" },
  prompt: { ...base, kind: "prompt", text: "do it", isNudge: false, isSynthetic: false },
  "action-start": { ...base, kind: "action-start", ...bash, input: {}, isShell: true },
  "action-end": { ...base, kind: "action-end", ...bash, output: "", isShell: true },
  "action-failed": { ...base, kind: "action-failed", ...bash },
  "batch-end": { ...base, kind: "batch-end" },
  "approval-open": { ...base, kind: "approval-open", ...bash },
  "approval-denied": { ...base, kind: "approval-denied", ...bash },
  "idle-notice": { ...base, kind: "idle-notice" },
  "question-open": { ...base, kind: "question-open" },
  "turn-end": { ...base, kind: "turn-end", isContinuation: false },
  "turn-failed": { ...base, kind: "turn-failed", error: "overloaded", detail: "529" },
  "turn-interrupted": { ...base, kind: "turn-interrupted" },
  bell: { ...base, kind: "bell" },
  "subagent-start": { ...base, kind: "subagent-start" },
  "subagent-end": { ...base, kind: "subagent-end", isContinuation: false },
  "session-end": { ...base, kind: "session-end", reason: "other" },
  nothing: { ...base, kind: "nothing" },
};

function seen(fact: Fact, current: Status = "active"): string {
  const change = statusOf(fact, { status: current });
  if (change === undefined) return "-";
  return [change.status, change.context, change.detail].join("|");
}

describe("what an agent is doing after", () => {
  function check(kind: FactKind, expected: string): void {
    test(kind, () => expect(seen(facts[kind])).toBe(expected));
  }
  check("session-start", "listening|start|");
  check("prompt", "active|prompt|do it");
  check("action-start", "active|tool:Bash|ls");
  check("action-end", "-");
  check("action-failed", "active|tool_failed:Bash|ls");
  check("batch-end", "-");
  check("approval-open", "blocked|approval|ls");
  check("approval-denied", "blocked|denied:Bash|ls");
  check("question-open", "blocked|elicitation_dialog|");
  check("idle-notice", "listening||");
  check("turn-end", "listening||");
  check("turn-interrupted", "listening||");
  check("turn-failed", "listening|failure:overloaded|529");
  check("bell", "-");
  check("subagent-start", "-");
  check("subagent-end", "-");
  check("session-end", "-");
  check("nothing", "-");
});

test("an action that ends after a question was approved", () => {
  expect(seen(facts["action-end"], "blocked")).toBe("active|approved:Bash|ls");
  expect(seen(facts["batch-end"], "blocked")).toBe("active|approved|");
});

test("compaction in the middle of a turn leaves the status alone", () => {
  expect(seen({ ...facts["session-start"], source: "compact" })).toBe("-");
  for (const source of ["resume", "clear", "fork"] as const) {
    expect(seen({ ...facts["session-start"], source })).toBe("listening|start|");
  }
});

test("a prompt of ours or of the tool itself is no detail, and a long one is cut", () => {
  expect(seen({ ...facts.prompt, isNudge: true })).toBe("active|prompt|");
  expect(seen({ ...facts.prompt, isSynthetic: true })).toBe("active|prompt|");
  const long = statusOf({ ...facts.prompt, text: "x".repeat(500) }, { status: "listening" });
  expect(long?.detail).toHaveLength(200);
});

test("an action brings its name and the id of its use where the tool tells one", () => {
  expect(statusOf(facts["action-start"], { status: "active" })).toMatchObject({
    actionName: "Bash",
  });
  const used = { ...facts["action-failed"], useId: "u1" };
  expect(statusOf(used, { status: "active" })).toMatchObject({ actionName: "Bash", useId: "u1" });
});

test("mail may travel in these answers and in no others", () => {
  const carrying = Object.values(facts)
    .filter(canCarryMail)
    .map((fact) => fact.kind);
  expect(carrying).toEqual([
    "prompt",
    "action-end",
    "batch-end",
    "turn-end",
    "bell",
    "subagent-end",
  ]);
});
