// What the database tells `hcom status`: whether it takes a write, who is here, what holds their
// mail, launches that failed; and who still has its log open after somebody removed it.
import { earlierAgents, takenOverFrom } from "../../bus/agents/earlier.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { launchFailures } from "../../bus/life/launch-failures.ts";
import { type HeldAgent, listHeldAgents } from "../../bus/life/list.ts";
import { deliveryHealth } from "../../bus/mail/delivery-health.ts";
import { whyUnwritable } from "../../bus/writability.ts";
import { heldBy, waitsUnreachably } from "../../cli/agent-row.ts";
import { urgentFirst } from "../../cli/person/agent-table.ts";
import type { Paths } from "../../config/paths.ts";
import type { Hold } from "../../core/mail/hold.ts";
import { Refusal } from "../../core/refusal.ts";
import { fileExists } from "../../sys/files.ts";
import { holdersOfRemoved } from "../../sys/reading/open-files.ts";
import type { System } from "../../sys/system.ts";

const states = ["active", "listening", "blocked", "error", "launching", "inactive"] as const;

export type DatabaseFacts = Awaited<ReturnType<typeof agentFacts>> | typeof nothingKnown;

const nothingKnown = {
  instances: { total: 0, launch_failures: [] },
  held: [],
  taken_over: null,
  earlier_agents: [],
  delivery: null,
} as const;

/** A database that cannot be read is a finding here, not a failure. */
export async function databaseFacts(system: System, paths: Paths, problem: Refusal | undefined) {
  const found = await look(system, paths, problem);
  const log = ["-wal", "-shm"].map((suffix) => `${paths.db}${suffix}`);
  return { ...found, log_holders: problem === undefined ? holdersOfRemoved(log) : [] };
}

async function look(
  system: System,
  paths: Paths,
  problem: Refusal | undefined,
): Promise<DatabaseFacts & { database: string }> {
  if (problem !== undefined) return { ...nothingKnown, database: "not looked at" };
  if (!fileExists(paths.db)) return { ...nothingKnown, database: "not made yet" };
  try {
    using bus = openBus(system, { writer: "status", repairModes: true });
    return { ...(await agentFacts(bus)), database: whyUnwritable(bus) ?? "ok" };
  } catch (error) {
    if (error instanceof Refusal) return { ...nothingKnown, database: error.message };
    throw error;
  }
}

async function agentFacts(bus: Bus) {
  const agents = await listHeldAgents(bus);
  // Scripts read every state, also one in which nobody is.
  const count: Record<string, number> = Object.fromEntries(states.map((state) => [state, 0]));
  for (const { computed } of agents) count[computed.status] = (count[computed.status] ?? 0) + 1;
  return {
    instances: { ...count, total: agents.length, launch_failures: launchFailures(bus) },
    held: urgentFirst(agents).flatMap(heldFields),
    taken_over: takenOverFrom(bus),
    earlier_agents: earlierAgents(bus),
    delivery: deliveryHealth(bus),
  };
}

/** Those for whose mail somebody can do something. */
function heldFields(agent: HeldAgent): { name: string; unread: number; hold: Hold }[] {
  const { name, unread, hold } = agent;
  if (hold === undefined) return [];
  const isHeld = heldBy(hold) !== undefined || waitsUnreachably(agent);
  return isHeld ? [{ name, unread, hold }] : [];
}
