// Puts our hooks into the settings of agent programs, takes them out again, and looks whether they
// are in place. Files are edited in place by the tool's own pure edits; all files of a tool are one
// edit, and nothing is written that was not read back and verified.
import { type Paths, pathsOf } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { Refusal } from "../core/refusal.ts";
import { findBinary, versionOf } from "../sys/binary.ts";
import { fileExists, readText, removeFile } from "../sys/files.ts";
import { hookProgram } from "../sys/program.ts";
import type { System } from "../sys/system.ts";
import { toolNames, tools } from "../tools/index.ts";
import type { InstallOptions, SettingsFile, Tool } from "../tools/tool.ts";
import { leftoversOf, puttingIn, takingOut, writeSettings } from "./settings-edit.ts";
import { knownFrom, recordOf } from "./settings-record.ts";
import { storeTrust } from "./trust.ts";
import { type Where, whereOf } from "./where.ts";

export interface HookResult {
  tool: string;
  paths: string[];
  /** The files that were written, or removed. */
  written: string[];
  /** Nothing had to be changed. */
  wasInPlace: boolean;
  /** Something of ours stands in the tool's settings. */
  isPresent: boolean;
  /** Whose hooks of our name stand there. */
  standing?: "ours" | "former" | undefined;
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
    const before = problemsOf(where.paths, files, options);
    const missing = before.length > 0 ? files : [];
    const undo = writeSettings(
      where.paths,
      missing.map((file) => installEdit(where.paths, file, options)).filter((one) => one !== null),
    );
    try {
      const trust = await storeTrust(system, tool, where);
      const problems = problemsOf(where.paths, files, options);
      const written = [...missing.map((file) => file.path), ...trust.written];
      return { ...resultOf(before, files, where.paths), problems, written: [...new Set(written)] };
    } catch (error) {
      undo();
      throw error;
    }
  });
}

export async function removeHooks(
  system: System,
  names: readonly string[] = toolNames,
): Promise<HookResult[]> {
  return eachTool(system, names, async (tool, where) => {
    const plug = await tool.settings();
    const { paths } = where;
    const files = [where, ...formerPlaces(tool, where)].flatMap((one) => plug.files(one));
    const edits = files.flatMap((file) => {
      for (const left of leftoversOf(file.path)) removeFile(left);
      const text = readText(file.path);
      if (text === undefined) return [];
      const edit = takingOut(paths, file.path, text, (record) =>
        file.remove(text, knownFrom(record)),
      );
      return edit.next === text ? [] : [edit];
    });
    writeSettings(paths, edits);
    const written = edits.map((edit) => edit.path);
    return { wasInPlace: edits.length === 0, isPresent: false, problems: [], written };
  });
}

export async function hooksStatus(
  system: System,
  names: readonly string[] = toolNames,
  version?: string,
): Promise<HookResult[]> {
  return eachTool(system, names, async (tool, where) => {
    const options = await optionsFor(system, tool, where, version);
    const files = (await tool.settings()).files(where);
    const problems = problemsOf(where.paths, files, options);
    return { ...resultOf(problems, files, where.paths), written: [] };
  });
}

/** All that stands in the files and is ours, line by line as it stands there. */
export async function hooksShown(
  system: System,
  names: readonly string[] = toolNames,
): Promise<{ tool: string; path: string; lines: string[] }[]> {
  const paths = pathsOf(system.env, system.cwd);
  const shown: { tool: string; path: string; lines: string[] }[] = [];
  for (const name of toolNames.filter((one) => names.includes(one))) {
    const tool = await tools[name]();
    const { configDir } = whereOf(system, tool);
    for (const file of (await tool.settings()).files({ configDir })) {
      const text = readText(file.path) ?? "";
      const bare = file.remove(text, knownFrom(recordOf(paths, file.path))) ?? "";
      const lines = linesOnlyIn(text, bare);
      if (lines.length > 0) shown.push({ tool: name, path: file.path, lines });
    }
  }
  return shown;
}

function linesOnlyIn(text: string, other: string): string[] {
  const rest = other.split(/\r?\n/);
  return text.split(/\r?\n/).filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0 && line.trim() !== "";
  });
}

/** Earlier versions of ours put a tool's settings beside a given HCOM_DIR. */
function formerPlaces(tool: Tool, { configDir, paths }: Where): Where[] {
  const former = `${paths.root}/${tool.configDir.folder}`;
  return paths.isDirGiven && former !== configDir ? [{ configDir: former, paths }] : [];
}

function installEdit(paths: Paths, file: SettingsFile, options: InstallOptions) {
  const text = readText(file.path);
  const known = knownFrom(recordOf(paths, file.path));
  const next = file.install(text ?? null, options, known);
  // A file that would be empty need not be made.
  if ((text ?? "") === next) return null;
  // From now on this text is what was there first.
  const first = known.first === undefined ? { ...known, first: text ?? null } : known;
  const problems = file.problems(next, options, first);
  if (problems.length > 0) {
    throw new Refusal({
      code: "hooks_missing",
      message: `${file.path} cannot take hcom's ${file.what}: ${problems.join("; ")}`,
      hint: "nothing was changed",
    });
  }
  const bare = text === undefined ? null : file.remove(text, known);
  return puttingIn(paths, file.path, text, { bare, next });
}

function problemsOf(
  paths: Paths,
  files: readonly SettingsFile[],
  options: InstallOptions,
): string[] {
  return files.flatMap((file) => [
    ...file.problems(readText(file.path) ?? null, options, knownFrom(recordOf(paths, file.path))),
    ...leftoversOf(file.path).map((left) => `${left} is left of an interrupted edit`),
  ]);
}

function resultOf(
  problems: string[],
  files: readonly SettingsFile[],
  paths: Paths,
): Pick<HookResult, "wasInPlace" | "isPresent" | "standing" | "problems"> {
  const isPresent = files.some((file) => {
    const text = readText(file.path);
    const known = knownFrom(recordOf(paths, file.path));
    return text !== undefined && file.remove(text, known) !== text;
  });
  const [standing] = files.flatMap((file) => file.standing?.(readText(file.path) ?? "") ?? []);
  return { wasInPlace: problems.length === 0, isPresent, standing, problems };
}

/** The programs that are on this machine, by themselves or by their settings; else all of them. */
export async function presentTools(system: System): Promise<readonly string[]> {
  const present: string[] = [];
  for (const name of toolNames) {
    const tool = await tools[name]();
    const isHere =
      findBinary(tool.binary, system.env) !== undefined ||
      fileExists(whereOf(system, tool).configDir);
    if (isHere) present.push(name);
  }
  return present.length === 0 ? toolNames : present;
}

type Work = (tool: Tool, where: Where) => Promise<Omit<HookResult, "tool" | "paths" | "error">>;

async function eachTool(
  system: System,
  names: readonly string[],
  work: Work,
): Promise<HookResult[]> {
  const results: HookResult[] = [];
  for (const name of toolNames.filter((one) => names.includes(one))) {
    const tool = await tools[name]();
    const where = whereOf(system, tool);
    const files = (await tool.settings()).files(where).map((file) => file.path);
    try {
      results.push({ tool: name, paths: files, ...(await work(tool, where)) });
    } catch (error) {
      const refusal = asRefusal(error, files);
      const nothing = { wasInPlace: false, isPresent: false, problems: [], written: [] };
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
      hint: "check the permissions of that file and its directory; nothing was changed",
    });
  }
  throw error;
}

async function optionsFor(
  system: System,
  tool: Tool,
  where: Where,
  version?: string,
): Promise<InstallOptions> {
  const settings = lazySettings(where.paths, system.env);
  return {
    program: hookProgram(),
    autoApprove: settings.flag("auto_approve"),
    commandWord: "hcom",
    version:
      (await tool.settings()).trust === undefined
        ? undefined
        : (version ?? versionIn(system, tool)),
  };
}

/** Asked only where what we write depends on it: it starts a large program. */
function versionIn(system: System, tool: Tool): string | undefined {
  const binary = findBinary(tool.binary, system.env);
  return binary === undefined ? undefined : versionOf(binary);
}
