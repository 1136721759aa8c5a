// What a Tab may be completed to. Nobody is served by an error there, or by a directory that exists
// afterwards: the database is only looked at, and what cannot be read has no names.
import { pathsOf } from "../config/paths.ts";
import { mainSpace } from "../core/channels/space.ts";
import { fullName } from "../core/names/address.ts";
import { channelsIn } from "../store/channels/channels.ts";
import { findSpace } from "../store/channels/spaces.ts";
import { subscriptionsIn } from "../store/channels/subscriptions.ts";
import type { Db } from "../store/db.ts";
import { listInstances } from "../store/instances.ts";
import { openArchive } from "../store/open/open-db.ts";
import { threadNames } from "../store/threads.ts";
import type { System } from "../sys/system.ts";

interface KnownName {
  name: string;
  about: string;
}

/** Nobody reads a longer list. */
const most = 200;

const kinds = {
  agents: (db: Db) =>
    listInstances(db).map((row) => ({ name: fullName(row), about: `${row.tool}, ${row.status}` })),
  tags: (db: Db) => listInstances(db).map(({ tag }) => ({ name: tag ?? "", about: "a tag" })),
  threads: (db: Db) => threadNames(db, most).map((name) => ({ name, about: "a thread" })),
  channels: (db: Db) => inMain(db, channelsIn).map(({ name }) => ({ name, about: "a channel" })),
  topics: (db: Db) =>
    inMain(db, subscriptionsIn).map(({ topic }) => ({ name: topic, about: "a topic" })),
} as const satisfies Readonly<Record<string, (db: Db) => KnownName[]>>;

export function knownNames(system: System, kind: keyof typeof kinds): KnownName[] {
  try {
    using db = openArchive(pathsOf(system.env, system.cwd).db);
    const found = kinds[kind](db).filter(({ name }) => isOneWord(name));
    return found.slice(0, most);
  } catch {
    return [];
  }
}

function inMain<T>(db: Db, list: (db: Db, space: number) => T[]): T[] {
  const space = findSpace(db, mainSpace);
  return space === undefined ? [] : list(db, space);
}

/** A name that the shell would cut or act on is left to be typed. */
function isOneWord(name: string): boolean {
  return /^[\p{L}\p{N}@#%+,./:_-]+$/u.test(name);
}
