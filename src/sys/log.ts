// The program's log: JSON lines in `.tmp/logs/hcom.log`, rotated by size, secrets removed.
// A failure to log is never an error of the caller.
import { fs } from "./fs.ts";
import { hcomDir } from "./hcom-dir.ts";
import { dirState } from "./own-dir.ts";

export interface LogRecord {
  level: "debug" | "info" | "warn" | "error";
  /** Part of the program: hooks, delivery, launch, store ... */
  subsystem: string;
  event: string;
  instance?: string;
  msg?: string;
  /** Said once in so many milliseconds by all processes together: what every hook would say. */
  atMostEveryMs?: number;
  [key: string]: unknown;
}

const maxBytes = 8_000_000;
const secret = /("(?:[a-z_]*(?:token|secret|psk|password|api_key))"\s*:\s*")[^"]*"/gi;

export function appendLog(
  env: Readonly<Record<string, string | undefined>>,
  record: LogRecord,
): void {
  try {
    const dir = hcomDir(env);
    // Who removed the directory while an agent ran wants it to stay away; a bug is told anyway.
    if (record.level !== "error" && !fs().existsSync(dir)) return;
    const folder = `${dir}/.tmp/logs`;
    const path = `${folder}/hcom.log`;
    const { atMostEveryMs, ...said } = record;
    if (atMostEveryMs !== undefined && wasSaid(folder, record, atMostEveryMs)) return;
    const line = JSON.stringify({ ts: new Date().toISOString(), ...said });
    try {
      write(path, line);
    } catch {
      // A directory that is somebody else's gets nothing of ours.
      if (dirState(dir).kind === "foreign" && !fs().existsSync(`${dir}/hcom.db`)) return;
      fs().mkdirSync(folder, { recursive: true, mode: 0o700 });
      write(path, line);
    }
    rotate(path, Number(env["HCOM_LOG_BACKUPS"] ?? 3));
  } catch {
    // Nowhere to say it.
  }
}

/** A file's time remembers when. */
function wasSaid(folder: string, record: LogRecord, withinMs: number): boolean {
  const stamp = `${folder}/said-${record.event.replace(/\W/g, "_")}`;
  const said = fs().statSync(stamp, { throwIfNoEntry: false });
  if (said !== undefined && Date.now() - said.mtimeMs < withinMs) return true;
  fs().mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs().writeFileSync(stamp, "", { mode: 0o600 });
  return false;
}

function write(path: string, line: string): void {
  fs().appendFileSync(path, `${line.replace(secret, '$1***"')}\n`, { mode: 0o600 });
}

function rotate(path: string, backups: number): void {
  if (fs().statSync(path).size < maxBytes) return;
  for (let n = backups - 1; n >= 1; n--) {
    try {
      fs().renameSync(`${path}.${n}`, `${path}.${n + 1}`);
    } catch {
      // That generation does not exist yet.
    }
  }
  fs().renameSync(path, `${path}.1`);
}
