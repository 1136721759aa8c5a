// Ties a tool's session to an instance, along the path that core/binding.ts decides, in one
// transaction. Called when a hook first shows a session.
import { type Binding, decideBinding } from "../../../core/binding.ts";
import { type AgentSnapshot, snapshotIn } from "../../../core/events/life.ts";
import type { Instance } from "../../../core/instance.ts";
import { unreachable } from "../../../core/refusal.ts";
import {
  deleteSessionBindings,
  processBinding,
  rebindSession,
  sessionBinding,
  setProcessBinding,
} from "../../../store/bindings.ts";
import { moveEndpoints } from "../../../store/endpoints.ts";
import { latestStoppedBySession } from "../../../store/events.ts";
import {
  childrenOf,
  getInstance,
  instanceBySession,
  updateInstance,
} from "../../../store/instances.ts";
import { restoreOrders } from "../../../store/subscriptions.ts";
import { setStatus } from "../../agents/set-status.ts";
import type { Bus } from "../../bus.ts";
import { letIn } from "../../gate.ts";
import { deleteQuietly } from "../stop.ts";
import { type Reservation, reserve } from "./reserve.ts";

export interface SessionSeen {
  session: string;
  processId: string | undefined;
  /** A fork tells its parent's id first: its own must not be taken for the parent. */
  isFork?: boolean;
  /**
   * The session begins or is taken up again: only then may a stopped instance come back. A session
   * that goes on after `hcom stop` stays out until `hcom start`.
   */
  mayRestore?: boolean;
}

/** The instance the session belongs to now, or undefined when nothing is known about it. */
export function bindSession(bus: Bus, seen: SessionSeen): Instance | undefined {
  return bus.db.write(() => {
    const decision = decideBinding(viewOf(bus, seen));
    const name = carryOut(bus, decision, seen);
    return name === undefined ? undefined : getInstance(bus.db, name);
  });
}

function viewOf(bus: Bus, seen: SessionSeen): Parameters<typeof decideBinding>[0] {
  const binding = seen.processId === undefined ? undefined : processBinding(bus.db, seen.processId);
  const ofProcess = binding === undefined ? undefined : getInstance(bus.db, binding.instance_name);
  const owner = seen.isFork ? undefined : ownerOf(bus, seen.session);
  const stopped = seen.mayRestore ? stoppedSnapshot(bus, seen.session) : undefined;
  // Somebody may have taken the name back in another session meanwhile.
  const isFree = stopped !== undefined && getInstance(bus.db, stopped.name) === undefined;
  return {
    ofProcess,
    sessionOwner: owner,
    sessionRow: owner === undefined ? undefined : getInstance(bus.db, owner),
    stoppedOwner: isFree ? stopped.name : undefined,
  };
}

// Who left its terminal to another agent has no binding any more, but it is still its session.
function ownerOf(bus: Bus, session: string): string | undefined {
  return sessionBinding(bus.db, session) ?? instanceBySession(bus.db, session)?.name;
}

function carryOut(bus: Bus, decision: Binding, seen: SessionSeen): string | undefined {
  switch (decision.path) {
    case "canonical":
      updateInstance(bus.db, decision.name, { last_stop: 0 });
      break;
    case "merge":
      absorb(bus, decision.placeholder, decision.name);
      break;
    case "switch":
      // A late hook of a session that was left takes no process back.
      if (!seen.mayRestore) return decision.name;
      moveEndpoints(bus.db, decision.leaving.name, decision.name);
      carryProcess(bus, decision.leaving, decision.name);
      setStatus(bus, decision.leaving.name, { status: "inactive", context: "exit:session_switch" });
      deleteSessionBindings(bus.db, decision.leaving.name);
      break;
    case "restore":
      restore(bus, decision.name, decision.placeholder, seen);
      break;
    case "placeholder":
      break;
    case "none":
      return undefined;
    default:
      return unreachable(decision);
  }
  if (!seen.isFork || !isOfAnother(bus, decision.name, seen.session)) {
    ownSession(bus, decision.name, seen);
  }
  return decision.name;
}

function isOfAnother(bus: Bus, name: string, session: string): boolean {
  const owner = ownerOf(bus, session) ?? stoppedSnapshot(bus, session)?.name;
  return owner !== undefined && owner !== name;
}

/** The session is this instance's from now on, and nobody else's. */
export function ownSession(bus: Bus, name: string, seen: SessionSeen): void {
  const now = bus.system.now() / 1000;
  const holder = instanceBySession(bus.db, seen.session);
  if (holder !== undefined && holder.name !== name) setSession(bus, holder, null);
  const row = getInstance(bus.db, name);
  if (row !== undefined && row.session_id !== seen.session) setSession(bus, row, seen.session);
  rebindSession(bus.db, { session: seen.session, name, now });
  bus.db.afterCommit("let-in", () => letIn(bus));
  if (seen.processId !== undefined) {
    setProcessBinding(bus.db, { processId: seen.processId, session: seen.session, name, now });
  }
}

// Subagents point at their root's session, and the foreign key does not wait for the commit.
function setSession(bus: Bus, row: Instance, session: string | null): void {
  const children = childrenOf(bus.db, { name: row.name, session: row.session_id }).filter(
    (child) => child.parent_session_id !== null && child.parent_session_id === row.session_id,
  );
  for (const child of children) updateInstance(bus.db, child.name, { parent_session_id: null });
  updateInstance(bus.db, row.name, { session_id: session });
  for (const child of children) updateInstance(bus.db, child.name, { parent_session_id: session });
}

function absorb(bus: Bus, placeholder: Instance, name: string): void {
  moveEndpoints(bus.db, placeholder.name, name);
  carryProcess(bus, placeholder, name);
  deleteQuietly(bus, placeholder);
}

/** What belongs to the running process and not to the conversation moves along with it. */
export function carryProcess(bus: Bus, from: Instance, to: string): void {
  updateInstance(bus.db, to, {
    pid: from.pid,
    launch_context: from.launch_context,
    background: from.background,
    background_log_file: from.background_log_file,
    ...(from.tag === null ? {} : { tag: from.tag }),
    ...(from.launch_args === "" ? {} : { launch_args: from.launch_args }),
  });
}

function restore(
  bus: Bus,
  name: string,
  placeholder: Instance | undefined,
  seen: SessionSeen,
): void {
  const snapshot = stoppedSnapshot(bus, seen.session);
  if (snapshot === undefined) return;
  reserveFromSnapshot(bus, snapshot);
  if (placeholder !== undefined) absorb(bus, placeholder, name);
}

/** Brings a stopped instance back as it was: same name, principal, cursor, so its mail is there. */
export function reserveFromSnapshot(
  bus: Bus,
  snapshot: AgentSnapshot,
  now: Partial<Omit<Reservation, "name" | "cursor" | "principal">> = {},
): Instance {
  return bus.db.write(() => {
    const row = reserve(bus, comingBack(bus, snapshot, now));
    restoreOrders(bus.db, row.name, snapshot.subscriptions ?? []);
    return row;
  });
}

function comingBack(
  bus: Bus,
  snapshot: AgentSnapshot,
  now: Partial<Omit<Reservation, "name" | "cursor" | "principal">>,
): Reservation {
  return {
    tool: snapshot.tool,
    tag: snapshot.tag,
    directory: snapshot.directory ?? bus.system.cwd,
    by: snapshot.name,
    isLaunched: false,
    ...now,
    name: snapshot.name,
    cursor: snapshot.last_event_id,
    ...(snapshot.principal ? { principal: snapshot.principal } : {}),
    row: {
      transcript_path: snapshot.transcript_path,
      hints: snapshot.hints,
      wait_timeout: snapshot.wait_timeout,
      subagent_timeout: snapshot.subagent_timeout,
      launch_args: snapshot.launch_args,
      parent_name: snapshot.parent_name,
      agent_id: snapshot.agent_id,
      ...now.row,
    },
  };
}

function stoppedSnapshot(bus: Bus, session: string): AgentSnapshot | undefined {
  return snapshotIn(latestStoppedBySession(bus.db, session));
}
