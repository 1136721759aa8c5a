// A new agent that takes over name and mail of one that has stopped: whose they are.

import { findInstance } from "../bus/agents/identity.ts";
import { stoppedByName } from "../bus/agents/stopped.ts";
import type { Bus } from "../bus/bus.ts";
import type { AgentSnapshot } from "../core/events/life.ts";
import { fullName } from "../core/names/address.ts";
import { exitCode, Refusal } from "../core/refusal.ts";

export function heirOf(
  bus: Bus,
  written: string,
  { count, takenUp }: { count: number; takenUp: "resume" | "fork" | undefined },
): AgentSnapshot {
  if (count !== 1 || takenUp !== undefined) throw usage(takenUp);
  const live = findInstance(bus, written);
  if (live !== undefined) {
    throw new Refusal({
      code: "name_in_use",
      message: `${fullName(live)} has not stopped: it is ${live.status}`,
      hint: `end it first: hcom kill ${fullName(live)}`,
    });
  }
  const left = stoppedByName(bus, written);
  if (left !== undefined && left.parent_name === null) return left;
  throw new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `no agent "${written}" has stopped here`,
    hint: "who has: hcom list --stopped --all",
  });
}

function usage(takenUp: string | undefined): Refusal {
  const isTakenUp = takenUp !== undefined;
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: isTakenUp ? `--as does not go with ${takenUp}` : "one name is for one agent",
    hint: isTakenUp ? "a resumed agent keeps its own name" : "leave the number or --as out",
  });
}
