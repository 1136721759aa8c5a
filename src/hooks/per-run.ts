// Hooks for one launch: what it passes to its tool, so that none of its user's files changes. Where
// `hooks add` has put ours into those files they are used as they stand, and never doubled.
import { pathsOf } from "../config/paths.ts";
import { lazySettings } from "../config/settings.ts";
import { findBinary } from "../sys/binary.ts";
import { fileExists, readText } from "../sys/files.ts";
import { hookProgram } from "../sys/program.ts";
import type { System } from "../sys/system.ts";
import type {
  HookPlace,
  RunAdditions,
  RunFiles,
  RunOptions,
  ServerAnswers,
  Tool,
} from "../tools/tool.ts";
import { hooksStatus, installHooks } from "./install.ts";
import { programFault, programObstacles } from "./program-check.ts";
import { askServer } from "./tool-server.ts";
import { whereOf } from "./where.ts";

export interface RunLaunch {
  binary: string;
  version: string | undefined;
  directory: string;
  /** The user's arguments. */
  userArgs: readonly string[];
}

export interface PreparedRun {
  /** The user's arguments without what ours replace. */
  userArgs: string[];
  /** Arguments and variables. `keep` writes what the tool is to read and tells where. */
  added(keep: RunFiles["keep"]): RunAdditions;
  /** What its owner must hear, a line each. */
  notes: string[];
}

export async function prepareRun(
  system: System,
  tool: Tool,
  launch: RunLaunch,
): Promise<PreparedRun> {
  const plug = await tool.settings();
  const standing = await standingHooks(system, tool, launch.version, plug.perRun.passesHooks);
  const run = runOptions(system, tool, launch, standing.areThere);
  const serverArgs = plug.perRun.serverArgs(run);
  const answers = await answersFor(system, tool, run, launch.binary, serverArgs);
  const known = { ...run, answers };
  const settings = plug.perRun.settings(known);
  const { file } = settings;
  // A hook whose program is gone is silent by design: who launches is told.
  const program = standing.areThere
    ? programObstacles(plug, known)
    : programFault(hookProgram(), "install hcom again");
  const obstacles = [...program, ...plug.obstacles(known)].map(
    (one) => `${tool.label} runs no hooks of hcom: ${one}`,
  );
  return {
    userArgs: settings.userArgs,
    added: (keep) => {
      const path = file === undefined ? "" : keep(file, settings.fileEnding);
      return { args: settings.added(path), env: settings.env?.(path) ?? {} };
    },
    notes: [...standing.notes, ...obstacles, ...settings.notes],
  };
}

/** Why hooks of ours do not run in a session of this tool; empty when nothing is in their way. */
export async function hookObstacles(
  system: System,
  tool: Tool,
  session: SessionPlace,
): Promise<string[]> {
  const plug = await tool.settings();
  const place = placeOf(system, tool, session);
  const binary = findBinary(tool.binary, system.env);
  const answers =
    session.asksTool === false ? undefined : await answersFor(system, tool, place, binary, []);
  const program = session.arePassed === true ? [] : programObstacles(plug, place);
  return [...program, ...plug.obstacles({ ...place, answers })];
}

export interface SessionPlace {
  directory: string;
  args?: readonly string[];
  /** Did a launch pass the hooks, or do they stand in the user's files? */
  arePassed?: boolean;
  /** False where half a second is too long for a tool's own answer. */
  asksTool?: boolean;
}

function placeOf(system: System, tool: Tool, session: SessionPlace): HookPlace {
  return {
    configDir: whereOf(system, tool).configDir,
    directory: session.directory,
    args: session.args ?? [],
    env: system.env,
    arePassed: session.arePassed ?? false,
    answers: undefined,
    readFile,
  };
}

function runOptions(system: System, tool: Tool, launch: RunLaunch, areThere: boolean): RunOptions {
  const paths = pathsOf(system.env, system.cwd);
  const settings = lazySettings(paths, system.env);
  const { directory, userArgs: args } = launch;
  return {
    ...placeOf(system, tool, { directory, args, arePassed: !areThere }),
    program: hookProgram(),
    autoApprove: settings.flag("auto_approve"),
    commandWord: "hcom",
    version: launch.version,
    hcomDir: paths.dir,
    sandboxMode: settings.text("codex_sandbox_mode"),
    autoTrust: settings.flag("auto_trust_workspace"),
  };
}

async function answersFor(
  system: System,
  tool: Tool,
  { configDir, directory }: HookPlace,
  binary: string | undefined,
  args: readonly string[],
): Promise<ServerAnswers | undefined> {
  const { trust } = await tool.settings();
  if (trust === undefined || binary === undefined) return undefined;
  return askServer(system, tool, { trust, binary, configDir, directory, args });
}

interface Standing {
  areThere: boolean;
  notes: string[];
}

/** Ours in the user's files are kept up to date: two generations of them would deliver twice. */
async function standingHooks(
  system: System,
  tool: Tool,
  version: string | undefined,
  passesHooks: boolean,
): Promise<Standing> {
  const [found] = await hooksStatus(system, [tool.name], version);
  if (!passesHooks) {
    const written = found?.wasInPlace === true ? undefined : await putIn(system, tool);
    if (written === undefined) return { areThere: true, notes: [] };
    const why = `${tool.label} takes hooks from its settings alone: hcom's are in ${written} now`;
    return { areThere: true, notes: [`${why}; hcom hooks remove ${tool.name} takes them out`] };
  }
  if (found?.standing === "former") {
    const where = `hooks of an earlier hcom stand in ${found.paths[0]}`;
    return { areThere: false, notes: [`${where}; hcom hooks add ${tool.name} replaces them`] };
  }
  if (found?.standing !== "ours") return { areThere: false, notes: [] };
  if (found.wasInPlace) return { areThere: true, notes: [] };
  const written = await putIn(system, tool);
  return { areThere: true, notes: [`updated hcom's hooks in ${written}`] };
}

/** Where they were written. */
async function putIn(system: System, tool: Tool): Promise<string> {
  const [result] = await installHooks(system, [tool.name]);
  if (result?.error !== undefined) throw result.error;
  return result?.written.join(", ") ?? "";
}

/** What cannot be read says nothing. */
function readFile(path: string): string | undefined {
  try {
    return fileExists(path) ? readText(path) : undefined;
  } catch {
    return undefined;
  }
}
