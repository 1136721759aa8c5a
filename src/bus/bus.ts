// What every verb works on: the open log, the outside world, paths and settings. Opening it is
// cheap: settings are read when somebody asks for one.
import { checkOwnDir } from "../config/own-dir.ts";
import { type Paths, pathsOf } from "../config/paths.ts";
import { lazySettings, type Settings } from "../config/settings.ts";
import { Refusal } from "../core/refusal.ts";
import type { Db } from "../store/db.ts";
import { openDb } from "../store/open/open-db.ts";
import type { System } from "../sys/system.ts";

export interface Bus extends Disposable {
  db: Db;
  system: System;
  paths: Paths;
  settings: Settings;
  /** Name of the component that writes, for the log. */
  writer: string;
  /** Opens the database again, as it was opened. */
  reopen(): Db;
}

/** Whoever runs a command may go on with what it had open: opening costs as much as a verb. */
export interface Keeping {
  /** Instead of closing it. */
  keep?(bus: Bus): void;
}

export interface BusOptions {
  busyTimeoutMs?: number;
  /** False: a missing database is a Refusal `no_database` instead of a new file. */
  create?: boolean;
  writer?: string;
  /** Also tighten the modes of our files. It costs 2 ms: for commands that are not run often. */
  repairModes?: boolean;
}

export function openBus(system: System & Keeping, options: BusOptions = {}): Bus {
  const paths = pathsOf(system.env, system.cwd);
  if (options.create !== false) checkOwnDir(paths);
  const open = () =>
    openDb(paths.db, {
      now: system.now,
      log: system.log,
      ...(options.busyTimeoutMs === undefined ? {} : { busyTimeoutMs: options.busyTimeoutMs }),
      ...(options.create === undefined ? {} : { create: options.create }),
      ...(options.repairModes === undefined ? {} : { repairModes: options.repairModes }),
    });
  const bus: Bus = {
    db: open(),
    system,
    paths,
    settings: lazySettings(paths, system.env),
    writer: options.writer ?? "cli",
    reopen: open,
    [Symbol.dispose]: () => (system.keep === undefined ? bus.db.close() : system.keep(bus)),
  };
  return bus;
}

/**
 * Long-lived processes call this once per turn: `reset` replaces the file under them, and somebody
 * may have removed the log beside it.
 */
export function reopenIfReplaced(bus: Bus): boolean {
  // It could not be opened again the last time.
  if (!bus.db.isOpen()) {
    bus.db = bus.reopen();
    return true;
  }
  bus.db.renewPatience();
  const isReplaced = bus.db.isReplaced();
  if (!isReplaced && !bus.db.hasLostLog()) return false;
  // Two connections of one process to one file would share the log that is lost.
  if (!isReplaced) bus.db.close();
  const next = bus.reopen();
  bus.db.close();
  bus.db = next;
  const event = isReplaced ? "database_replaced" : "database_log_removed";
  bus.system.log({ level: "warn", subsystem: "store", event, path: bus.paths.db });
  return true;
}

const lookEveryMs = 1000;

/** For a process that sits idle with the log open: it would look when it is asked something. */
export function lookAfter(bus: Bus): Disposable {
  const look = () => {
    try {
      reopenIfReplaced(bus);
    } catch (error) {
      // It is tried again, and whoever asks something is told.
      if (!(error instanceof Refusal)) throw error;
    }
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Epoch seconds, whole: the unit of status_time, last_stop and last_seen. */
export function nowSeconds(bus: Bus): number {
  return Math.floor(bus.system.now() / 1000);
}
