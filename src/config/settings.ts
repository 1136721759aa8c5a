// Settings in layers: defaults < config.env (older generation) < config.toml < environment, each
// key by itself. An invalid value falls back to the layer below and is reported, never fatal.
import type { Env } from "../core/env.ts";
import { isObject } from "../core/json.ts";
import { findSetting, type Setting, type SettingValue, settingRows } from "../core/setting.ts";
import { pairsIn } from "./env-file.ts";
import type { Paths } from "./paths.ts";
import { tableOf } from "./toml.ts";

export type Source = "env" | "toml" | "config.env" | "default";

/** Where a value comes from, as people find it: behind every setting on every screen. */
export function sourceWord(source: Source): string {
  if (source === "env") return "environment";
  return source === "toml" ? "config.toml" : source;
}

export interface Effective {
  value: SettingValue;
  source: Source;
}

export interface Settings {
  of(key: string): Effective;
  text(key: string): string;
  number(key: string): number;
  flag(key: string): boolean;
  /** What was wrong with the files, one sentence each. */
  problems(): string[];
}

/** The files are read, and each setting is checked, when somebody asks. */
export function lazySettings(paths: Paths, env: Env): Settings {
  let files: Files | undefined;
  const known = new Map<string, Checked>();
  const check = (row: Setting): Checked => {
    files ??= readFiles(paths);
    const found = known.get(row.key) ?? checked(row, files, paths, env);
    known.set(row.key, found);
    return found;
  };
  const of = (key: string): Effective => {
    const row = settingRows().find((one) => one.key === key);
    return row === undefined ? { value: "", source: "default" } : check(row).effective;
  };
  return {
    of,
    text: (key) => String(of(key).value),
    number: (key) => Number(of(key).value),
    flag: (key) => of(key).value === true,
    problems: () => {
      const each = settingRows().flatMap((row) => check(row).problems);
      return [...(files?.problems ?? []), ...each];
    },
  };
}

interface Files {
  toml: Record<string, unknown>;
  old: ReadonlyMap<string, string>;
  problems: string[];
}

function readFiles(paths: Paths): Files {
  const problems: string[] = [];
  const toml = readToml(paths.configToml, problems);
  const old = pairsIn(paths.configEnv, (error) => {
    problems.push(`${paths.configEnv} cannot be read and is ignored: ${messageOf(error)}`);
  });
  return { toml, old: new Map(old), problems };
}

interface Checked {
  effective: Effective;
  problems: string[];
}

function checked(row: Setting, { toml, old }: Files, paths: Paths, env: Env): Checked {
  const problems: string[] = [];
  const layers: [Source, string | undefined, string][] = [
    ["env", fromEnv(row, env), "the environment"],
    ["toml", fromToml(row, toml, problems), paths.configToml],
    ["config.env", fromOld(row, old), paths.configEnv],
  ];
  return { effective: firstValid(row, layers, problems), problems };
}

function firstValid(
  row: Setting,
  layers: readonly [Source, string | undefined, string][],
  problems: string[],
): Effective {
  for (const [source, text, where] of layers) {
    if (text === undefined) continue;
    try {
      return { value: row.check(text), source };
    } catch (error) {
      problems.push(`${row.key} in ${where} is ignored: ${messageOf(error)}`);
    }
  }
  return { value: row.default, source: "default" };
}

function readToml(path: string, problems: string[]): Record<string, unknown> {
  return tableOf(path, (error) => {
    problems.push(`${path} is not TOML and is ignored: ${messageOf(error)}`);
  });
}

function fromToml(
  row: Setting,
  toml: Record<string, unknown>,
  problems: string[],
): string | undefined {
  let at: unknown = toml;
  for (const part of row.toml) at = isObject(at) ? at[part] : undefined;
  if (at === undefined) return undefined;
  if (typeof at !== "object") return String(at);
  problems.push(`${row.key} in config.toml is ignored: it must be one value, not a list or table`);
  return undefined;
}

function fromEnv(row: Setting, env: Env): string | undefined {
  for (const name of [row.env, ...row.envAliases]) if (env[name] !== undefined) return env[name];
  return undefined;
}

function fromOld(row: Setting, old: ReadonlyMap<string, string>): string | undefined {
  for (const name of [row.env, ...row.envAliases]) if (old.has(name)) return old.get(name);
  return undefined;
}

/** The settings row of a key in any spelling, with its effective value. */
export function effective(settings: Settings, key: string): Effective & { row: Setting } {
  const row = findSetting(key);
  return { row, ...settings.of(row.key) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
