import { expect, test } from "bun:test";
import { type BindingView, decideBinding } from "./binding.ts";
import type { Instance } from "./instance.ts";

const reserved = row("miso", { status: "pending", status_context: "new" });
const broughtUp = row("miso", { status: "listening", status_context: "ready_observed" });
const working = row("nova", { session_id: "s-nova", status: "active", status_context: "prompt" });
const luna = row("luna", { session_id: "s-luna", status: "listening" });

function row(name: string, patch: Partial<Instance>): Instance {
  return { name, session_id: null, status_context: "", ...patch } as Instance;
}

function decide(view: Partial<BindingView>): string {
  const nothing = { ofProcess: undefined, sessionOwner: undefined };
  const decision = decideBinding({
    ...nothing,
    sessionRow: undefined,
    stoppedOwner: undefined,
    ...view,
  });
  if (decision.path === "none") return "none";
  const other =
    decision.path === "merge" || decision.path === "restore" ? decision.placeholder : undefined;
  const leaving = decision.path === "switch" ? decision.leaving : undefined;
  return [decision.path, decision.name, other?.name, leaving?.name].filter(Boolean).join(" ");
}

const known = { sessionOwner: "luna", sessionRow: luna };

test("a known session stays with its agent, with and without a process", () => {
  expect(decide(known)).toBe("canonical luna");
  expect(decide({ ...known, ofProcess: luna })).toBe("canonical luna");
});

test("a known session takes in the reservation of the process it came up in", () => {
  expect(decide({ ...known, ofProcess: reserved })).toBe("merge luna miso");
  expect(decide({ ...known, ofProcess: broughtUp })).toBe("merge luna miso");
});

test("a known session sends away the agent that had the process before", () => {
  expect(decide({ ...known, ofProcess: working })).toBe("switch luna nova");
});

test("the session of a stopped agent brings it back, and takes in the reservation", () => {
  expect(decide({ stoppedOwner: "luna" })).toBe("restore luna");
  expect(decide({ stoppedOwner: "luna", ofProcess: reserved })).toBe("restore luna miso");
});

test("an agent that is at work keeps its name in whatever session it opens", () => {
  expect(decide({ stoppedOwner: "luna", ofProcess: working })).toBe("placeholder nova");
  expect(decide({ ofProcess: working })).toBe("placeholder nova");
});

test("the first session of a launched process gets the reserved name", () => {
  expect(decide({ ofProcess: reserved })).toBe("placeholder miso");
});

test("a binding whose agent is gone counts for nothing", () => {
  expect(decide({ sessionOwner: "luna", ofProcess: reserved })).toBe("placeholder miso");
  const stopped = { sessionOwner: "luna", stoppedOwner: "luna" };
  expect(decide({ ...stopped, ofProcess: reserved })).toBe("restore luna miso");
});

test("a live agent is preferred to what a stopped one said", () => {
  expect(decide({ ...known, stoppedOwner: "kira" })).toBe("canonical luna");
});

test("a session that nobody knows stays nobody's", () => {
  expect(decide({})).toBe("none");
  expect(decide({ sessionOwner: "luna" })).toBe("none");
});
