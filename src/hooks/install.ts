// Puts our hooks into the settings of agent programs, takes them out again, and looks whether they are
// in place. Files are edited in place by the tool's own pure edits; before the first edit of a
// file a copy is kept, and nothing is written that was not read back and verified.
import { type Paths, pathsOf, toolConfigDir } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { asObject, asText, parseJson } from "../core/json.ts";
import { Refusal } from "../core/refusal.ts";
import { readText, removeFile, writeAtomic } from "../sys/files.ts";
import { ownProgram } from "../sys/program.ts";
import type { System } from "../sys/system.ts";
import { toolNames, tools } from "../tools/index.ts";
import type { InstallOptions, SettingsFile, Tool } from "../tools/tool.ts";
import { storeTrust } from "./trust.ts";

export interface HookResult {
  tool: string;
  paths: string[];
  /** Nothing had to be changed. */
  wasInPlace: boolean;
  problems: string[];
  error?: Refusal;
}

export async function installHooks(
  system: System,
  names: readonly string[] = toolNames,
): Promise<HookResult[]> {
  return eachTool(system, names, async (tool, where) => {
    const options = await optionsFor(system, where);
    const plug = await tool.settings();
    const files = plug.files(where);
    const before = files.flatMap((file) => file.problems(readText(file.path) ?? null, options));
    if (before.length > 0) {
      // All edits are computed before the first file is written: a refusal leaves everything as is.
      const edits = files.map((file) => ({ file, text: editOf(file, options) }));
      for (const { file, text } of edits) write(where.paths, file.path, text);
    }
    await storeTrust(system, tool, where);
    const problems = files.flatMap((file) => file.problems(readText(file.path) ?? null, options));
    return { wasInPlace: before.length === 0, problems };
  });
}

export async function removeHooks(
  system: System,
  names: readonly string[] = toolNames,
): Promise<HookResult[]> {
  return eachTool(system, names, async (tool, where) => {
    const plug = await tool.settings();
    const edits = plug.files(where).flatMap((file) => {
      const text = readText(file.path);
      return text === undefined ? [] : [{ file, text, next: originalOf(where.paths, file, text) }];
    });
    let changed = false;
    for (const { file, text, next } of edits) {
      if (next === text) continue;
      changed = true;
      if (next === null) removeFile(file.path);
      else writeAtomic(file.path, next);
      forget(where.paths, file.path);
    }
    return { wasInPlace: !changed, problems: [] };
  });
}

export async function hooksStatus(
  system: System,
  names: readonly string[] = toolNames,
): Promise<HookResult[]> {
  return eachTool(system, names, async (tool, where) => {
    const options = await optionsFor(system, where);
    const plug = await tool.settings();
    const problems = plug
      .files(where)
      .flatMap((file) => file.problems(readText(file.path) ?? null, options));
    return { wasInPlace: problems.length === 0, problems };
  });
}

export interface Where {
  configDir: string;
  paths: Paths;
}

type Work = (
  tool: Tool,
  where: Where,
) => Promise<{ wasInPlace: boolean; problems: string[] }>;

async function eachTool(
  system: System,
  names: readonly string[],
  work: Work,
): Promise<HookResult[]> {
  const paths = pathsOf(system.env, system.cwd);
  const results: HookResult[] = [];
  for (const name of toolNames.filter((one) => names.includes(one))) {
    const tool = await tools[name]();
    const where = { configDir: toolConfigDir(tool, system.env, paths), paths };
    const files = (await tool.settings()).files(where).map((file) => file.path);
    try {
      results.push({ tool: name, paths: files, ...(await work(tool, where)) });
    } catch (error) {
      const refusal = asRefusal(error, files);
      results.push({ tool: name, paths: files, wasInPlace: false, problems: [], error: refusal });
    }
  }
  return results;
}

function asRefusal(error: unknown, files: readonly string[]): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof Error && "code" in error) {
    return new Refusal({
      code: "settings_unwritable",
      message: `cannot edit ${files.join(", ")}: ${error.message}`,
      hint: "check the permissions of that file and its directory",
    });
  }
  throw error;
}

async function optionsFor(system: System, where: Where): Promise<InstallOptions> {
  const settings = lazySettings(where.paths, system.env);
  return {
    program: ownProgram(),
    autoApprove: settings.flag("auto_approve"),
    commandWord: "hcom",
    version: undefined,
  };
}

function editOf(file: SettingsFile, options: InstallOptions): string {
  return file.install(readText(file.path) ?? null, options);
}

// ---------------------------------------------------------------- backups

interface Backup {
  path: string;
  /** What stood there before our first edit; null = there was no file. */
  original: string | null;
  /** What we wrote last. */
  written: string;
}

/** Remembers what was there before our first edit, then writes. */
function write(paths: Paths, path: string, text: string): void {
  const before = readText(path) ?? null;
  if (before === text) return;
  const known = backupOf(paths, path);
  const original = known !== undefined && known.written === before ? known.original : before;
  const backup: Backup = { path, original, written: text };
  writeAtomic(backupPath(paths, path), JSON.stringify(backup));
  writeAtomic(path, text);
}

/** Untouched since we wrote it: what was there before, byte for byte. Else: without our entries. */
function originalOf(paths: Paths, file: SettingsFile, text: string): string | null {
  const backup = backupOf(paths, file.path);
  if (backup?.written === text) return backup.original;
  return file.remove(text);
}

function backupOf(paths: Paths, path: string): Backup | undefined {
  const stored = asObject(parseJson(readText(backupPath(paths, path)) ?? ""));
  const written = asText(stored["written"]);
  if (stored["path"] !== path || written === undefined) return undefined;
  return { path, original: asText(stored["original"]) ?? emptyOrMissing(stored["original"]), written };
}

function emptyOrMissing(value: unknown): string | null {
  return value === "" ? "" : null;
}

function forget(paths: Paths, path: string): void {
  removeFile(backupPath(paths, path));
}

function backupPath(paths: Paths, path: string): string {
  return `${paths.backups}/${Bun.hash(path).toString(16)}.json`;
}
