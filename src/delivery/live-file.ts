// Reads what the tool publishes about its running session, when it does: one small file that it
// rewrites with every change. Parsed only when it has changed.
import { type BigIntStats, statSync } from "node:fs";
import { readText } from "../sys/files.ts";
import { childPids } from "../sys/process.ts";
import type { LiveRegistry, LiveSession } from "../tools/tool.ts";

export interface LiveFile {
  session: LiveSession;
  /** Epoch milliseconds of the last write. */
  changedAt: number;
  /** The process that the file speaks of: ours, or the program that ours started. */
  pid: number;
}

export interface LiveFileOptions {
  registry: LiveRegistry | undefined;
  configDir: string;
  pid: number;
  pidStart: string | undefined;
}

/** A launcher script that stays in front of the program has another pid than the program. */
const searchEveryMs = 2000;

export function liveFile(options: LiveFileOptions): (nowMs: number) => LiveFile | undefined {
  const { registry, configDir } = options;
  if (registry === undefined) return () => undefined;
  let pid = options.pid;
  let searchedAt = Number.NEGATIVE_INFINITY;
  let stamp = "";
  let known: LiveFile | undefined;
  return (nowMs) => {
    const stat = statOf(registry.path(configDir, pid));
    if (stat === undefined) {
      stamp = "";
      known = undefined;
      if (nowMs - searchedAt < searchEveryMs) return undefined;
      searchedAt = nowMs;
      const candidates = [options.pid, ...childPids(options.pid)];
      pid = candidates.find((one) => statOf(registry.path(configDir, one))) ?? options.pid;
      return undefined;
    }
    const next = `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
    if (next === stamp) return known;
    const session = registry.read(readText(registry.path(configDir, pid)) ?? "");
    // Half written: the next look sees it whole.
    if (session === undefined) return known;
    stamp = next;
    const isStranger =
      pid === options.pid &&
      session.processStart !== undefined &&
      options.pidStart !== undefined &&
      session.processStart !== options.pidStart;
    known = isStranger ? undefined : { session, changedAt: Number(stat.mtimeMs), pid };
    return known;
  };
}

function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
