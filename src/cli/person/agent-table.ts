// Agents at a terminal: a head, a row for each, those that need their person first, and what their
// signs mean. Where nobody looks the rows stand alone.
import type { HeldAgent } from "../../bus/life/list.ts";
import type { Hold } from "../../core/mail/hold.ts";
import { statusIcon, statusWords } from "../../core/status.ts";
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

/** Said once, above all: whose question is open, where it stands whole, where it is answered. */
export function openQuestions(agents: readonly HeldAgent[]): Part[][] {
  const asking = agents.filter(asks);
  const [first] = asking;
  if (first === undefined) return [];
  const sign = style[statusTone("blocked")](statusIcon("blocked"));
  const isOne = asking.length === 1;
  const who = isOne ? style.name(first.name) : style.name(`${asking.length} agents`);
  const does = isOne ? " asks you. The whole question: " : " ask you. A whole question: ";
  const whole = style.strong(`hcom list ${isOne ? first.name : "NAME"}`);
  return [
    [sign, " ", who, does, whole],
    ["  Answer: ", ...wayToAnswer(asking)],
  ];
}

/** Some sit in terminals that are not ours. */
function wayToAnswer(asking: readonly HeldAgent[]): Part[] {
  if (asking.some(canBeSeen)) return [style.strong(approvals)];
  const [only] = asking;
  const isOne = asking.length === 1 && only?.hold?.next !== undefined;
  return [isOne ? (only?.hold?.next ?? "").replace(/^answer it /, "") : "in their own terminals"];
}

function canBeSeen({ hold }: HeldAgent): boolean {
  return hold?.next?.startsWith("hcom ") === true;
}

/** What to run next about it; nothing where no command helps. */
export function nextSteps({ kind, next }: Hold): Part[] {
  if (next === undefined) return [];
  const isOurs = kind === "asking" && next.startsWith("hcom ");
  return [style.strong(next), ...(isOurs ? [", or ", style.strong(approvals)] : [])];
}

const inOrder = [
  ...(["blocked", "error", "active", "listening"] as const),
  ...(["launching", "pending", "inactive", "stopped"] as const),
];

/** What the signs above it mean: those that stand there. */
export function legend(agents: readonly HeldAgent[]): Part[] {
  const shown = new Map(
    inOrder.flatMap((status) => {
      const isThere = agents.some(({ computed }) => computed.status === status);
      return isThere ? [[statusIcon(status), statusWords[status]] as const] : [];
    }),
  );
  const mail = agents.some(({ unread }) => unread > 0) ? ["+1 unread mail"] : [];
  const words = [...[...shown].map((one) => one.join(" ")), ...mail];
  return words.length === 0 ? [] : [style.faint(words.join("  "))];
}

function asks({ computed, hold }: HeldAgent): boolean {
  return computed.status === "blocked" || hold?.kind === "asking";
}
