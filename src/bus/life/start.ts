// Joins the log: gives the calling session a name, or gives it back the one it had.

import { snapshotIn } from "../../core/events/life.ts";
import { type Instance, reservedNames } from "../../core/instance.ts";
import { isPlaceholder } from "../../core/liveness.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { checkNameArgument, fullName } from "../../core/names/address.ts";
import { isBaseName, whyNoName } from "../../core/names/name.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { setProcessBinding } from "../../store/bindings.ts";
import { moveEndpoints } from "../../store/endpoints.ts";
import { latestStopped } from "../../store/events.ts";
import { getInstance, updateInstance } from "../../store/instances.ts";
import { type Identity, sessionOfCaller, whoAmI } from "../agents/identity.ts";
import { setStatus } from "../agents/set-status.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { carryProcess, ownSession, reserveFromSnapshot } from "./binding/bind.ts";
import { reserve } from "./binding/reserve.ts";
import { stopInstance } from "./stop.ts";

export interface Started {
  row: Instance;
  /** False: this session already took part. */
  isNew: boolean;
}

export interface StartOrder {
  /** Name of the tool that runs us, or `adhoc`. */
  tool: string;
  /** A name to take back. */
  as?: string | undefined;
  /** What `--name` said: an instance, or a subagent's id. */
  name?: string | undefined;
}

/** One transaction, so that a session that starts twice at once is one agent. */
export function start(bus: Bus, order: StartOrder): Started {
  return bus.db.write(() => startNow(bus, order));
}

function startNow(bus: Bus, order: StartOrder): Started {
  if (order.as !== undefined) return { row: reclaim(bus, order, order.as), isNew: true };
  const self = whoAmI(bus, { name: order.name });
  if (self.kind === "instance" && !isPlaceholder(self.row)) return promote(bus, self.row);
  if (self.kind === "instance") return { row: begin(bus, self.row), isNew: true };
  const row = reserve(bus, {
    tool: order.tool,
    directory: bus.system.cwd,
    by: "self",
    isLaunched: false,
    tag: null,
  });
  return { row: begin(bus, row), isNew: true };
}

/** A subagent that takes part for the first time; anybody else has started already. */
function promote(bus: Bus, row: Instance): Started {
  if (row.parent_name === null || row.name_announced === 1) return { row, isNew: false };
  setStatus(bus, row.name, { status: "active", context: "tool:start", writer: "start" });
  updateInstance(bus.db, row.name, { name_announced: 1 });
  return { row: getInstance(bus.db, row.name) ?? row, isNew: true };
}

function begin(bus: Bus, row: Instance): Instance {
  return bus.db.write(() => {
    tie(bus, row.name);
    const status = isAdHoc(row) ? ("inactive" as const) : ("active" as const);
    setStatus(bus, row.name, { status, context: "tool:start", writer: "start" });
    updateInstance(bus.db, row.name, { name_announced: 1 });
    append(bus, {
      type: "life",
      instance: row.name,
      data: { action: "started", by: row.name, tool: row.tool },
    });
    return getInstance(bus.db, row.name) ?? row;
  });
}

/** The session of the caller, where its tool tells, and its process belong to this row now. */
function tie(bus: Bus, name: string): void {
  const now = bus.system.now() / 1000;
  const processId = bus.system.env["HCOM_PROCESS_ID"];
  if (processId !== undefined && processId !== "") {
    setProcessBinding(bus.db, { processId, session: null, name, now });
  }
  const session = sessionOfCaller(bus);
  if (session === undefined) return;
  ownSession(bus, name, { session, processId: undefined });
}

function reclaim(bus: Bus, order: StartOrder, wanted: string): Instance {
  checkReclaimName(wanted);
  const live = getInstance(bus.db, wanted);
  const self = whoAmI(bus, { name: order.name });
  const snapshot = snapshotIn(latestStopped(bus.db, wanted));
  checkNoSubagent(wanted, live ?? snapshot, self);
  if (live !== undefined) {
    if (self.kind === "instance" && self.name === wanted) return live;
    checkTakeover(bus, live, order.tool);
  }
  return bus.db.write(() => {
    if (live !== undefined) {
      stopInstance(bus, wanted, { by: wanted, reason: "reclaimed" });
    }
    const row = takeBack(bus, order, wanted);
    if (self.kind === "instance" && self.name !== wanted) {
      // It goes on in the process of the row that it gives up.
      moveEndpoints(bus.db, self.name, wanted);
      carryProcess(bus, self.row, wanted);
      stopInstance(bus, self.name, {
        by: wanted,
        reason: "reclaimed",
        // A name that was never used is free again; a life that was lived keeps its name.
        isPlaceholder: self.row.name_announced === 0,
      });
    }
    return begin(bus, row);
  });
}

function takeBack(bus: Bus, order: StartOrder, wanted: string): Instance {
  const snapshot = snapshotIn(latestStopped(bus.db, wanted));
  if (snapshot !== undefined) {
    return reserveFromSnapshot(bus, snapshot, { tool: order.tool, directory: bus.system.cwd });
  }
  return reserve(bus, {
    tool: order.tool,
    name: wanted,
    directory: bus.system.cwd,
    by: "self",
    isLaunched: false,
  });
}

/** The names of subagents are their root's to give, and a subagent stays what it is. */
function checkNoSubagent(
  wanted: string,
  holder: { parent_name: string | null } | undefined,
  self: Identity,
): void {
  if (self.kind === "instance" && self.row.parent_name !== null) {
    throw new Refusal({
      code: "is_subagent",
      message: `${self.name} is a subagent of ${self.row.parent_name} and cannot be ${wanted}`,
      hint: "say what you have to say under your own name, or end your turn",
    });
  }
  if (!holder?.parent_name) return;
  throw new Refusal({
    code: "subagent_name",
    message: `${wanted} is the name of a subagent of ${holder.parent_name}`,
    hint: "choose another name, or take the one that hcom start gives you",
  });
}

function checkReclaimName(wanted: string): void {
  if (wanted.includes(":")) {
    throw new Refusal({
      code: "remote_start",
      message: `cannot start ${wanted} from here: it lives on another device`,
      hint: "run hcom start there",
    });
  }
  checkNameArgument(wanted);
  if (isBaseName(wanted) && !reservedNames.includes(wanted)) return;
  throw new Refusal({
    code: "bad_name",
    exit: exitCode.usage,
    message: `"${wanted}" cannot be an agent's name: ${whyNoName(wanted)}`,
    hint: "hcom start gives you a name",
  });
}

/** A live name may be taken over only by its own session, tool and place. */
function checkTakeover(bus: Bus, live: Instance, tool: string): void {
  const session = sessionOfCaller(bus);
  const isSame = session !== undefined && live.session_id === session;
  const isIdle = live.session_id === null && live.status === "inactive";
  const fits = live.tool === tool && live.directory === bus.system.cwd;
  if (isSame || ((isIdle || live.status === "inactive") && fits)) return;
  throw new Refusal({
    code: "name_in_use",
    message:
      `${fullName(live)} is somebody else's: ${live.tool} in ${live.directory}, ` +
      `${live.status}`,
    hint:
      `if it is really gone: hcom stop ${fullName(live)}, ` +
      `then again: hcom start --as ${live.name}`,
  });
}
