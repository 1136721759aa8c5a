// What of the worker can be seen from outside: a lock that it holds as long as it lives, and a file
// in which it says how it is. The file's time is its sign of life.
import type { Bus } from "../bus/bus.ts";
import type { RelaySetup } from "../config/relay.ts";
import { asNumber, asObject, asText, asTexts, parseJson } from "../core/json.ts";
import { type Health, healthOf, type Signs } from "../core/relay/health.ts";
import { type LeftOut, readLeftOut } from "../core/relay/payload.ts";
import { FileLock } from "../store/file-lock.ts";
import { ensurePrivateDir, readText, removeFile, writeAtomic } from "../sys/files.ts";
import { fs } from "../sys/fs.ts";
import { isSameProcess, processStart } from "../sys/process.ts";
import { ownProgram } from "../sys/program.ts";
import { allMarkers } from "../tools/index.ts";

export interface Runtime {
  pid: number;
  start: string;
  status: NonNullable<Signs["status"]>;
  error: string | undefined;
  /** The broker it talks to. */
  broker: string | undefined;
  /** How long the last publish took to be confirmed. */
  roundTripMs: number | undefined;
  /** Epoch seconds. */
  lastPush: number | undefined;
  /** Of what this device has, others do not see so much: it fits through no publish. */
  leftOut: LeftOut;
  /** What a person should know and do, one sentence each. */
  problems: string[];
}

/** A directory of ours, its log open or not. */
export type Home = Pick<Bus, "paths" | "system">;

export const signEveryMs = 3000;

export function workerLock(bus: Bus): FileLock {
  ensurePrivateDir(bus.paths.tmp);
  return new FileLock(`${bus.paths.tmp}/relay.lock`);
}

export function writeRuntime(bus: Bus, runtime: Omit<Runtime, "pid" | "start">): void {
  const start = processStart(bus.system.pid) ?? "";
  const text = JSON.stringify({ pid: bus.system.pid, start, ...runtime });
  writeAtomic(runtimePath(bus), `${text}\n`);
}

/** Alive, and nothing new to say. */
export function touchRuntime(bus: Bus): void {
  const now = bus.system.now() / 1000;
  try {
    fs().utimesSync(runtimePath(bus), now, now);
  } catch {
    // The directory is being replaced: the next change writes the file anew.
  }
}

export function removeRuntime(bus: Bus): void {
  removeFile(runtimePath(bus));
}

export function readRuntime(bus: Home): Runtime | undefined {
  const found = asObject(parseJson(readText(runtimePath(bus)) ?? ""));
  const pid = asNumber(found["pid"]);
  if (pid === undefined) return undefined;
  const known = (["ok", "error", "connecting", "disconnected"] as const).find(
    (one) => one === found["status"],
  );
  return {
    pid,
    start: asText(found["start"]) ?? "",
    status: known ?? "connecting",
    error: asText(found["error"]),
    broker: asText(found["broker"]),
    roundTripMs: asNumber(found["roundTripMs"]),
    lastPush: asNumber(found["lastPush"]),
    leftOut: readLeftOut(asObject(found["leftOut"])),
    problems: asTexts(found["problems"]),
  };
}

export function isRunning(bus: Home): boolean {
  const runtime = readRuntime(bus);
  return runtime !== undefined && isSameProcess(runtime.pid, runtime.start);
}

export function health(bus: Bus, setup: RelaySetup): Health {
  if (setup.kind === "broken") return { kind: "error", reason: "reported", detail: setup.problem };
  const runtime = readRuntime(bus);
  return healthOf({
    isConfigured: setup.kind === "ready",
    isEnabled: setup.kind === "ready" && setup.config.isEnabled,
    status: runtime?.status,
    error: runtime?.error,
    worker:
      runtime === undefined
        ? undefined
        : { pid: runtime.pid, isAlive: isSameProcess(runtime.pid, runtime.start) },
    heartbeatAge: ageOf(bus),
  });
}

function ageOf(bus: Bus): number | undefined {
  const stat = fs().statSync(runtimePath(bus), { throwIfNoEntry: false });
  return stat === undefined ? undefined : (bus.system.now() - stat.mtimeMs) / 1000;
}

function runtimePath(bus: Home): string {
  return `${bus.paths.tmp}/relay-worker.json`;
}

/** Nobody waits for it. Two at once are settled by the lock. */
export function startWorker(bus: Home): number {
  const child = Bun.spawn([...ownProgram(), "relay-worker"], {
    cwd: "/",
    env: environmentOf(bus),
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    detached: true,
  });
  child.unref();
  return child.pid;
}

/** What it starts for others must not believe to be somebody's agent. */
export function environmentOf(bus: Home): Record<string, string> {
  const markers = new Set<string>(allMarkers);
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(bus.system.env)) {
    if (value === undefined || markers.has(key)) continue;
    if (key.startsWith("HCOM_") && key !== "HCOM_LOG_BACKUPS") continue;
    env[key] = value;
  }
  if (bus.paths.isDirGiven) env["HCOM_DIR"] = bus.paths.dir;
  return env;
}
