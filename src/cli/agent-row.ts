// An agent as a row of a table: who, in which tool, doing what, for how long, and where. The same
// row wherever agents are listed.

import type { HeldAgent } from "../bus/life/list.ts";
import { type Hold, isPassing } from "../core/mail/hold.ts";
import { isAdHoc, toolShown } from "../core/names/ad-hoc.ts";
import { type Status, statusIcon, statusOnScreen } from "../core/status.ts";
import { formatAge } from "../core/time/age.ts";
import { type Part, style, type Tone } from "./style.ts";
import type { Cell, Column } from "./table.ts";

/** Name, tool, for how long, what it does, the last part of its directory. */
export const agentColumns: readonly Column[] = [{ least: 14 }, {}, {}, { least: 16 }, { least: 6 }];

/** For people, above them. */
export const agentHead: readonly Cell[] = ["  AGENT", "TOOL", "FOR", "STATUS", "PROJECT"].map(
  (word) => style.faint(word),
);

export function agentRow(agent: HeldAgent): Cell[] {
  return [
    nameCell(agent),
    style.faint(toolShown(agent.row.tool)),
    style.faint(shownAge(agent)),
    doing(agent),
    style.faint(projectOf(agent.row.directory)),
  ];
}

const tones: Readonly<Record<Status, Tone>> = {
  active: "busy",
  listening: "good",
  blocked: "bad",
  error: "bad",
  launching: "busy",
  pending: "busy",
  inactive: "faint",
  stopped: "faint",
};

export function statusTone(status: Status): Tone {
  return tones[status];
}

export function statusMark(status: Status): Part {
  return style[tones[status]](statusIcon(status));
}

function nameCell(agent: HeldAgent): Part[] {
  const cell: Part[] = [statusMark(agent.computed.status), " ", style.name(agent.name)];
  if (agent.row.background === 1) cell.push(style.faint(" [headless]"));
  if (agent.row.origin_device_id !== "") cell.push(style.faint(" [remote]"));
  if (agent.unread > 0) cell.push(" ", style.warn(`+${agent.unread}`));
  return cell;
}

/** What it does; where something holds mail back until somebody acts, that. */
function doing(agent: HeldAgent): Part[] {
  const { status } = agent.computed;
  const { hold } = agent;
  const held = heldBy(hold);
  if (held !== undefined) return [style[status === "blocked" ? "bad" : "warn"](held)];
  const parts: Part[] = [style[tones[status]](statusOnScreen(agent.description))];
  if (isUnheard(agent)) parts.push(style.warn(", no hooks seen yet"));
  if (waitsUnreachably(agent)) parts.push(style.warn(`, ${hold?.text}`));
  return parts;
}

/** Mail waits for it that nothing brings, and something can be done about that. */
export function waitsUnreachably({ hold, unread }: HeldAgent): boolean {
  return hold?.kind === "unreachable" && hold.next !== undefined && unread > 0;
}

/** Said of an agent, where it says more than its status: `is waiting for its person ...`. */
export function heldBy(hold: Hold | undefined): string | undefined {
  if (hold === undefined || isPassing(hold)) return undefined;
  if (hold.kind === "gone" || hold.kind === "unreachable") return undefined;
  // Beside the sign of who asks the question itself is what little room is for.
  return hold.text.replace(/^it /, "").replace("asks its person: ", "asks: ");
}

/** It runs here, and nothing proves that its program calls us. */
function isUnheard({ row, hooksBound }: HeldAgent): boolean {
  return !hooksBound && !isAdHoc(row) && row.origin_device_id === "";
}

function shownAge(agent: HeldAgent): string {
  const { status, age } = agent.computed;
  if (status === "listening" && age < 60) return "<1m";
  return age < 1 ? "0s" : formatAge(age);
}

/** The last part of a directory. */
export function projectOf(directory: string | null): string {
  return (directory ?? "").replace(/\/+$/, "").split("/").at(-1) ?? "";
}
