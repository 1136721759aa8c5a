// Sessions that begin, move or end: binds the session of a fact to its instance, or takes the
// instance out of the log.
import type { Fact } from "../../../core/fact.ts";
import type { Instance } from "../../../core/instance.ts";
import { hasProcessBinding, processBinding } from "../../../store/bindings.ts";
import { getInstance, instanceBySession } from "../../../store/instances.ts";
import { isNestedBelow } from "../../../sys/ancestry.ts";
import { restartsItself } from "../../../tools/index.ts";
import { ofProcess, takeIn } from "../../agents/observe.ts";
import { setStatus } from "../../agents/set-status.ts";
import type { Bus } from "../../bus.ts";
import { stopInstance } from "../stop.ts";
import { bindSession } from "./bind.ts";

/** For what `observe` left unsettled: the instance, or undefined when the session takes no part. */
export function settle(bus: Bus, fact: Fact, processId: string | undefined): Instance | undefined {
  if (fact.kind === "session-end") {
    const leaving = ofSession(bus, fact, processId);
    return leaving === undefined ? undefined : endSession(bus, leaving, fact.reason);
  }
  const row = bind(bus, fact, processId);
  return row === undefined ? undefined : takeIn(bus, row, fact);
}

function bind(bus: Bus, fact: Fact, processId: string | undefined): Instance | undefined {
  if (fact.session === undefined) return ofProcess(bus, processId);
  const binding = processId === undefined ? undefined : processBinding(bus.db, processId);
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
  return (
    bound.session_id !== null &&
    bound.pid !== null &&
    isNestedBelow(bound.pid, restartsItself(bound.tool))
  );
}

// An end ties nothing: a session that its agent has left for another one ends without it.
function ofSession(bus: Bus, fact: Fact, processId: string | undefined): Instance | undefined {
  if (fact.session === undefined) return ofProcess(bus, processId);
  return instanceBySession(bus.db, fact.session);
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
