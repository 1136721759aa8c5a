// Takes in what a hook saw of a session that is settled: finds its instance and writes its status.
// Sessions that begin, move or end are `settle.ts`: few calls need it, so no other loads it.
import type { Fact } from "../../core/fact.ts";
import type { Instance, LaunchContext } from "../../core/instance.ts";
import { asObject, parseJson } from "../../core/json.ts";
import { statusOf } from "../../core/observe.ts";
import { processBinding, sessionBinding } from "../../store/bindings.ts";
import { getInstance, instanceBySession, updateInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";
import { addToLaunchContext } from "./launch-context.ts";
import { setStatus } from "./set-status.ts";

/** `settled` without a row: the session does not take part. */
export type Observed = { kind: "settled"; row: Instance | undefined } | { kind: "unsettled" };

/**
 * The instance behind a fact, with its row brought up to date. `processId` is the launch's id where
 * the environment still carries it.
 */
export function observe(bus: Bus, fact: Fact, processId: string | undefined): Observed {
  if (fact.kind === "session-end") return { kind: "unsettled" };
  const row = recognise(bus, fact, processId);
  if (row === "unsettled") return { kind: "unsettled" };
  return { kind: "settled", row: row === undefined ? undefined : takeIn(bus, row, fact) };
}

// The session in the payload comes first: it is what the tool itself says. Only a session that
// is not known yet asks for the process.
function recognise(
  bus: Bus,
  fact: Fact,
  processId: string | undefined,
): Instance | undefined | "unsettled" {
  if (fact.session === undefined) return ofProcess(bus, processId);
  const owner = sessionBinding(bus.db, fact.session);
  const row = owner === undefined ? undefined : getInstance(bus.db, owner);
  const binding = processId === undefined ? undefined : processBinding(bus.db, processId);
  if (row === undefined && binding === undefined && isStranger(bus, fact, fact.session)) {
    return undefined;
  }
  const isSettled = row?.session_id === fact.session;
  const isMoved = binding !== undefined && binding.instance_name !== row?.name;
  return isSettled && !isMoved ? row : "unsettled";
}

// Most sessions of a user take no part: their hooks end here.
function isStranger(bus: Bus, fact: Fact, session: string): boolean {
  return fact.kind !== "session-start" && instanceBySession(bus.db, session) === undefined;
}

export function ofProcess(bus: Bus, processId: string | undefined): Instance | undefined {
  const binding = processId === undefined ? undefined : processBinding(bus.db, processId);
  return binding === undefined ? undefined : getInstance(bus.db, binding.instance_name);
}

/** The row, as it is after what the fact says about it was written. */
export function takeIn(bus: Bus, row: Instance, fact: Fact): Instance | undefined {
  const isMoved = refresh(bus, row, fact);
  const change = statusOf(fact, row);
  const isChanged = change !== undefined && !repeats(row, change);
  if (isChanged) setStatus(bus, row.name, { ...change, writer: fact.hook });
  return isMoved || isChanged ? getInstance(bus.db, row.name) : row;
}

/**
 * Where the session stands: directory, transcript, what its tool tells about itself. True when it
 * was written.
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
  const told: LaunchContext = {
    ...(fact.toolPid === undefined ? {} : { tool_pid: fact.toolPid }),
    ...(fact.permissions === undefined ? {} : { permissions: fact.permissions }),
    ...(fact.configDir === undefined ? {} : { config_dir: fact.configDir }),
    ...(fact.version === undefined ? {} : { tool_version: fact.version }),
  };
  const isNews = Object.entries(told).some(([key, value]) => context[key] !== value);
  if (isNews) addToLaunchContext(bus, row.name, told);
  const isMoved = Object.keys(patch).length > 0;
  if (isMoved) updateInstance(bus.db, row.name, patch);
  return isMoved || isNews;
}

function repeats(row: Instance, change: { status: string; context: string }): boolean {
  return (
    change.status === "listening" &&
    row.status === "listening" &&
    row.status_context === change.context
  );
}
