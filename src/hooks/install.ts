// Puts our hooks into the settings of agent programs, takes them out again, and looks whether
// they are in place. Files are edited in place by the tool's own pure edits; before the first
// edit of a file a copy is kept, and nothing is written that was not read back and verified.
import { pathsOf, toolConfigDir } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { Refusal } from "../core/refusal.ts";
import { findBinary, versionOf } from "../sys/binary.ts";
import { readText, removeFile, writeAtomic } from "../sys/files.ts";
import { hookProgram } from "../sys/program.ts";
import type { System } from "../sys/system.ts";
import { toolNames, tools } from "../tools/index.ts";
import type { InstallOptions, SettingsFile, Tool } from "../tools/tool.ts";
import { forgetBackup, originalOf, writeKeepingBackup } from "./settings-backup.ts";
import { storeTrust } from "./trust.ts";
import type { Where } from "./where.ts";

export interface HookResult {
  tool: string;
  paths: string[];
  /** Nothing had to be changed. */
  wasInPlace: boolean;
  /** Something of ours stands in the tool's settings. */
  isPresent: boolean;
  problems: string[];
  error?: Refusal;
}

export async function installHooks(
  system: System,
  names: readonly string[] = toolNames,
): Promise<HookResult[]> {
  return eachTool(system, names, async (tool, where) => {
    const options = await optionsFor(system, tool, where);
    const files = (await tool.settings()).files(where);
    const before = problemsOf(files, options);
    if (before.length > 0) {
      // All edits are computed before the first file is written: a refusal leaves everything as is.
      const edits = files.map((file) => ({ file, text: editOf(file, options) }));
      for (const { file, text } of edits) writeKeepingBackup(where.paths, file.path, text);
    }
    await storeTrust(system, tool, where);
    const problems = problemsOf(files, options);
    return { wasInPlace: before.length === 0, isPresent: isPresentIn(files), problems };
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
      if (text === undefined) return [];
      const original = originalOf(where.paths, file.path, text);
      // What was there before our last edit may have held older entries of ours.
      const isClean = original === null || original === file.remove(original ?? "");
      return [{ file, text, next: isClean ? original : file.remove(text) }];
    });
    let changed = false;
    for (const { file, text, next } of edits) {
      if (next === text) continue;
      changed = true;
      if (next === null) removeFile(file.path);
      else writeAtomic(file.path, next);
      forgetBackup(where.paths, file.path);
    }
    return { wasInPlace: !changed, isPresent: false, problems: [] };
  });
}

export async function hooksStatus(
  system: System,
  names: readonly string[] = toolNames,
): Promise<HookResult[]> {
  return eachTool(system, names, async (tool, where) => {
    const options = await optionsFor(system, tool, where);
    const files = (await tool.settings()).files(where);
    const problems = problemsOf(files, options);
    return { wasInPlace: problems.length === 0, isPresent: isPresentIn(files), problems };
  });
}

function problemsOf(files: readonly SettingsFile[], options: InstallOptions): string[] {
  return files.flatMap((file) => file.problems(readText(file.path) ?? null, options));
}

function isPresentIn(files: readonly SettingsFile[]): boolean {
  return files.some((file) => {
    const text = readText(file.path);
    return text !== undefined && file.remove(text) !== text;
  });
}

type Work = (
  tool: Tool,
  where: Where,
) => Promise<Pick<HookResult, "wasInPlace" | "isPresent" | "problems">>;

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
      const nothing = { wasInPlace: false, isPresent: false, problems: [] };
      results.push({ tool: name, paths: files, ...nothing, error: refusal });
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

async function optionsFor(system: System, tool: Tool, where: Where): Promise<InstallOptions> {
  const settings = lazySettings(where.paths, system.env);
  return {
    program: hookProgram(),
    autoApprove: settings.flag("auto_approve"),
    commandWord: "hcom",
    version: (await tool.settings()).trust === undefined ? undefined : versionIn(system, tool),
  };
}

/** Asked only where what we write depends on it: it starts a large program. */
function versionIn(system: System, tool: Tool): string | undefined {
  const binary = findBinary(tool.binary, system.env);
  return binary === undefined ? undefined : versionOf(binary);
}

function editOf(file: SettingsFile, options: InstallOptions): string {
  return file.install(readText(file.path) ?? null, options);
}
