// Changes one setting in config.toml, in place: comments and unknown keys stay. The first write
// also takes over what stands in the older settings file, which is left alone.
import { parseTOML } from "toml-eslint-parser";
import { asObject } from "../core/json.ts";
import { Refusal } from "../core/refusal.ts";
import { type Setting, type SettingValue, settingRows } from "../core/setting.ts";
import { copyPrivate, readEditable, readText, removeFile, writeAtomic } from "../sys/files.ts";
import { parseEnvFile } from "./env-file.ts";
import type { Paths } from "./paths.ts";

export function editSetting(paths: Paths, row: Setting, value: SettingValue): void {
  editConfig(paths, (text) => setToml(text, row.toml, value, paths.configToml));
}

/** Replaces config.toml by what `change` makes of its text. */
export function editConfig(paths: Paths, change: (text: string) => string): void {
  const path = paths.configToml;
  const before = orRefused(path, () => readEditable(path));
  const text = change(before ?? migrated(paths));
  orRefused(path, () => writeAtomic(path, text));
}

/** Moves the settings files away; returns where they went. */
export function resetSettings(paths: Paths, nowMs: number): string[] {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, "-");
  const moved: string[] = [];
  for (const [name, path] of [
    ["config.toml", paths.configToml],
    ["config.env", paths.configEnv],
    ["env", paths.env],
  ] as const) {
    if (orRefused(path, () => readText(path)) === undefined) continue;
    const target = `${paths.archive}/config/${name}.${stamp}`;
    orRefused(target, () => copyPrivate(path, target));
    orRefused(path, () => removeFile(path));
    moved.push(target);
  }
  return moved;
}

function migrated(paths: Paths): string {
  const before = orRefused(paths.configEnv, () => readText(paths.configEnv));
  const old = new Map(parseEnvFile(before ?? ""));
  let text = "";
  for (const row of settingRows()) {
    const given = [row.env, ...row.envAliases]
      .map((name) => old.get(name))
      .find((v) => v !== undefined);
    const value = given === undefined ? undefined : validOf(row, given);
    if (value !== undefined) text = setToml(text, row.toml, value, paths.configToml);
  }
  const passed = [...old].filter(([name]) => !name.startsWith("HCOM_"));
  const lines = passed.map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  orRefused(paths.env, () => {
    if (lines.length > 0 && readText(paths.env) === undefined)
      writeAtomic(paths.env, lines.join(""));
  });
  return text;
}

function orRefused<T>(path: string, touch: () => T): T {
  try {
    return touch();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new Refusal({
      code: "settings_unwritable",
      message: `${path} cannot be read or written (${error.message}).`,
      hint: "Check owner, mode and free space of its directory, or set HCOM_DIR to another one.",
    });
  }
}

// What is not valid had no effect before either, and must not stop a change of something else.
function validOf(row: Setting, text: string): SettingValue | undefined {
  try {
    return row.check(text);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Sets `path` to `value` by replacing or inserting one range of the text. */
export function setToml(
  text: string,
  path: readonly string[],
  value: SettingValue,
  where: string,
): string {
  const literal = typeof value === "string" ? JSON.stringify(value) : String(value);
  const edited = edit(text, path, literal, topOf(text, where));
  if (isSet(edited, path, value)) return edited;
  // A table that was begun with dotted keys or in one line cannot be opened a second time.
  throw new Refusal({
    code: "settings_form",
    message: `${where} writes the table ${path.slice(0, -1).join(".")} in a form we cannot add to`,
    hint: `set ${path.join(".")} = ${literal} there by hand`,
  });
}

function edit(text: string, path: readonly string[], literal: string, top: Top): string {
  const old = valueAt(top, path);
  if (old !== undefined) return text.slice(0, old.range[0]) + literal + text.slice(old.range[1]);
  const table = path.slice(0, -1);
  const key = path.at(-1) ?? "";
  const owner = tablesOf(top).find((node) => sameKey(node.resolvedKey, table));
  if (owner === undefined) {
    const gap = text === "" || text.endsWith("\n") ? "" : "\n";
    const blank = text === "" ? "" : "\n";
    return `${text}${gap}${blank}[${table.join(".")}]\n${key} = ${literal}\n`;
  }
  const end = text.indexOf("\n", owner.body.at(-1)?.range[1] ?? owner.range[1]);
  const at = end < 0 ? text.length : end;
  return `${text.slice(0, at)}\n${key} = ${literal}${text.slice(at)}`;
}

type Top = ReturnType<typeof topOf>;
type Table = Extract<Top["body"][number], { type: "TOMLTable" }>;
type Pair = Table["body"][number];

function tablesOf(top: Top): Table[] {
  return top.body.filter((node) => node.type === "TOMLTable");
}

/** The value of a key however it is spelt: in its table, with dots, or in a table in one line. */
function valueAt(top: Top, path: readonly string[]): Pair["value"] | undefined {
  const loose = top.body.filter((node) => node.type === "TOMLKeyValue");
  const groups = [{ pairs: loose, under: path }];
  for (const table of tablesOf(top)) {
    const under = below(table.resolvedKey, path);
    if (under !== undefined) groups.push({ pairs: table.body, under });
  }
  for (const { pairs, under } of groups) {
    const found = valueIn(pairs, under);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueIn(pairs: readonly Pair[], path: readonly string[]): Pair["value"] | undefined {
  for (const { key, value } of pairs) {
    const rest = below(key.keys.map(nameOf), path);
    if (rest?.length === 0) return value;
    if (rest === undefined || value.type !== "TOMLInlineTable") continue;
    const found = valueIn(value.body, rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The path without its beginning, or undefined when it begins otherwise. */
function below(
  beginning: readonly (string | number)[],
  path: readonly string[],
): readonly string[] | undefined {
  const isBeginning = sameKey(beginning, path.slice(0, beginning.length));
  return isBeginning ? path.slice(beginning.length) : undefined;
}

function isSet(text: string, path: readonly string[], value: SettingValue): boolean {
  try {
    let at: unknown = Bun.TOML.parse(text);
    for (const part of path) at = asObject(at)[part];
    return at === value;
  } catch {
    return false;
  }
}

function topOf(text: string, where: string) {
  try {
    return parseTOML(text).body[0];
  } catch (error) {
    throw new Refusal({
      code: "unparseable_settings",
      message: `${where} is not TOML: ${error instanceof Error ? error.message : String(error)}`,
      hint: "mend it by hand, or start over: hcom config --reset",
    });
  }
}

function nameOf(key: { type: string; name?: string; value?: string }): string {
  return key.name ?? key.value ?? "";
}

function sameKey(a: readonly (string | number)[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}
