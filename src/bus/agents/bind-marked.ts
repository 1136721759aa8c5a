// Binds a session to the row whose marker `hcom start` printed into it: the way in for sessions
// that do not tell their id to the commands they run.

import type { Fact } from "../../core/fact.ts";
import type { Instance } from "../../core/instance.ts";
import { limits } from "../../core/liveness.ts";
import { markedNames } from "../../core/marker.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { setSessionBinding } from "../../store/bindings.ts";
import { getInstance, updateInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { letIn } from "../gate.ts";

export function bindMarked(
  bus: Bus,
  fact: Extract<Fact, { kind: "action-end" }>,
): Instance | undefined {
  const name = markedNames(fact.output).at(-1);
  const { session } = fact;
  if (name === undefined || session === undefined) return undefined;
  return bus.db.write(() => {
    const row = getInstance(bus.db, name);
    if (row === undefined || !awaitsBinding(bus, row)) return undefined;
    const now = bus.system.now() / 1000;
    if (!setSessionBinding(bus.db, { session, name, now })) return undefined;
    bus.db.afterCommit("let-in", () => letIn(bus));
    updateInstance(bus.db, name, {
      session_id: session,
      transcript_path: fact.transcript ?? row.transcript_path,
    });
    return getInstance(bus.db, name);
  });
}

// An old marker in a transcript must not bring anybody back.
function awaitsBinding(bus: Bus, row: Instance): boolean {
  if (row.session_id !== null || isAdHoc(row)) return false;
  return bus.system.now() / 1000 - row.created_at <= limits.placeholder;
}
