// Changes one setting in config.toml, in place: comments and unknown keys stay. The first write
// also takes over what stands in the older settings file, which is left alone.
import { parseTOML } from "toml-eslint-parser";
import { Refusal } from "../core/refusal.ts";
import { type Setting, type SettingValue, settingRows } from "../core/setting.ts";
import { readText, removeFile, writeAtomic } from "../sys/files.ts";
import { parseEnvFile } from "./env-file.ts";
import type { Paths } from "./paths.ts";

export function editSetting(paths: Paths, row: Setting, value: SettingValue): void {
  const before = readText(paths.configToml);
  let text = before ?? migrated(paths);
  text = setToml(text, row.toml, value, paths.configToml);
  writeAtomic(paths.configToml, text);
}

/** Moves the settings files away; returns where they went. */
export function resetSettings(paths: Paths, nowMs: number): string[] {
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, "-");
  const moved: string[] = [];
  for (const [name, path] of [
    ["config.toml", paths.configToml],
    ["env", paths.env],
  ] as const) {
    const text = readText(path);
    if (text === undefined) continue;
    const target = `${paths.archive}/config/${name}.${stamp}`;
    writeAtomic(target, text);
    removeFile(path);
    moved.push(target);
  }
  return moved;
}

function migrated(paths: Paths): string {
  const old = new Map(parseEnvFile(readText(paths.configEnv) ?? ""));
  let text = "";
  for (const row of settingRows) {
    const given = [row.env, ...row.envAliases]
      .map((name) => old.get(name))
      .find((v) => v !== undefined);
    if (given === undefined) continue;
    text = setToml(text, row.toml, row.check(given), paths.configToml);
  }
  const passed = [...old].filter(([name]) => !name.startsWith("HCOM_"));
  if (passed.length > 0 && readText(paths.env) === undefined) {
    const lines = passed.map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    writeAtomic(paths.env, `${lines.join("\n")}\n`);
  }
  return text;
}

/** Sets `path` to `value` by replacing or inserting one range of the text. */
export function setToml(
  text: string,
  path: readonly string[],
  value: SettingValue,
  where: string,
): string {
  const top = topOf(text, where);
  const table = path.slice(0, -1);
  const key = path.at(-1) ?? "";
  const literal = typeof value === "string" ? JSON.stringify(value) : String(value);
  const owner = top.body.find(
    (node) => node.type === "TOMLTable" && sameKey(node.resolvedKey, table),
  );
  if (owner?.type !== "TOMLTable") {
    const gap = text === "" || text.endsWith("\n") ? "" : "\n";
    const blank = text === "" ? "" : "\n";
    return `${text}${gap}${blank}[${table.join(".")}]\n${key} = ${literal}\n`;
  }
  const pairs = owner.body.filter((node) => node.type === "TOMLKeyValue");
  const pair = pairs.find((node) => sameKey(node.key.keys.map(nameOf), [key]));
  if (pair !== undefined) {
    return text.slice(0, pair.value.range[0]) + literal + text.slice(pair.value.range[1]);
  }
  const end = text.indexOf("\n", pairs.at(-1)?.range[1] ?? owner.range[1]);
  const at = end < 0 ? text.length : end;
  return `${text.slice(0, at)}\n${key} = ${literal}${text.slice(at)}`;
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
