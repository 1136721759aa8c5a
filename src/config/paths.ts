// Every path of ours, from the environment. Nothing is created or read here.
import type { Env } from "../core/env.ts";
import { hcomDir, isRelative } from "../sys/hcom-dir.ts";

export interface Paths {
  /** The hcom directory itself, 0700. */
  dir: string;
  db: string;
  configToml: string;
  /** The older generation's settings file: read, never written. */
  configEnv: string;
  /** Variables passed to launched tools. */
  env: string;
  tmp: string;
  logs: string;
  log: string;
  /** Bell files: touching one wakes the agent of that name. */
  bells: string;
  /** What plugins of ours note of sessions whose tool keeps no file of them. */
  journals: string;
  /** Control sockets of wrappers. */
  run: string;
  /** What a launch leaves for its tool and its wrapper, see `launch/run-files.ts`. */
  runFiles: string;
  /** What a new terminal runs, with the agent's environment; each removes itself. */
  launchScripts: string;
  /** One record per edited settings file of another program: what was there, what we wrote. */
  backups: string;
  archive: string;
  scripts: string;
  deviceId: string;
  /** Parent of the hcom directory. */
  root: string;
  isDirGiven: boolean;
  /** It was given as a path that means another directory elsewhere. */
  isDirRelative: boolean;
  /** The user's own directory. */
  home: string;
}

export function pathsOf(env: Env, cwd: string): Paths {
  const dir = hcomDir(env, cwd);
  const isDirGiven = Boolean(env["HCOM_DIR"]);
  const root = dir.slice(0, dir.lastIndexOf("/")) || env["HOME"] || "/";
  return {
    dir,
    db: `${dir}/hcom.db`,
    configToml: `${dir}/config.toml`,
    configEnv: `${dir}/config.env`,
    env: `${dir}/env`,
    tmp: `${dir}/.tmp`,
    logs: `${dir}/.tmp/logs`,
    log: `${dir}/.tmp/logs/hcom.log`,
    bells: `${dir}/.tmp/bells`,
    journals: `${dir}/.tmp/journals`,
    run: `${dir}/.tmp/run`,
    runFiles: `${dir}/.tmp/run-settings`,
    launchScripts: `${dir}/.tmp/launch`,
    backups: `${dir}/.tmp/settings-backups`,
    archive: `${dir}/archive`,
    scripts: `${dir}/scripts`,
    deviceId: `${dir}/.tmp/device_id`,
    root,
    isDirGiven,
    isDirRelative: isRelative(env["HCOM_DIR"]),
    home: env["HOME"] || env["USERPROFILE"] || "/",
  };
}

/**
 * The configuration directory of a tool, where its login is as well: its own variable, else its
 * folder at home. HCOM_DIR moves our state and nothing of theirs, unless its owner wants that
 * (setting `config_dirs`).
 */
export function toolConfigDir(tool: Configured, env: Env, place?: ConfigPlace): string {
  return toolDir(tool.configDir, env, place);
}

/** Any directory that a tool finds by a variable, else by its folder at home. */
export function toolDir(dir: ToolDir, env: Env, place?: ConfigPlace): string {
  const given = env[dir.env];
  if (!given) return `${parentOfConfigs(env, place)}/${dir.folder}`;
  return dir.inside === undefined ? given : `${given}/${dir.inside}`;
}

/** The variables that take a tool to where its owner wants its directories, where that differs. */
export function movedDirs(
  { configDir }: Configured,
  env: Env,
  place: ConfigPlace,
): Readonly<Record<string, string>> {
  const moved: Record<string, string> = {};
  for (const dir of [configDir, ...(configDir.along ?? [])]) {
    const path = toolDir(dir, env, place);
    if (path !== toolDir(dir, env)) Object.assign(moved, variableOf(dir, path));
  }
  return moved;
}

/** Whose settings say where the tools keep theirs. */
interface ConfigPlace {
  paths: Paths;
  settings: { text(key: string): string };
}

function parentOfConfigs(env: Env, place?: ConfigPlace): string {
  const home = env["HOME"] || "/";
  if (place === undefined || !place.paths.isDirGiven) return home;
  return place.settings.text("config_dirs") === "beside" ? place.paths.root : home;
}

/** The variable that makes a tool use this configuration directory. */
export function toolConfigEnv(
  tool: Configured,
  configDir: string | undefined,
): Readonly<Record<string, string>> {
  return configDir === undefined ? {} : variableOf(tool.configDir, configDir);
}

function variableOf({ env: variable, inside }: ToolDir, path: string): Record<string, string> {
  if (inside === undefined) return { [variable]: path };
  return path.endsWith(`/${inside}`) ? { [variable]: path.slice(0, -inside.length - 1) } : {};
}

interface ToolDir {
  env: string;
  folder: string;
  inside?: string;
}

interface Configured {
  configDir: ToolDir & { along?: readonly ToolDir[] };
}
