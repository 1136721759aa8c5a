// The outside world as the verbs see it: time, chance, environment, log. The real form is here;
// tests hand in their own. Files, processes and sockets have their own modules in this folder.
import { appendLog, type LogRecord } from "./log.ts";

export interface System {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never jump; only differences mean something. */
  monotonic(): number;
  /** 0 <= x < 1 */
  random(): number;
  uuid(): string;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  cwd: string;
  pid: number;
  log(record: LogRecord): void;
}

/** The directory may have been deleted under us: agents remove worktrees that they stand in. */
function workingDirectory(env: System["env"]): string {
  try {
    return process.cwd();
  } catch {
    return env["PWD"] ?? "/";
  }
}

/** `cwd` where it is not simply that of the process. */
export function realSystem(cwd?: string): System {
  const env = process.env;
  return {
    now: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    env,
    home: env["HOME"] || env["USERPROFILE"] || "/",
    cwd: cwd ?? workingDirectory(env),
    pid: process.pid,
    log: (record) => appendLog(env, record),
  };
}
