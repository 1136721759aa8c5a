// The logs of before in `archive/`, newest first: what they hold, and one of them as a bus that
// only answers questions.
import { pathsOf } from "../../config/paths.ts";
import { lazySettings } from "../../config/settings.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import {
  agentsOfOldLog,
  countOldLog,
  type OldAgent,
  openOldLog,
} from "../../store/open/old-logs.ts";
import { fs } from "../../sys/fs.ts";
import type { System } from "../../sys/system.ts";
import type { Bus } from "../bus.ts";

export interface Archive {
  /** 1 is the newest of those that are listed. */
  index: number;
  /** `session-2026-11-28_120000`: when it was archived, UTC. */
  name: string;
  path: string;
  timestamp: string;
  size_bytes: number;
  /** Epoch seconds of its last change. */
  created: number;
  events: number;
  instances: number;
  /** Why it cannot be read. */
  problem?: string;
}

/** Only those in which somebody worked in `directory`, where one is given. */
export function listArchives(system: System, directory?: string): Archive[] {
  const { archive } = pathsOf(system.env, system.cwd);
  const found = foldersIn(archive).flatMap((name) => look(system, `${archive}/${name}`, directory));
  return found.map((one, at) => ({ ...one, index: at + 1 }));
}

/** By its number in the list, or by a part of its name. */
export function pickArchive(all: readonly Archive[], selector: string): Archive {
  const found = /^\d{1,4}$/.test(selector)
    ? all.find((one) => one.index === Number(selector))
    : all.find((one) => one.name.includes(selector));
  if (found === undefined) throw unknown(all, selector);
  if (found.problem !== undefined) throw unreadable(found, found.problem);
  return found;
}

/** Questions are put to it as to the log that is in use. */
export function openArchived(system: System, archive: Archive): Bus {
  const open = () => openOldLog(`${archive.path}/hcom.db`);
  const paths = pathsOf(system.env, system.cwd);
  const db = open();
  return {
    ...{ db, system, paths, settings: lazySettings(paths, system.env), writer: "archive" },
    reopen: open,
    [Symbol.dispose]: () => db.close(),
  };
}

export function archivedAgents(bus: Bus): OldAgent[] {
  return agentsOfOldLog(bus.db);
}

function foldersIn(archive: string): string[] {
  if (!fs().existsSync(archive)) return [];
  const names = fs().readdirSync(archive);
  return names.filter((name) => name.startsWith("session-")).sort(newestFirst);
}

/** Of one second the one with a number behind it is the newer. */
function newestFirst(one: string, other: string): number {
  return other.localeCompare(one, "en", { numeric: true });
}

function look(system: System, path: string, directory: string | undefined): Archive[] {
  const stat = fs().statSync(`${path}/hcom.db`, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const name = path.slice(path.lastIndexOf("/") + 1);
  const facts = { index: 0, name, path, timestamp: timeIn(name), size_bytes: stat.size };
  const archive = { ...facts, created: stat.mtimeMs / 1000, events: 0, instances: 0 };
  try {
    using bus = openArchived(system, archive);
    const isElsewhere =
      directory !== undefined && !archivedAgents(bus).some((one) => one.directory === directory);
    const { events, agents } = countOldLog(bus.db);
    return isElsewhere ? [] : [{ ...archive, events, instances: agents }];
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return directory === undefined ? [{ ...archive, problem }] : [];
  }
}

/** ISO, from the folder's name. */
function timeIn(name: string): string {
  const [, day, hour, minute, second] =
    /^session-(\d{4}-\d\d-\d\d)_(\d\d)(\d\d)(\d\d)/.exec(name) ?? [];
  return day === undefined ? "" : `${day}T${hour}:${minute}:${second}Z`;
}

function unknown(all: readonly Archive[], selector: string): Refusal {
  return new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `there is no archive "${selector}"`,
    hint: all.length === 0 ? "nothing was archived yet" : "see them: hcom archive",
  });
}

function unreadable({ name }: Archive, problem: string): Refusal {
  return new Refusal({
    code: "database_broken",
    message: `the archive ${name} cannot be read: ${problem}`,
    hint: "see the others: hcom archive",
  });
}
