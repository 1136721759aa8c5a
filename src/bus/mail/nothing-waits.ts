// Would a hook that comes after an action find anything to say? If not, it need not even read what
// it is told: in Bun 1.4 that takes a thread and a millisecond.
import { processBinding, sessionBinding } from "../../store/bindings.ts";
import { getInstance, hasChildren } from "../../store/instances.ts";
import { sessionInEnv } from "../../tools/index.ts";
import { processIdOf } from "../agents/of-process.ts";
import type { Bus } from "../bus.ts";
import { hasMail } from "./collect.ts";

/**
 * True when the environment alone tells which agent this is, that no approval of it has just been
 * given, that it knows who it is, and that it has no mail. Subagents share their root's
 * environment, so beside a living one the answer is false.
 */
export function nothingWaits(bus: Bus): boolean {
  const { env } = bus.system;
  const session = sessionInEnv(env);
  const owner = session === undefined ? undefined : sessionBinding(bus.db, session);
  const row = owner === undefined ? undefined : getInstance(bus.db, owner);
  if (row === undefined || row.session_id !== session) return false;
  const processId = processIdOf(env);
  const bound = processId === undefined ? undefined : processBinding(bus.db, processId);
  if (bound !== undefined && bound.instance_name !== row.name) return false;
  if (row.status === "blocked" || row.name_announced === 0) return false;
  return !hasMail(bus, row, {}) && !hasChildren(bus.db, { name: row.name, session });
}
