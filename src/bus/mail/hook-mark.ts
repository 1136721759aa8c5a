// A sign of life of an agent's hooks: the newest event in the log that one of them has written.
import { newestStatusBy } from "../../store/history.ts";
import { hookNames } from "../../tools/index.ts";
import type { Bus } from "../bus.ts";

/** 0 when no hook of this agent has ever spoken. */
export function newestHookEvent(bus: Bus, name: string): number {
  return newestStatusBy(bus.db, name, hookNames);
}
