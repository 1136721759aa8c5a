// Writes settings files of other programs: several as one edit, all or nothing; through links, and
// never over what somebody else wrote meanwhile. Whoever edits settings does it here.
import type { Paths } from "../config/paths.ts";
import { Refusal } from "../core/refusal.ts";
import {
  fileExists,
  folderOf,
  linkedFrom,
  linkTarget,
  readEditable,
  readText,
  removeFile,
  writeAtomic,
} from "../sys/files.ts";
import { fs } from "../sys/fs.ts";
import { isRunningSince } from "../sys/process.ts";
import { keepRecord, recordOf, type SettingsRecord } from "./settings-record.ts";

export interface SettingsEdit {
  path: string;
  /** The text that the edit was made from; undefined = there was no file. */
  before: string | undefined;
  /** The text to leave; null = no file. */
  next: string | null;
  /** What is remembered afterwards; undefined = nothing. */
  record: SettingsRecord | undefined;
}

/** An edit that puts ours in. `bare` is the text before it without anything of ours. */
export function puttingIn(
  paths: Paths,
  path: string,
  before: string | undefined,
  texts: { bare: string | null; next: string },
  trusted?: Readonly<Record<string, string>>,
): SettingsEdit {
  const known = recordOf(paths, path);
  const isUntouched = known !== undefined && known.written === before;
  const record: SettingsRecord = {
    first: known === undefined ? (before ?? null) : known.first,
    original: isUntouched ? known.original : texts.bare,
    written: texts.next,
    link: known === undefined ? danglingLink(path, before) : known.link,
    folder: known?.folder ?? missingFolder(path),
    trusted: trusted ?? known?.trusted ?? {},
  };
  return { path, before, next: texts.next, record };
}

/** An edit that takes out what is ours; `bare` is asked for where the file was touched since. */
export function takingOut(
  paths: Paths,
  path: string,
  before: string,
  bare: (record: SettingsRecord | undefined) => string | null,
): SettingsEdit {
  const known = recordOf(paths, path);
  const isUntouched = known?.written === before;
  return { path, before, next: isUntouched ? known.original : bare(known), record: undefined };
}

/**
 * Writes all of them, or none: what was written before a failure is put back. Returns what puts
 * all of it back later.
 */
export function writeSettings(paths: Paths, edits: readonly SettingsEdit[]): () => void {
  const undo: (() => void)[] = [];
  const undoAll = () => {
    for (const step of undo.toReversed()) step();
  };
  try {
    for (const edit of edits) {
      const record = recordOf(paths, edit.path);
      undo.push(() => keepRecord(paths, edit.path, record));
      undo.push(() => restore(edit));
      writeOne(edit, record);
      keepRecord(paths, edit.path, edit.record);
    }
    return undoAll;
  } catch (error) {
    undoAll();
    throw error;
  }
}

/** Temporary files beside it that an interrupted edit of ours left. */
export function leftoversOf(path: string): string[] {
  const target = linkTarget(path);
  const folder = folderOf(target);
  const start = `${target.slice(target.lastIndexOf("/") + 1)}.hcom-`;
  return namesIn(folder)
    .filter((name) => name.startsWith(start))
    .flatMap((name) => {
      const pid = /^(\d+)-[0-9a-z]+$/.exec(name.slice(start.length))?.[1];
      const file = `${folder}/${name}`;
      return pid === undefined || isStillWriting(Number(pid), file) ? [] : [file];
    });
}

function isStillWriting(pid: number, file: string): boolean {
  try {
    return isRunningSince(pid, fs().statSync(file).mtimeMs / 1000);
  } catch {
    return true;
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs().readdirSync(folder);
  } catch {
    return [];
  }
}

function writeOne({ path, before, next }: SettingsEdit, known: SettingsRecord | undefined): void {
  for (const file of leftoversOf(path)) removeFile(file);
  // A file that would be empty need not be made.
  if ((before ?? "") === next) return;
  if (readEditable(path) !== before) throw changedMeanwhile(path);
  if (next !== null) writeAtomic(path, next);
  else leaveNothing(path, known);
}

/**
 * No file, as before us. The link in front of it stays, and so does a file that its owner has moved
 * behind a link since: it keeps what an empty one of its kind has.
 */
function leaveNothing(path: string, known: SettingsRecord | undefined): void {
  const link = linkedFrom(path);
  if (link !== undefined && link !== known?.link) {
    writeAtomic(path, path.endsWith(".json") ? "{}\n" : "");
    return;
  }
  removeFile(linkTarget(path));
  if (known?.folder) removeEmptyFolders(folderOf(linkTarget(path)), known.folder);
}

function restore({ path, before, next }: SettingsEdit): void {
  if (readText(path) !== (next ?? undefined)) return;
  if (before !== undefined) writeAtomic(path, before);
  else removeFile(linkTarget(path));
}

function danglingLink(path: string, before: string | undefined): string | null {
  return before === undefined ? (linkedFrom(path) ?? null) : null;
}

function missingFolder(path: string): string | null {
  let missing: string | null = null;
  let folder = folderOf(linkTarget(path));
  while (folder !== "/" && !fileExists(folder)) {
    missing = folder;
    folder = folderOf(folder);
  }
  return missing;
}

function removeEmptyFolders(from: string, top: string): void {
  for (let folder = from; folder.startsWith(top); folder = folderOf(folder)) {
    try {
      fs().rmdirSync(folder);
    } catch {
      return;
    }
  }
}

function changedMeanwhile(path: string): Refusal {
  return new Refusal({
    code: "settings_changed",
    message: `${path} was written by somebody else at this very moment; nothing was changed`,
    hint: "try again",
  });
}
