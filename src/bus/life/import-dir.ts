// Takes over what lies in a directory of another hcom, of whatever generation we know: into an
// empty one of ours, from copies, so that the original stays as it is to the byte.

import { checkOwnDir } from "../../config/own-dir.ts";
import { type Paths, pathsOf } from "../../config/paths.ts";
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { isObject } from "../../core/json.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { importSummary, isBlank, type Summary } from "../../store/history.ts";
import { listInstances } from "../../store/instances.ts";
import { deleteKv } from "../../store/kv.ts";
import { adopt } from "../../store/open/adopt.ts";
import { ensurePrivateDir, isMissingOrEmpty } from "../../sys/files.ts";
import { fs } from "../../sys/fs.ts";
import { isSameProcess } from "../../sys/process.ts";
import { type Holder, holdersOf } from "../../sys/reading/open-files.ts";
import type { System } from "../../sys/system.ts";
import { mayRunUnproved } from "../agents/earlier.ts";
import { type Bus, openBus } from "../bus.ts";
import { stopInstance } from "./stop.ts";

export interface Imported extends Summary {
  /** What was taken along beside the log. */
  files: string[];
  /** Settings of theirs that are not in force: the person has such a file here already. */
  leftOut: string[];
  /** Agents whose processes run: with the directory that they came from, and not here. */
  running: string[];
  /** Programs that have the original open at this moment. */
  holders: Holder[];
}

/** Settings and variables, which have the same names and meaning here. */
const settings = ["config.toml", "config.env", "env"] as const;

export function importDir(system: System, from: string): Imported {
  const source = directoryOf(system, from);
  const db = `${source}/hcom.db`;
  const paths = pathsOf(system.env, system.cwd);
  if (fs().realpathSync(source) === realOr(paths.dir)) throw itself(source);
  checkOwnDir(paths);
  checkBlank(system, paths);
  const holders = holdersOf([fs().realpathSync(db)]);
  const isNew = !fs().existsSync(paths.dir);
  try {
    using taken = takeCopy(system, source, paths);
    using bus = openBus(system, { writer: "import" });
    if (!adopt(bus.db, `${taken.dir}/hcom.db`)) throw notEmpty(paths.dir);
    const theirs = settings.filter((name) => fs().existsSync(`${taken.dir}/${name}`));
    const files = theirs.filter((name) => moveNew(taken.dir, paths.dir, name));
    const leftOut = theirs.filter((name) => !files.includes(name));
    return { ...taken.found, files, leftOut, holders };
  } catch (error) {
    if (isNew) removeEmpty(paths.tmp, paths.dir);
    throw error;
  }
}

/** Named as the directory, or by the log in it. */
function directoryOf(system: System, from: string): string {
  const given = from.startsWith("/") ? from : `${system.cwd}/${from}`;
  const source = given.endsWith("/hcom.db") ? given.slice(0, -"/hcom.db".length) : given;
  const found = stateOf(`${source}/hcom.db`);
  if (found === undefined) throw nothingThere(source);
  if (!found.isFile()) throw unusable(`${source}/hcom.db`, "it is no file");
  if (found.size === 0) throw unusable(`${source}/hcom.db`, "it is empty");
  return source;
}

function stateOf(path: string) {
  try {
    return fs().statSync(path);
  } catch (error) {
    const code = isObject(error) ? error["code"] : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
}

interface Copy extends Disposable {
  /** Holds their log, as one file of our schema in which nobody runs, and their settings. */
  dir: string;
  found: Summary & Pick<Imported, "running">;
}

/** Whatever may fail about their directory fails here, before anything of ours is touched. */
function takeCopy(system: System, source: string, paths: Paths): Copy {
  ensurePrivateDir(paths.tmp);
  sweep(system, paths.tmp);
  const dir = fs().mkdtempSync(`${paths.tmp}/import-`);
  const dispose = () => fs().rmSync(dir, { recursive: true, force: true });
  try {
    // The log beside a linked file is beside the file itself.
    copyLog(fs().realpathSync(`${source}/hcom.db`), `${dir}/hcom.db`);
    for (const name of settings) copyFile(`${source}/${name}`, `${dir}/${name}`);
    const env = { ...system.env, HCOM_DIR: dir };
    using bus = openBus({ ...system, env }, { writer: "import" });
    const found = { ...importSummary(bus.db), running: runningIn(bus) };
    restAll(bus);
    return { dir, found, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw aboutTheirs(error, dir, source);
  }
}

/** What an import left that was killed; none takes an hour. */
function sweep(system: System, tmp: string): void {
  for (const name of fs().readdirSync(tmp)) {
    const path = `${tmp}/${name}`;
    if (!name.startsWith("import-")) continue;
    const changed = fs().statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? system.now();
    if (system.now() - changed > 3_600_000) fs().rmSync(path, { recursive: true, force: true });
  }
}

/** What was found wrong with our copy is wrong with their file, and that one is named. */
function aboutTheirs(error: unknown, copy: string, source: string): unknown {
  if (error instanceof Refusal && ofTheContent.has(error.code)) {
    const { code, exit } = error;
    const message = error.message.replaceAll(copy, source);
    return new Refusal({ code, exit, message, hint: nothingHappened });
  }
  const isOutside = isObject(error) && "syscall" in error && error instanceof Error;
  return isOutside ? unusable(source, error.message.replaceAll(copy, "here")) : error;
}

/** Codes of what opening it finds; the others are about our own disk. */
const ofTheContent = new Set(["database_broken", "foreign_database", "newer_database"]);

/** None of them runs here: their sessions are taken up, or stay with the other directory. */
function restAll(bus: Bus): void {
  for (const { name } of listInstances(bus.db)) {
    stopInstance(bus, name, { by: "import", reason: "imported" });
  }
  deleteKv(bus.db, "taken_over");
}

/** Whoever looks around first makes a log without a row: that one is in nobody's way. */
function checkBlank(system: System, paths: Paths): void {
  if (isMissingOrEmpty(paths.db)) return;
  using bus = openBus(system, { create: false, writer: "import" });
  if (!isBlank(bus.db)) throw notEmpty(paths.dir);
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

/** Of our own making: gone again when nothing came of it. */
function removeEmpty(...dirs: string[]): void {
  for (const dir of dirs) {
    if (fs().existsSync(dir) && fs().readdirSync(dir).length === 0) fs().rmdirSync(dir);
  }
}

function copyFile(from: string, to: string): void {
  if (fs().statSync(from, { throwIfNoEntry: false })?.isFile() !== true) return;
  fs().copyFileSync(from, to);
  fs().chmodSync(to, 0o600);
}

/** What the person has set here already stays. */
function moveNew(from: string, to: string, name: string): boolean {
  if (fs().existsSync(`${to}/${name}`)) return false;
  fs().renameSync(`${from}/${name}`, `${to}/${name}`);
  return true;
}

function runningIn(bus: Bus): string[] {
  return listInstances(bus.db)
    .filter((row) => mayRunUnproved(row) || isSame(row))
    .map((row) => row.name);
}

function isSame(row: Instance): boolean {
  const start = launchContextOf(row).pid_start;
  return row.pid !== null && start !== undefined && isSameProcess(row.pid, start);
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

const nothingHappened = "Nothing was taken over; that directory and the one here are as they were.";

function unusable(path: string, reason: string): Refusal {
  return new Refusal({
    code: "bad_source",
    message: `${path} cannot be taken over: ${reason}`,
    hint: nothingHappened,
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

function notEmpty(path: string): Refusal {
  return new Refusal({
    code: "not_empty",
    message: `${path} has a log already, and two logs cannot become one`,
    hint: "import into a directory of its own: HCOM_DIR=~/.hcom-old hcom import DIR",
  });
}
