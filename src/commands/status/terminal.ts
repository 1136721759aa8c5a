// Where a launch from here would open agents, and whether it could.
import { pathsOf } from "../../config/paths.ts";
import { Refusal } from "../../core/refusal.ts";
import {
  isInstalled,
  namedTerminal,
  type Surroundings,
  surroundings,
  terminalInside,
} from "../../launch/terminals/choose.ts";
import type { System } from "../../sys/system.ts";

export function terminalFacts(config: string, system: System) {
  const around = surroundings({ paths: pathsOf(system.env, system.cwd), system });
  const inside = terminalInside(around)?.name ?? null;
  return { config, available: isAvailable(config, around), inside };
}

function isAvailable(config: string, around: Surroundings): boolean {
  // One agent runs in the terminal that we are in, and a script is for its owner to run.
  if (["default", "here", "print"].includes(config)) return true;
  try {
    return isInstalled(namedTerminal(config, around), around);
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
