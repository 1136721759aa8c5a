// Where a launch from here would open agents, and whether it could.
import { hasPreset, presetInside } from "../../launch/terminals.ts";
import { findBinary } from "../../sys/binary.ts";
import type { System } from "../../sys/system.ts";

export function terminalFacts(config: string, { env }: System) {
  const inside = presetInside(env) ?? null;
  return { config, available: isAvailable(config, inside, env), inside };
}

function isAvailable(config: string, inside: string | null, env: System["env"]): boolean {
  // One agent runs in the terminal that we are in.
  if (config === "default" || config === "here") return true;
  if (!hasPreset(config)) return false;
  return inside !== null || findBinary({ name: "tmux", fallbacks: [] }, env) !== undefined;
}
