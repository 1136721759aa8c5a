// Tells senders that their mail waits for the person in front of its reader, and for what.
import { isPlaceholder } from "../../core/liveness.ts";
import { type HoldKind, holdOfStatus } from "../../core/mail/hold.ts";
import { getInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { tellSenders } from "./tell-sender.ts";

/** What ends only when a person does something. */
const forPeople: ReadonlySet<HoldKind> = new Set(["not-launched", "asking", "draft", "suspended"]);

export function tellHeld(bus: Bus, name: string, ids: readonly number[]): void {
  const row = getInstance(bus.db, name);
  const hold = row && holdOfStatus({ ...row, isPlaceholder: isPlaceholder(row) });
  if (row === undefined || hold === undefined || !forPeople.has(hold.kind)) return;
  tellSenders(bus, row, ids, `has not arrived yet: ${hold.text}`);
}
