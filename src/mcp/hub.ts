// Who calls, on the bus. A client's own word for its conversation comes first, because one server
// may serve several of them; then what the client's process handed down to us.
import { findInstance, whoAmI } from "../bus/agents/identity.ts";
import { rootOf } from "../bus/agents/subagents.ts";
import { type Bus, reopenIfReplaced } from "../bus/bus.ts";
import type { Instance } from "../core/instance.ts";
import type { JsonObject } from "../core/json.ts";
import { Refusal } from "../core/refusal.ts";

export interface Hub {
  /** As it is at the time of a call. */
  bus(): Bus;
  /** Throws a Refusal that says what to do when nobody knows who calls. */
  callerIn(meta: JsonObject): Instance;
  /** Throws a Refusal when a known caller uses the name of another agent. */
  checkSender(name: string, meta: JsonObject): void;
}

export function hubOf(bus: Bus): Hub {
  const current = () => {
    reopenIfReplaced(bus);
    return bus;
  };
  const known = (meta: JsonObject): Instance | undefined =>
    ofConversation(current(), meta) ?? ofProcess(bus);
  return {
    bus: current,
    callerIn(meta) {
      const row = known(meta);
      if (row === undefined) throw unknownCaller();
      return row;
    },
    checkSender(name, meta) {
      const row = known(meta);
      const owner = row === undefined ? undefined : findInstance(bus, name);
      if (row !== undefined && owner !== undefined && owner.name !== row.name) {
        throw takenName(row, owner);
      }
    },
  };
}

function ofProcess(bus: Bus): Instance | undefined {
  const identity = whoAmI(bus, {});
  return identity.kind === "instance" ? identity.row : undefined;
}

function unknownCaller(): Refusal {
  return new Refusal({
    code: "no_identity",
    message: "hcom does not know who is calling",
    hint: "run `hcom start` in a shell of this session",
  });
}

function takenName(caller: Instance, owner: Instance): Refusal {
  return new Refusal({
    code: "name_in_use",
    message: `${owner.name} is another agent here, and you are ${caller.name}: leave sender out`,
  });
}

/**
 * Some clients send the id of the conversation with every call, under names such as `threadId` and
 * `sessionId`. Only one that is bound to an agent counts, whatever it is called.
 */
function ofConversation(bus: Bus, meta: JsonObject): Instance | undefined {
  for (const key of ["thread", "session"]) {
    const isId = new RegExp(`(?:^|[^a-z])${key}_?id$`, "i");
    for (const [name, value] of Object.entries(meta)) {
      if (typeof value !== "string" || value === "" || !isId.test(name)) continue;
      const row = rootOf(bus, value);
      if (row !== undefined) return row;
    }
  }
  return undefined;
}
