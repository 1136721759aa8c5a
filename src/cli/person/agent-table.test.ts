import { expect, test } from "bun:test";
import type { HeldAgent } from "../../bus/life/list.ts";
import { holdOfStatus } from "../../core/mail/hold.ts";
import type { Status } from "../../core/status.ts";
import { textOf } from "../style.ts";
import { agentTable, legend, nextSteps, openQuestions, urgentFirst } from "./agent-table.ts";

const ours = JSON.stringify({ control_socket: "/run/one.sock" });

/** What these screens look at, of an agent in this state. */
function agent(name: string, status: Status, context = "", launch = ours): HeldAgent {
  const row = { name, tag: null, tool: "claude", directory: "/work", status, origin_device_id: "" };
  const told = { status_context: context, status_detail: "deploy?", launch_context: launch };
  const written = { ...row, ...told };
  const hold = holdOfStatus({ ...written, isPlaceholder: false });
  const computed = { status, context, age: 7300 };
  const known = { description: status, unread: 0, hooksBound: true, processBound: true, owes: [] };
  return { ...known, row: written, name, computed, hold } as unknown as HeldAgent;
}

const asking = agent("nova", "blocked", "approval");
const drafting = agent("vela", "listening", "tui:prompt-has-text");
const working = agent("luna", "active");
const idle = agent("kira", "listening");
const words = (lines: ReturnType<typeof openQuestions>) =>
  lines.map((line) => line.map(textOf).join(""));

test("whoever asks stands first, then whoever is stuck, then the others as they came", () => {
  const order = urgentFirst([working, drafting, idle, asking]).map(({ name }) => name);
  expect(order).toEqual(["nova", "vela", "luna", "kira"]);
});

test("an open question is named with the commands that answer it", () => {
  expect(openQuestions([working, idle])).toEqual([]);
  expect(words(openQuestions([working, asking]))).toEqual([
    "■ nova asks you. The whole question: hcom list nova",
    "  Answer: hcom tui approvals",
  ]);
  expect(words(openQuestions([asking, agent("miso", "blocked")]))[0]).toBe(
    "■ 2 agents ask you. A whole question: hcom list NAME",
  );
  expect(words([asking, drafting].map(({ hold }) => (hold ? nextSteps(hold) : [])))).toEqual([
    "hcom term nova, or hcom tui approvals",
    "hcom term vela",
  ]);
});

test("a question in a terminal that is not ours is answered there", () => {
  const far = agent("miso", "blocked", "approval", "{}");
  expect(words(openQuestions([far]))[1]).toBe("  Answer: in miso's own terminal (/work)");
  expect(words(openQuestions([asking, far]))[1]).toBe("  Answer: hcom tui approvals");
  expect(words(openQuestions([far, far]))[1]).toBe("  Answer: in their own terminals");
  expect(far.hold && words([nextSteps(far.hold)])).toEqual([
    "answer it in miso's own terminal (/work)",
  ]);
});

test("the legend explains the signs that stand there, and no others", () => {
  expect(words([legend([])])).toEqual([""]);
  expect(words([legend([working, { ...idle, unread: 2 }])])).toEqual([
    "▶ in a turn  ◉ idle  +1 unread mail",
  ]);
});

test("a question stands beside its agent in as few words as can be", () => {
  const view = { isForPeople: true, isColoured: false, width: 200 };
  expect(words(agentTable([asking], view).rows)[0]).toContain(" asks: deploy?  ");
});

test("a head is for people, and says for how long a status holds", () => {
  const view = { isForPeople: true, isColoured: false, width: 80 };
  const shown = agentTable([working], view);
  expect(words([...shown.head, ...shown.rows])).toEqual([
    "  AGENT  TOOL    FOR  STATUS     PROJECT",
    "▶ luna   claude  2h   in a turn  work",
  ]);
  expect(agentTable([working], { ...view, isForPeople: false }).head).toEqual([]);
});
