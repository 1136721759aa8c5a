// Takes in what a hook saw: finds the instance it belongs to and writes its status.
import type { Fact } from "../../core/fact.ts";
import type { Instance } from "../../core/instance.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { statusOf } from "../../core/observe.ts";
import { hasProcessBinding, processBinding, sessionBinding } from "../../store/bindings.ts";
import { getInstance, instanceBySession, updateInstance } from "../../store/instances.ts";
import { isNestedBelow } from "../../sys/ancestry.ts";
import type { Bus } from "../bus.ts";
import { stopInstance } from "../life/stop.ts";
import { bindSession } from "./bind.ts";
import { setStatus } from "./set-status.ts";

/**
 * The instance behind a fact, with its row brought up to date, or undefined when the session does
 * not take part. `processId` is the launch's id where the environment still carries it.
 */
export function observe(bus: Bus, fact: Fact, processId: string | undefined): Instance | undefined {
  if (fact.kind === "session-end") {
    const leaving = ofSession(bus, fact, processId);
    return leaving === undefined ? undefined : endSession(bus, leaving, fact.reason);
  }
  const row = resolve(bus, fact, processId);
  if (row === undefined) return undefined;
  const isMoved = refresh(bus, row, fact);
  const change = statusOf(fact, row);
  const isChanged = change !== undefined && !repeats(row, change);
  if (isChanged) setStatus(bus, row.name, { ...change, writer: fact.hook });
  return isMoved || isChanged ? getInstance(bus.db, row.name) : row;
}

// The session in the payload comes first: it is what the tool itself says. Only a session that
// is not known yet asks for the process.
function resolve(bus: Bus, fact: Fact, processId: string | undefined): Instance | undefined {
  if (fact.session === undefined) return ofProcess(bus, processId);
  const owner = sessionBinding(bus.db, fact.session);
  const row = owner === undefined ? undefined : getInstance(bus.db, owner);
  const binding = processId === undefined ? undefined : processBinding(bus.db, processId);
  const isSettled = row?.session_id === fact.session;
  if (isSettled && (binding === undefined || binding.instance_name === row.name)) {
    return row;
  }
  const bound = binding === undefined ? undefined : getInstance(bus.db, binding.instance_name);
  const isStart = fact.kind === "session-start";
  return bindSession(bus, {
    session: fact.session,
    processId: bound !== undefined && isForeign(bound, fact) ? undefined : processId,
    isFork: isStart && fact.source === "fork",
    mayRestore: isStart && (fact.source === "startup" || fact.source === "resume"),
  });
}

// An agent that runs an agent program as a command hands its environment down to it. That one is
// somebody else: it must not take the session, the mail or the name.
function isForeign(bound: Instance, fact: Fact): boolean {
  if (bound.tool !== fact.tool) return true;
  return bound.session_id !== null && bound.pid !== null && isNestedBelow(bound.pid);
}

// An end ties nothing: a session that its agent has left for another one ends without it.
function ofSession(bus: Bus, fact: Fact, processId: string | undefined): Instance | undefined {
  if (fact.session === undefined) return ofProcess(bus, processId);
  return instanceBySession(bus.db, fact.session);
}

function ofProcess(bus: Bus, processId: string | undefined): Instance | undefined {
  const binding = processId === undefined ? undefined : processBinding(bus.db, processId);
  return binding === undefined ? undefined : getInstance(bus.db, binding.instance_name);
}

/**
 * Where the session stands: directory, transcript, the tool's own pid. True when it was written.
 */
function refresh(bus: Bus, row: Instance, fact: Fact): boolean {
  const patch: Partial<Instance> = {};
  if (fact.directory !== undefined && fact.directory !== row.directory) {
    patch.directory = fact.directory;
  }
  if (fact.transcript !== undefined && fact.transcript !== row.transcript_path) {
    patch.transcript_path = fact.transcript;
  }
  const context = asObject(parseJson(row.launch_context));
  if (fact.toolPid !== undefined && context["tool_pid"] !== fact.toolPid) {
    patch.launch_context = JSON.stringify({ ...context, tool_pid: fact.toolPid });
  }
  const isMoved = Object.keys(patch).length > 0;
  if (isMoved) updateInstance(bus.db, row.name, patch);
  return isMoved;
}

// `/clear` and `/resume` end a session and start another one in the same process: the agent stays.
function endSession(bus: Bus, row: Instance, reason: string): Instance | undefined {
  if (reason === "clear") return row;
  if (reason === "resume" && hasProcessBinding(bus.db, row.name)) return row;
  bus.db.write(() => {
    const context = `exit:${reason}`;
    setStatus(bus, row.name, { status: "inactive", context, writer: "session-end" });
    stopInstance(bus, row.name, { by: row.name, reason });
  });
  return undefined;
}

function repeats(row: Instance, change: { status: string; context: string }): boolean {
  return (
    change.status === "listening" &&
    row.status === "listening" &&
    row.status_context === change.context
  );
}
