// Everybody who takes part, with the status they really have; and the clean-up of those who do not
// any more, at most one per look.

import { type Instance, isOneShot, launchContextOf } from "../../core/instance.ts";
import { type Computed, cleanUpDue, computeStatus } from "../../core/liveness.ts";
import type { Hold } from "../../core/mail/hold.ts";
import { fullName } from "../../core/names/address.ts";
import { Refusal } from "../../core/refusal.ts";
import { describeStatus } from "../../core/status.ts";
import {
  hasProcessBinding,
  hasSessionBinding,
  processNames,
  sessionNames,
} from "../../store/bindings.ts";
import { countDeferred } from "../../store/deferred.ts";
import { wakeEndpoints } from "../../store/endpoints.ts";
import { countUnread } from "../../store/events.ts";
import { aliveNames, listInstances } from "../../store/instances.ts";
import { unreadCounts } from "../../store/mail/unread-counts.ts";
import { removeFile } from "../../sys/files.ts";
import { isProvenAlive } from "../agents/proven-alive.ts";
import type { Bus } from "../bus.ts";
import { holdOfAgent } from "../mail/hold.ts";
import { type Debt, openDebts } from "../watch/owed.ts";
import { finaliseLaunch } from "./finalise-launch.ts";
import { isWakeGrace } from "./grace.ts";
import { isProvenDead } from "./proven-dead.ts";
import { stopInstance } from "./stop.ts";

export interface Agent {
  row: Instance;
  /** Display name. */
  name: string;
  computed: Computed;
  description: string;
  unread: number;
  hooksBound: boolean;
  processBound: boolean;
  /** Answers that others wait for. */
  owes: Debt[];
}

/** With what holds its mail back, or would hold it. */
export interface HeldAgent extends Agent {
  hold: Hold | undefined;
}

export async function withHold(bus: Bus, agent: Agent): Promise<HeldAgent> {
  return { ...agent, hold: await holdOfAgent(bus, agent.row) };
}

export function listHeldAgents(bus: Bus): Promise<HeldAgent[]> {
  return Promise.all(listAgents(bus).map((agent) => withHold(bus, agent)));
}

/** Newest first. */
export function listAgents(bus: Bus): Agent[] {
  const isGrace = unlessUnwritable(false, () => isWakeGrace(bus));
  const known = everybody(bus);
  const agents = listInstances(bus.db).map((row) => agentFrom(bus, row, { isGrace, ...known }));
  if (isGrace) return agents;
  return unlessUnwritable(agents, () => cleanUp(bus, buryDead(bus, agents)));
}

/** A look must work where nothing can be written: clean-up waits for the next one. */
function unlessUnwritable<T>(fallback: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal && error.code.startsWith("database_")) return fallback;
    throw error;
  }
}

/** No clock is asked here, so there is no accident to fear: all of them at once. */
function buryDead(bus: Bus, agents: Agent[]): Agent[] {
  const dead = agents.filter((agent) => isProvenDead(bus, agent.row));
  for (const { row } of dead) {
    const reason = isOneShot(row) ? "closed" : "killed";
    stopInstance(bus, row.name, { by: "system", reason });
    removeSocket(row);
  }
  return agents.filter((agent) => !dead.includes(agent));
}

/** What hangs on a name, asked for at once where many are looked at. */
interface Known {
  hasEndpoint: { has(name: string): boolean };
  hasSession: { has(name: string): boolean };
  hasProcess: { has(name: string): boolean };
  unread(row: Instance): number;
  debts: readonly Debt[];
}

function everybody(bus: Bus): Known {
  const unread = unreadCounts(bus.db);
  return {
    hasEndpoint: new Set(wakeEndpoints(bus.db).map((endpoint) => endpoint.instance)),
    hasSession: sessionNames(bus.db),
    hasProcess: processNames(bus.db),
    unread: ({ name }) => unread.get(name) ?? 0,
    debts: openDebts(bus),
  };
}

/** A wrapper that was killed left its endpoint behind. */
function removeSocket(row: Instance): void {
  const path = launchContextOf(row).control_socket;
  if (path !== undefined && /\/w\d+\.sock$/.test(path)) removeFile(path);
}

export function agentOf(bus: Bus, row: Instance): Agent {
  return agentFrom(bus, row, {
    isGrace: unlessUnwritable(false, () => isWakeGrace(bus)),
    hasEndpoint: { has: (name) => wakeEndpoints(bus.db, [name]).length > 0 },
    hasSession: { has: (name) => hasSessionBinding(bus.db, name) },
    hasProcess: { has: (name) => hasProcessBinding(bus.db, name) },
    unread: (one) => unreadBy(bus, one),
    debts: openDebts(bus),
  });
}

function agentFrom(bus: Bus, row: Instance, known: Known & { isGrace: boolean }): Agent {
  const computed = computeStatus(row, {
    now: bus.system.now() / 1000,
    hasEndpoint: known.hasEndpoint.has(row.name),
    isGrace: known.isGrace,
    isStarting: () => isProvenAlive(row),
  });
  return {
    row,
    name: fullName(row),
    computed,
    description: describeStatus(computed.status, computed.context, row.tool),
    unread: known.unread(row),
    hooksBound: known.hasSession.has(row.name),
    processBound: known.hasProcess.has(row.name),
    owes: known.debts.filter((debt) => debt.by === row.name),
  };
}

/** With what waits for its next turn. */
function unreadBy(bus: Bus, { name, principal, last_event_id: cursor }: Instance): number {
  return countUnread(bus.db, { name, principal, cursor }) + countDeferred(bus.db, principal);
}

// One per look, so that a clock accident cannot stop everybody at once.
function cleanUp(bus: Bus, agents: Agent[]): Agent[] {
  for (const agent of agents) {
    if (agent.computed.context === "launch_failed") finaliseLaunch(bus, agent.row);
    const due = cleanUpDue(agent.row, agent.computed, bus.system.now() / 1000);
    if (due === undefined || isProvenAlive(agent.row)) continue;
    stopInstance(bus, agent.row.name, { by: "system", ...due });
    // Its subagents are gone with it.
    const left = new Set(aliveNames(bus.db));
    return agents.filter((one) => left.has(one.row.name));
  }
  return agents;
}
