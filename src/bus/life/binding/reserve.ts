// Gives a new participant its name and row: one transaction that reads the taken names and inserts,
// so that fifty processes at once get fifty names.
import type { Instance } from "../../../core/instance.ts";
import { isTruePlaceholder } from "../../../core/liveness.ts";
import { pickName } from "../../../core/names/name.ts";
import { Refusal } from "../../../core/refusal.ts";
import { latestStopped, maxEventId } from "../../../store/events.ts";
import { aliveNames, getInstance, insertInstance } from "../../../store/instances.ts";
import { forgetOwedOf } from "../../../store/mail/owed.ts";
import { createPrincipal } from "../../../store/principals.ts";
import { purgeSubscriptionsOf } from "../../../store/threads.ts";
import { append } from "../../append.ts";
import { type Bus, nowSeconds } from "../../bus.ts";
import { subscribeByDefault } from "../../watch/subscribe.ts";
import { deleteQuietly } from "../stop.ts";

export interface Reservation {
  tool: string;
  /** A wanted name; free, or held by nobody alive. */
  name?: string;
  tag?: string | null;
  directory: string;
  /** Who asked: launcher's name, `user`, or the instance itself. */
  by: string;
  isLaunched: boolean;
  isHeadless?: boolean;
  /** Everything after this event counts as unread; default: what is in the log now. */
  cursor?: number;
  /** The lasting identity to continue; default: a new one. */
  principal?: string;
  /** The principal this one was forked from. */
  forkedFrom?: string;
  row?: Partial<Instance>;
}

export function reserve(bus: Bus, wanted: Reservation): Instance {
  return bus.db.write(() => {
    const name = wanted.name === undefined ? freshName(bus) : checkFree(bus, wanted.name);
    const principal = wanted.principal ?? bus.system.uuid();
    const now = bus.system.now() / 1000;
    if (wanted.principal === undefined) {
      createPrincipal(bus.db, {
        id: principal,
        name,
        tool: wanted.tool,
        now,
        ...(wanted.forkedFrom === undefined ? {} : { parent: wanted.forkedFrom }),
      });
      purgeSubscriptionsOf(bus.db, name);
      forgetOwedOf(bus.db, name);
    }
    insertInstance(bus.db, {
      name,
      principal,
      tool: wanted.tool,
      tag: wanted.tag ?? null,
      directory: wanted.directory,
      created_at: now,
      status: "pending",
      status_context: "new",
      status_time: nowSeconds(bus),
      last_seen: nowSeconds(bus),
      last_event_id: startCursor(bus, wanted.cursor),
      background: wanted.isHeadless ? 1 : 0,
      ...wanted.row,
    });
    append(bus, {
      type: "life",
      instance: name,
      data: {
        action: "created",
        by: wanted.by,
        is_hcom_launched: wanted.isLaunched,
        is_subagent: wanted.row?.parent_name != null,
        parent_name: wanted.row?.parent_name ?? null,
      },
    });
    const row = getInstance(bus.db, name);
    if (wanted.row?.parent_name == null) subscribeByDefault(bus, name);
    if (row === undefined) throw new Error(`row of ${name} vanished inside its transaction`);
    return row;
  });
}

function freshName(bus: Bus): string {
  const alive = aliveNames(bus.db);
  const isAlive = new Set(alive);
  // The name of somebody who stopped is never given to another: their stories would mix.
  const taken = {
    has: (name: string) => isAlive.has(name) || latestStopped(bus.db, name) !== undefined,
  };
  return pickName({ alive, taken, random: bus.system.random });
}

// Only a reservation that nothing came of gives its name away.
function checkFree(bus: Bus, name: string): string {
  const row = getInstance(bus.db, name);
  if (row === undefined) return name;
  if (isTruePlaceholder(row) || row.status_context.startsWith("exit:")) {
    deleteQuietly(bus, row);
    return name;
  }
  throw new Refusal({
    code: "name_taken",
    message: `the name "${name}" is in use (${row.status})`,
    hint: `choose another name, or run: hcom stop ${name}`,
  });
}

function startCursor(bus: Bus, wanted: number | undefined): number {
  const newest = maxEventId(bus.db);
  return wanted !== undefined && wanted <= newest ? wanted : newest;
}
