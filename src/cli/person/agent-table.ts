// Agents at a terminal: a head, a row for each, those that need their person first, and what their
// signs mean. Where nobody looks the rows stand alone.
import type { HeldAgent } from "../../bus/life/list.ts";
import type { Hold } from "../../core/mail/hold.ts";
import { type Status, statusIcon } from "../../core/status.ts";
import { agentColumns, agentHead, agentRow, heldBy, statusTone } from "../agent-row.ts";
import { type Part, style } from "../style.ts";
import { table } from "../table.ts";
import type { View } from "../view.ts";

const approvals = "hcom tui approvals";

export interface AgentTable {
  /** None where nobody looks. */
  head: Part[][];
  /** One for each agent, in their order. */
  rows: Part[][];
}

export function agentTable(agents: readonly HeldAgent[], view: View): AgentTable {
  const head = view.isForPeople && agents.length > 0 ? [agentHead] : [];
  const lines = table([...head, ...agents.map(agentRow)], agentColumns, view.width);
  return { head: lines.slice(0, head.length), rows: lines.slice(head.length) };
}

/** Whoever asks, then whoever cannot go on without a person, then the others, as they came. */
export function urgentFirst(agents: readonly HeldAgent[]): HeldAgent[] {
  const rank = (agent: HeldAgent) => {
    if (asks(agent)) return 0;
    return agent.hold?.next !== undefined && heldBy(agent.hold) !== undefined ? 1 : 2;
  };
  return [0, 1, 2].flatMap((wanted) => agents.filter((agent) => rank(agent) === wanted));
}

/** Said once, above all: whose question is open, and where it is answered. */
export function openQuestions(agents: readonly HeldAgent[]): Part[][] {
  const asking = agents.filter(asks);
  const [first] = asking;
  if (first === undefined) return [];
  const isOne = asking.length === 1;
  const sign = style[statusTone("blocked")](statusIcon("blocked"));
  const who = isOne ? style.name(first.name) : style.name(`${asking.length} agents`);
  const look = isOne ? (first.hold?.next ?? "") : lookAtEach(asking);
  const does = isOne ? " waits" : " wait";
  return [
    [sign, " ", who, does, " for your answer: ", style.strong(look)],
    ["  all open questions: ", style.strong(approvals)],
  ];
}

/** Some sit in terminals that are not ours. */
function lookAtEach(asking: readonly HeldAgent[]): string {
  const isOurs = asking.every(({ hold }) => hold?.next?.startsWith("hcom "));
  return isOurs ? "hcom term NAME" : "where, says hcom list NAME";
}

/** What to run next about it, in a line. */
export function nextSteps({ kind, next }: Hold): string | undefined {
  return kind === "asking" && next?.startsWith("hcom ") ? `${next}, or ${approvals}` : next;
}

const meanings: Readonly<Record<Status, string>> = {
  blocked: "asks its person",
  error: "failed",
  active: "in a turn",
  listening: "idle",
  launching: "starting",
  pending: "starting",
  inactive: "no program seen",
  stopped: "has stopped",
};

/** What the signs above it mean: those that stand there. */
export function legend(agents: readonly HeldAgent[]): Part[] {
  const shown = new Map(
    Object.entries(meanings).flatMap(([status, words]) => {
      const one = agents.find(({ computed }) => computed.status === status);
      return one === undefined ? [] : [[statusIcon(one.computed.status), words] as const];
    }),
  );
  const mail = agents.some(({ unread }) => unread > 0) ? ["+1 unread mail"] : [];
  const words = [...[...shown].map((one) => one.join(" ")), ...mail];
  return words.length === 0 ? [] : [style.faint(words.join("  "))];
}

function asks({ computed, hold }: HeldAgent): boolean {
  return computed.status === "blocked" || hold?.kind === "asking";
}
