// Remembers of a request whose answer is awaited; `request-watch.ts` tells when none came.
import { maxEventId } from "../../store/events.ts";
import { getInstance } from "../../store/instances.ts";
import { putSubscription, setWatchedUpTo, watchedUpTo } from "../../store/subscriptions.ts";
import type { Bus } from "../bus.ts";

/** In the transaction of the send. */
export function watchRequest(
  bus: Bus,
  request: { id: number; sender: string; recipients: readonly string[] },
): void {
  if (watchedUpTo(bus.db) === undefined) setWatchedUpTo(bus.db, maxEventId(bus.db));
  for (const target of request.recipients) {
    putSubscription(bus.db, {
      id: `reqwatch-${request.id}-${target}`,
      caller: request.sender,
      filters: {
        request_watch: true,
        request_id: request.id,
        target,
        target_tool: getInstance(bus.db, target)?.tool ?? "",
      },
      // For other readers of this table; we ask `settleRequest`.
      sql: `(type = 'status' AND instance = ? AND status_val = 'listening')
        OR (type = 'life' AND instance = ? AND life_action = 'stopped')`,
      params: [target, target],
      once: true,
      created: bus.system.now() / 1000,
      last_id: request.id,
    });
  }
}
