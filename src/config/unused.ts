// What stands in the settings files and means nothing here: of other versions, or misspelt. It is
// kept as it is. Whoever looks at the settings is told its name, never its value: it may be a key.
import { isObject } from "../core/json.ts";
import { nearest } from "../core/names/suggest.ts";
import { settingRows } from "../core/setting.ts";
import { pairsIn } from "./env-file.ts";
import type { Paths } from "./paths.ts";
import { relayKeys } from "./relay.ts";
import { tableOf } from "./toml.ts";

/** One sentence for each slip of the finger, and one for all the rest. */
export function sayUnused(paths: Paths): string[] {
  const unused = unusedSettings(paths);
  const slips = unused.flatMap(({ key, meant }) =>
    meant === undefined ? [] : [`no setting "${key}" - did you mean ${meant}?`],
  );
  const others = unused.filter(({ meant }) => meant === undefined).map(({ key }) => key);
  if (others.length === 0) return slips;
  return [...slips, `kept, but without effect in this version: ${others.join(", ")}`];
}

interface UnusedSetting {
  /** As it stands in its file: `relay.url`, `HCOM_GEMINI_ARGS`. */
  key: string;
  meant?: string;
}

function unusedSettings(paths: Paths): UnusedSetting[] {
  const relay = relayKeys.map((key) => `relay.${key}`);
  const places = new Set([...settingRows().map((row) => row.toml.join(".")), ...relay]);
  const names = new Set(settingRows().flatMap((row) => [row.env, ...row.envAliases]));
  const inToml = keysOf(tableOf(paths.configToml)).filter(
    (path) => !places.has(path.join(".")) && !isOwnTerminal(path.slice(0, -1)),
  );
  const inOld = pairsIn(paths.configEnv).map(([name]) => name);
  return [
    ...inToml.map((path) => ({ key: path.join("."), ...meantBy(path) })),
    ...[...new Set(inOld)]
      .filter((name) => name.startsWith("HCOM_") && !names.has(name))
      .map((key) => ({ key })),
  ];
}

/** The paths of all values. A terminal of the owner's own is one thing. */
function keysOf(
  table: Readonly<Record<string, unknown>>,
  above: readonly string[] = [],
): string[][] {
  return Object.entries(table).flatMap(([name, value]) => {
    const path = [...above, name];
    const isWhole = !isObject(value) || isOwnTerminal(above);
    return isWhole ? [path] : keysOf(value, path);
  });
}

function isOwnTerminal(table: readonly string[]): boolean {
  return table.join(".") === "terminal.presets";
}

/** A key without its table, or one with a slip in its own. Another table is another matter. */
function meantBy(path: readonly string[]): { meant?: string } {
  const name = path.at(-1) ?? "";
  const table = path.slice(0, -1).join(".");
  const whole = settingRows().find((row) => table === "" && row.key === name);
  const beside = settingRows().filter((row) => row.toml.slice(0, -1).join(".") === table);
  const near = nearest(
    name,
    beside.map((row) => row.toml.at(-1) ?? ""),
  );
  if (whole !== undefined) return { meant: whole.toml.join(".") };
  return near === undefined ? {} : { meant: `${table}.${near}` };
}
