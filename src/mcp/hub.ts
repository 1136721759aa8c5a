// Who calls, on the bus. A client's own word for its conversation comes first, because one server
// may serve several of them; then what the client's process handed down to us.
import { actorOfUse } from "../bus/agents/actor.ts";
import { findInstance, isInsideTool, whoAmI } from "../bus/agents/identity.ts";
import { type Bus, reopenIfReplaced } from "../bus/bus.ts";
import { rootOf } from "../bus/life/binding/subagents.ts";
import type { Env } from "../core/env.ts";
import type { Instance } from "../core/instance.ts";
import type { JsonObject } from "../core/json.ts";
import { reservedLook } from "../core/names/outside.ts";
import { Refusal } from "../core/refusal.ts";
import { isNestedBelow } from "../sys/ancestry.ts";
import { mcpClients, restartsItself } from "../tools/index.ts";
import type { Connection } from "./connection.ts";

export interface Hub {
  /** As it is at the time of a call. */
  bus(): Bus;
  /** Throws a Refusal that says what to do when nobody knows who calls. */
  callerIn(meta: JsonObject): Instance;
  /** Throws a Refusal when the caller acts under the name of another agent. */
  checkActor(name: string, actor: string, meta: JsonObject): void;
}

export function hubOf(bus: Bus, connection: Connection): Hub {
  const current = () => {
    reopenIfReplaced(bus);
    return bus;
  };
  const known = (meta: JsonObject): Instance | undefined =>
    ofAction(current(), meta) ??
    ofConversation(bus, meta) ??
    ofProcess(bus, connection.clientName ?? "");
  return {
    bus: current,
    callerIn(meta) {
      const row = known(meta);
      if (row === undefined) throw unknownCaller();
      return row;
    },
    checkActor(name, actor, meta) {
      const row = known(meta);
      const owner = findInstance(bus, name);
      if (row !== undefined && (owner?.name ?? name) !== row.name) {
        throw owner === undefined ? notYou(name, actor, row) : takenName(actor, owner, row);
      }
      if (row !== undefined) return;
      // Whoever starts this server is no person at a shell.
      if (reservedLook(name) !== undefined) throw forNobodyHere(name, actor);
      // Whose tool tells us nothing has only its own word for who it is; the others tell us.
      if (owner === undefined || (owner.session_id === null && !isInsideTool(bus))) return;
      throw takenName(actor, owner, undefined);
    },
  };
}

/** What a tool hands down to its server: the launch that it came from, else its session. */
function ofProcess(bus: Bus, clientName: string): Instance | undefined {
  const { HCOM_PROCESS_ID: _launch, ...session } = bus.system.env;
  return [bus.system.env, session]
    .map((env) => instanceIn(bus, env))
    .find((row) => row !== undefined && !isForeign(row, clientName));
}

function instanceIn(bus: Bus, env: Env): Instance | undefined {
  const identity = whoAmI(bus, { env });
  return identity.kind === "instance" ? identity.row : undefined;
}

/**
 * An agent that runs an agent program as a command hands its environment down to it: that one is
 * somebody else. Clients introduce themselves by names such as `codex-mcp-client`.
 */
function isForeign(row: Instance, clientName: string): boolean {
  const named = Object.keys(mcpClients).filter((name) => clientName.includes(name));
  const isOtherTool = Object.hasOwn(mcpClients, row.tool) && !named.includes(row.tool);
  return (
    (named.length > 0 && isOtherTool) ||
    (row.pid !== null && isNestedBelow(row.pid, restartsItself(row.tool)))
  );
}

function unknownCaller(): Refusal {
  return new Refusal({
    code: "no_identity",
    message: "hcom does not know who is calling",
    hint: "run `hcom start` in a shell of this session",
  });
}

function takenName(actor: string, owner: Instance, caller: Instance | undefined): Refusal {
  const you = caller === undefined ? "" : `, and you are ${caller.name}`;
  return new Refusal({
    code: "name_in_use",
    message: `${owner.name} is another agent here${you}: leave ${actor} out`,
  });
}

function forNobodyHere(name: string, actor: string): Refusal {
  const like = reservedLook(name);
  return new Refusal({
    code: "not_you",
    message: `${name} would look like ${like}, who speaks from a shell: give another ${actor}`,
    hint: "run `hcom start` in a shell of this session to have a name here",
  });
}

function notYou(name: string, actor: string, caller: Instance): Refusal {
  return new Refusal({
    code: "not_you",
    message: `you are ${caller.name}, not ${name}: leave ${actor} out`,
  });
}

/** A subagent shares the conversation and the process of its root: its hook noted the action. */
function ofAction(bus: Bus, meta: JsonObject): Instance | undefined {
  for (const [name, value] of Object.entries(meta)) {
    if (typeof value !== "string" || !/(?:^|[^a-z])tool_?use_?id$/i.test(name)) continue;
    const actor = actorOfUse(bus, value);
    if (actor !== undefined) return findInstance(bus, actor);
  }
  return undefined;
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
