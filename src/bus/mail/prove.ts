// Turns "handed over" into "in the recipient's context", with evidence: the message's frame stands
// in the recipient's own transcript, and behind it the model said or did something. A line alone
// proves nothing: a turn may have ended, been stopped or failed before any request carried it.
// What never shows up is offered again, once the reader has proved itself on this recipient.
import { deliveredIds, type RemoteLabels } from "../../core/mail/envelope.ts";
import {
  type Delivery,
  noteReached,
  proveDelivery,
  reachedReason,
  unprovenOf,
} from "../../store/deliveries.ts";
import { getInstance } from "../../store/instances.ts";
import { hasProof, lapseDelivery } from "../../store/lapsed.ts";
import { remoteLabels } from "../../store/relay/origins.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Bus } from "../bus.ts";

export type ReadTail = (
  path: string,
  fromByte: number,
) => { text: string; next: number; readAgain?: () => void } | undefined;

/** A transcript is written a little later than its turn: younger deliveries are not judged. */
export const settleSeconds = 3;

/** How much of a transcript's end is searched when no offset is known. */
export const tailBytes = 2_000_000;

/** Marks what the transcript shows; returns how many deliveries stay unproven. */
export function proveInContext(bus: Bus, name: string, tool: Tool, readTail: ReadTail): number {
  const row = getInstance(bus.db, name);
  if (row === undefined) return 0;
  const { principal } = row;
  const unproven = unprovenOf(bus.db, principal);
  if (unproven.length === 0 || row.transcript_path === "") return unproven.length;
  const ids = unproven.map((delivery) => delivery.message_id);
  const tail = readTail(row.transcript_path, -tailBytes);
  const remote = remoteLabels(bus.db, ids);
  const { reached, answered, dropped } = reachedIds({ tool, name, ids, remote }, tail?.text ?? "");
  const now = bus.system.now() / 1000;
  for (const messageId of dropped)
    lapseDelivery(bus.db, { messageId, principal, reason: takenBack });
  for (const messageId of answered) {
    proveDelivery(bus.db, { messageId, principal, evidence: "transcript", now });
  }
  const waiting = reached.filter((id) => !answered.includes(id));
  for (const messageId of waiting) noteReached(bus.db, { messageId, principal });
  // The model's answer may come with the next piece, and what it answers must be in it.
  if (waiting.length > 0) tail?.readAgain?.();
  return unproven.length - answered.length - dropped.length;
}

const takenBack = "its prompt was taken back before the model spoke";

export interface Reached {
  /** Stand as delivered frames in the transcript. */
  reached: number[];
  /** Of those: the model has spoken or acted since. */
  answered: number[];
}

interface Found extends Reached {
  /** Stood there, and went with a prompt that was taken back. */
  dropped: number[];
}

/** What a piece of the recipient's transcript says about these ids. */
export function reachedIds(
  wanted: { tool: Tool; name: string; ids: readonly number[]; remote?: RemoteLabels },
  text: string,
): Found {
  const { tool, name, ids, remote } = wanted;
  const signs = ids.map((id) => ({ id, sign: `#${remote?.get(id) ?? id}` }));
  /** In which line each stands. */
  const reached = new Map<number, number>();
  const answered = new Set<number>();
  const dropped = new Set<number>();
  const lines = text.split("\n");
  for (const [at, line] of lines.entries()) {
    if (reached.size > answered.size) {
      if (isNewAnswer(tool, lines, at)) for (const id of reached.keys()) answered.add(id);
      const from = takenBackFrom(tool, lines, at);
      for (const [id, where] of reached) {
        if (answered.has(id) || where < from) continue;
        reached.delete(id);
        dropped.add(id);
      }
    }
    // The parse of a line is paid only where one of the ids can be.
    if (!signs.some(({ id, sign }) => !reached.has(id) && line.includes(sign))) continue;
    const shown = tool.transcript.reached(line);
    for (const id of deliveredIds(shown, ids, name, remote)) {
      reached.set(id, at);
      dropped.delete(id);
    }
  }
  return { reached: [...reached.keys()], answered: [...answered], dropped: [...dropped] };
}

/** Where the prompt began whose place this line takes; behind the last line when it takes none. */
function takenBackFrom(tool: Tool, lines: readonly string[], at: number): number {
  const { promptBehind } = tool.transcript;
  const behind = promptBehind?.(lines[at] ?? "");
  if (behind === undefined) return lines.length;
  const isSamePlace = (line: string) => line.includes(behind) && promptBehind?.(line) === behind;
  const from = lines.slice(0, at).findLastIndex(isSamePlace);
  return from === -1 ? lines.length : from;
}

/** What belongs to an answer that had begun before says nothing about what came in between. */
function isNewAnswer(tool: Tool, lines: readonly string[], at: number): boolean {
  const answer = tool.transcript.answer(lines[at] ?? "");
  if (answer === undefined) return false;
  return answer === "" || !lines.slice(0, at).some((line) => line.includes(answer));
}

/** What an agent took by a command of its own may be read long after that command ended. */
const ownActSeconds = 600;

/**
 * The turn that should hold these deliveries is over and its transcript does not show them: offer
 * them again. Without an earlier proof the reader itself may be at fault, so nothing is repeated;
 * and what stands in the conversation already goes with its next request.
 */
export function lapseUnproven(bus: Bus, name: string, olderThanSeconds: number): number[] {
  const row = getInstance(bus.db, name);
  if (row === undefined || !hasProof(bus.db, row.principal)) return [];
  const now = bus.system.now() / 1000;
  const lapsed: number[] = [];
  for (const delivery of unprovenOf(bus.db, row.principal)) {
    if (delivery.handed_at === null || delivery.reason === reachedReason) continue;
    const seconds = isOwnAct(delivery) ? ownActSeconds : olderThanSeconds;
    // A hand-over in the future is one before the clock was set back.
    if (Math.abs(now - delivery.handed_at) < seconds) continue;
    const key = { messageId: delivery.message_id, principal: row.principal };
    if (lapseDelivery(bus.db, { ...key, reason: "not in the transcript after its turn" })) {
      lapsed.push(delivery.message_id);
    }
  }
  return lapsed;
}

/** Printed by a command that the recipient ran itself, perhaps in its background. */
function isOwnAct(delivery: Delivery): boolean {
  return ["listen", "send", "command"].includes(delivery.via ?? "");
}
