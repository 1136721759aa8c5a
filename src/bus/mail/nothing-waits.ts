// Would a hook that comes after an action find anything to say? If not, it need not even read what
// it is told: in Bun 1.4 that takes a thread and a millisecond. Asked far more often than there is
// mail, so apart from what hands it over.
import type { Instance } from "../../core/instance.ts";
import { processBinding, sessionBinding } from "../../store/bindings.ts";
import { hasDeferred } from "../../store/deferred.ts";
import { unreadMessages } from "../../store/events.ts";
import { getInstance, hasChildren } from "../../store/instances.ts";
import { lapsedMessages } from "../../store/lapsed.ts";
import { sessionInEnv } from "../../tools/index.ts";
import { processIdOf } from "../agents/of-process.ts";
import type { Bus } from "../bus.ts";

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

/** One indexed look each: decides whether the hook path goes on. */
export function hasMail(
  bus: Bus,
  row: Instance,
  options: { deferred?: "take" | "along" },
): boolean {
  const unread = unreadMessages(bus.db, { name: row.name, cursor: row.last_event_id, limit: 1 });
  if (unread.length > 0 || lapsedMessages(bus.db, row.principal, 1).length > 0) return true;
  return options.deferred === "take" && hasDeferred(bus.db, row.principal);
}
