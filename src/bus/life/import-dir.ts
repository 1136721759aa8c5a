// Takes over what lies in a directory of another hcom, of whatever generation we know: into an
// empty one of ours, from copies, so that the original stays as it is to the byte.

import { checkOwnDir } from "../../config/own-dir.ts";
import { type Paths, pathsOf } from "../../config/paths.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { importSummary, isBlank, type Summary } from "../../store/history.ts";
import { listInstances } from "../../store/instances.ts";
import { deleteKv } from "../../store/kv.ts";
import { ensurePrivateDir, isMissingOrEmpty } from "../../sys/files.ts";
import { fs } from "../../sys/fs.ts";
import { processStart } from "../../sys/process.ts";
import type { System } from "../../sys/system.ts";
import { type Bus, openBus } from "../bus.ts";
import { type Holder, holdersOf } from "./open-files.ts";
import { stopInstance } from "./stop.ts";

export interface Imported extends Summary {
  /** What was taken along beside the log. */
  files: string[];
  /** Agents whose processes run: with the directory that they came from, and not here. */
  running: string[];
  /** Programs that have the original open at this moment. */
  holders: Holder[];
}

/** Settings and variables, which have the same names and meaning here. */
const settings = ["config.toml", "config.env", "env"] as const;

export function importDir(system: System, from: string): Imported {
  const source = from.startsWith("/") ? from : `${system.cwd}/${from}`;
  const db = `${source}/hcom.db`;
  if (!fs().existsSync(db)) throw nothingThere(source);
  const paths = pathsOf(system.env, system.cwd);
  if (fs().realpathSync(source) === realOr(paths.dir)) throw itself(source);
  checkOwnDir(paths);
  if (!isMissingOrEmpty(paths.db)) dropBlank(system, paths);
  ensurePrivateDir(paths.dir);
  const holders = holdersOf([fs().realpathSync(db)]);
  copyLog(db, paths.db);
  try {
    const files = settings.filter((name) => copyNew(`${source}/${name}`, `${paths.dir}/${name}`));
    using bus = openBus(system, { writer: "import" });
    const imported = { ...importSummary(bus.db), files, running: runningIn(bus), holders };
    restAll(bus);
    return imported;
  } catch (error) {
    removeLog(paths.db);
    throw error;
  }
}

/** None of them runs here: their sessions are taken up, or stay with the other directory. */
function restAll(bus: Bus): void {
  for (const { name } of listInstances(bus.db)) {
    stopInstance(bus, name, { by: "import", reason: "imported" });
  }
  deleteKv(bus.db, "taken_over");
}

/** Whoever looks around first makes a log without a row: that one is in nobody's way. */
function dropBlank(system: System, paths: Paths): void {
  {
    using bus = openBus(system, { create: false, writer: "import" });
    if (!isBlank(bus.db)) throw notEmpty(paths.dir);
  }
  const [holder] = holdersOf([fs().realpathSync(paths.db)]);
  if (holder !== undefined) throw inUse(paths.dir, holder);
  removeLog(paths.db);
}

function removeLog(db: string): void {
  for (const end of ["", "-wal", "-shm"]) fs().rmSync(`${db}${end}`, { force: true });
}

/** Its log beside it belongs to it. Both are copied until nobody wrote in between. */
function copyLog(from: string, to: string): void {
  for (let attempt = 0; attempt < 20; attempt++) {
    const before = stamp(from);
    for (const end of ["", "-wal"]) {
      fs().rmSync(`${to}${end}`, { force: true });
      if (fs().existsSync(`${from}${end}`)) fs().copyFileSync(`${from}${end}`, `${to}${end}`);
    }
    if (stamp(from) === before) return;
  }
  for (const end of ["", "-wal"]) fs().rmSync(`${to}${end}`, { force: true });
  throw new Refusal({
    code: "database_busy",
    message: `somebody writes to ${from} all the time: no copy of it would be whole`,
    hint: "end the agents there first, then again",
  });
}

function stamp(path: string): string {
  return ["", "-wal"]
    .map((end) => {
      const stat = fs().statSync(`${path}${end}`, { throwIfNoEntry: false });
      return `${stat?.size} ${stat?.mtimeMs}`;
    })
    .join(" ");
}

function copyNew(from: string, to: string): boolean {
  if (!fs().existsSync(from) || fs().existsSync(to)) return false;
  fs().copyFileSync(from, to);
  fs().chmodSync(to, 0o600);
  return true;
}

function runningIn(bus: Bus): string[] {
  return listInstances(bus.db)
    .filter((row) => row.pid !== null && processStart(row.pid) !== undefined)
    .map((row) => row.name);
}

function realOr(path: string): string {
  try {
    return fs().realpathSync(path);
  } catch {
    return path;
  }
}

function nothingThere(path: string): Refusal {
  return new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `there is no hcom.db in ${path}`,
    hint: "name the directory that HCOM_DIR pointed to, or ~/.hcom of another account",
  });
}

function itself(path: string): Refusal {
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `${path} is the directory in use: its log is taken over by itself`,
    hint: "see: hcom status",
  });
}

function inUse(path: string, { pid, command }: Holder): Refusal {
  return new Refusal({
    code: "database_busy",
    message: `the log in ${path} is open in another program: ${command} (pid ${pid})`,
    hint: "end it first, then again",
  });
}

function notEmpty(path: string): Refusal {
  return new Refusal({
    code: "not_empty",
    message: `${path} has a log already, and two logs cannot become one`,
    hint: "import into a directory of its own: HCOM_DIR=~/.hcom-old hcom import DIR",
  });
}
