// Remembers, per settings file of another program, what stood there before our first edit and
// what we wrote last: a file nobody touched since goes back to exactly what it was.
import type { Paths } from "../config/paths.ts";
import { asObject, parseJson } from "../core/json.ts";
import { readText, removeFile, writeAtomic } from "../sys/files.ts";

interface Backup {
  path: string;
  /** What stood there before our first edit; null = there was no file. */
  original: string | null;
  /** What we wrote last. */
  written: string;
}

/** Remembers what was there before our first edit, then writes. */
export function writeKeepingBackup(paths: Paths, path: string, text: string): void {
  const before = readText(path) ?? null;
  // A file that would be empty need not be made.
  if ((before ?? "") === text) return;
  const known = backupOf(paths, path);
  const original = known !== undefined && known.written === before ? known.original : before;
  const backup: Backup = { path, original, written: text };
  writeAtomic(backupPath(paths, path), JSON.stringify(backup));
  writeAtomic(path, text);
}

/**
 * What to put back: the text before our first edit, null when there was no file, undefined when
 * somebody has edited the file since and only our entries may go.
 */
export function originalOf(paths: Paths, path: string, text: string): string | null | undefined {
  const backup = backupOf(paths, path);
  return backup?.written === text ? backup.original : undefined;
}

export function forgetBackup(paths: Paths, path: string): void {
  removeFile(backupPath(paths, path));
}

function backupOf(paths: Paths, path: string): Backup | undefined {
  const stored = asObject(parseJson(readText(backupPath(paths, path)) ?? ""));
  const { original, written } = stored;
  if (stored["path"] !== path || typeof written !== "string") return undefined;
  return { path, original: typeof original === "string" ? original : null, written };
}

function backupPath(paths: Paths, path: string): string {
  return `${paths.backups}/${Bun.hash(path).toString(16)}.json`;
}
