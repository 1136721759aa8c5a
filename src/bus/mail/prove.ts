// Turns "handed over" into "in the recipient's context", with evidence: the message's frame stands
// in the recipient's own transcript. What never shows up there is offered again, once the
// transcript reader has proved itself on this recipient.
import { deliveredIds } from "../../core/mail/envelope.ts";
import { proveDelivery, unprovenOf } from "../../store/deliveries.ts";
import { getInstance } from "../../store/instances.ts";
import { hasProof, lapseDelivery } from "../../store/lapsed.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Bus } from "../bus.ts";

export type ReadTail = (
  path: string,
  fromByte: number,
) => { text: string; next: number } | undefined;

/** A transcript is written a little later than its turn: younger deliveries are not judged. */
export const settleSeconds = 3;

/** How much of a transcript's end is searched when no offset is known. */
export const tailBytes = 2_000_000;

/** Marks what the transcript shows; returns how many deliveries stay unproven. */
export function proveInContext(bus: Bus, name: string, tool: Tool, readTail: ReadTail): number {
  const row = getInstance(bus.db, name);
  if (row === undefined) return 0;
  const unproven = unprovenOf(bus.db, row.principal);
  if (unproven.length === 0 || row.transcript_path === "") return unproven.length;
  const ids = unproven.map((delivery) => delivery.message_id);
  const found = reachedIds(
    { tool, name, ids },
    readTail(row.transcript_path, -tailBytes)?.text ?? "",
  );
  const now = bus.system.now() / 1000;
  for (const messageId of found) {
    proveDelivery(bus.db, { messageId, principal: row.principal, evidence: "transcript", now });
  }
  return unproven.length - found.length;
}

/** Which of the ids stand as delivered frames in a piece of the recipient's transcript. */
export function reachedIds(
  wanted: { tool: Tool; name: string; ids: readonly number[] },
  text: string,
): number[] {
  const { tool, name, ids } = wanted;
  const found = new Set<number>();
  for (const line of text.split("\n")) {
    // The parse of a line is paid only where one of the ids can be.
    if (!ids.some((id) => !found.has(id) && line.includes(`#${id}`))) continue;
    for (const id of deliveredIds(tool.transcript.reached(line), ids, name)) found.add(id);
  }
  return [...found];
}

/**
 * The turn that should hold these deliveries is over and its transcript does not show them: offer
 * them again. Without an earlier proof the reader itself may be at fault, so nothing is repeated.
 */
export function lapseUnproven(bus: Bus, name: string, olderThanSeconds: number): number[] {
  const row = getInstance(bus.db, name);
  if (row === undefined || !hasProof(bus.db, row.principal)) return [];
  const now = bus.system.now() / 1000;
  const lapsed: number[] = [];
  for (const delivery of unprovenOf(bus.db, row.principal)) {
    if (delivery.handed_at === null) continue;
    // A hand-over in the future is one before the clock was set back.
    if (Math.abs(now - delivery.handed_at) < olderThanSeconds) continue;
    const key = { messageId: delivery.message_id, principal: row.principal };
    if (lapseDelivery(bus.db, { ...key, reason: "not in the transcript after its turn" })) {
      lapsed.push(delivery.message_id);
    }
  }
  return lapsed;
}
