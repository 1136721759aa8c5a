// The files that the shell of a hook asks (`core/hook-gate.ts`): `quiet` says that nothing waits
// for a session, `here` that it takes part.
//
// A reader fills `quiet` and looks into the log once more; a writer commits and then empties it.
// Whichever comes first, the reader sees the commit or its file is empty. A writer that dies in
// between leaves a stale one: the wrapper of an agent that has mail empties it, and no hook at the
// beginning or the end of a turn asks for it. So it costs time, never a message.

import { formerQuietFile, gateFolder, hereFile, quietFile } from "../core/hook-gate.ts";
import { boundSessions, sessionBinding } from "../store/bindings.ts";
import { getInstance } from "../store/instances.ts";
import { ensurePrivateDir, lowerFlag, raiseFlag, removeStray } from "../sys/files.ts";
import { fs } from "../sys/fs.ts";
import type { Bus } from "./bus.ts";

/** Anything else could be a path. */
const plainSession = /^[A-Za-z0-9][\w.-]{0,127}$/;

/** Its hooks end in the shell from now on, unless `isStillQuiet`, asked behind it, says no. */
export function keepQuiet(bus: Bus, session: string, isStillQuiet: () => boolean): boolean {
  if (!calm(bus, session)) return isStillQuiet();
  let isQuiet = false;
  try {
    isQuiet = isStillQuiet();
  } finally {
    if (!isQuiet) stir(bus, session);
  }
  return isQuiet;
}

/** Something may wait for that session: what its next hook is to find out. */
export function stir(bus: Bus, session: string): void {
  if (!plainSession.test(session)) return;
  lowerFlag(`${folderOf(bus)}/${quietFile(session)}`);
  removeStray(`${folderOf(bus)}/${formerQuietFile(session)}`);
}

function calm(bus: Bus, session: string): boolean {
  if (!plainSession.test(session)) return false;
  const path = `${folderOf(bus)}/${quietFile(session)}`;
  if (raiseFlag(path)) return true;
  // Where the folder is, whoever has no file in it is a stranger: it is never there half made.
  if (!hasFolder(bus)) letIn(bus);
  return raiseFlag(path);
}

/** The same for whoever has these names now; a subagent's hooks are in its root's session. */
export function stirNamed(bus: Bus, instances: readonly string[]): void {
  for (const name of instances) {
    const row = getInstance(bus.db, name);
    const session = row?.session_id ?? row?.parent_session_id ?? null;
    if (session !== null) stir(bus, session);
  }
}

/** Something may wait for anybody. */
export function stirAll(bus: Bus): void {
  for (const session of boundSessions(bus.db)) stir(bus, session);
}

/** All sessions that belong to somebody; who joined is among them, and no longer quiet. */
export function letIn(bus: Bus): void {
  const there = new Set(names(bus));
  for (const session of boundSessions(bus.db)) {
    if (!there.has(hereFile(session))) mark(bus, hereFile(session), session);
  }
  stirAll(bus);
}

/** Nobody's any more, unless somebody has taken it up meanwhile. */
export function letOut(bus: Bus, session: string): void {
  unmark(bus, hereFile(session));
  stir(bus, session);
  unmark(bus, quietFile(session));
  if (sessionBinding(bus.db, session) !== undefined) mark(bus, hereFile(session), session);
}

function mark(bus: Bus, file: string, session: string): boolean {
  if (!plainSession.test(session)) return false;
  const folder = folderOf(bus);
  try {
    ensurePrivateDir(folder);
    fs().writeFileSync(`${folder}/${file}`, "");
    return true;
  } catch {
    // A full or read-only disk: hooks run as they always did.
    return false;
  }
}

function unmark(bus: Bus, file: string): void {
  try {
    fs().unlinkSync(`${folderOf(bus)}/${file}`);
  } catch {
    // It was not there.
  }
}

function hasFolder(bus: Bus): boolean {
  return fs().existsSync(folderOf(bus));
}

function names(bus: Bus): string[] {
  try {
    return fs().readdirSync(folderOf(bus));
  } catch {
    return [];
  }
}

function folderOf(bus: Bus): string {
  return `${bus.paths.dir}/${gateFolder}`;
}
