// The entries `[hooks.state."<hooks file>:<event>:<group>:<handler>"]` in Codex's config.toml:
// writes ours, finds ours, cuts ours. An entry is ours when it carries our mark.
import type { TrustEntry } from "../tool.ts";
import { tomlString } from "./toml-string.ts";
import {
  addBlock,
  cutBlock,
  cutLines,
  isPath,
  parseToml,
  startsWithPath,
  type TomlText,
} from "./toml-text.ts";

/** Says whose hash it is: Codex computes another one with every version. */
const versionMark = "hcom_codex_cli_version";

/** The text with exactly these entries of ours, unchanged when they are in place already. */
export function storeTrust(
  path: string,
  text: string,
  entries: readonly TrustEntry[],
  version: string,
): string {
  const wanted = entries.map((entry) => entry.key);
  // Stale ones of ours go; those that the human gave through Codex's own dialog are replaced.
  const stale = dropTrust(path, text, (key) => !wanted.includes(key));
  return entries.reduce((rest, entry) => storeEntry(path, rest, entry, version), stale);
}

function storeEntry(path: string, text: string, entry: TrustEntry, version: string): string {
  const fields = fieldsOf(parseToml(path, text), entry.key);
  const isEnabled = fields.get("enabled") !== false;
  const lines = [
    `[hooks.state.${tomlString(entry.key)}]`,
    `trusted_hash = ${tomlString(entry.hash)}`,
    `enabled = ${isEnabled}`,
    `${versionMark} = ${tomlString(version)}`,
  ];
  const isThere = fields.get("trusted_hash") === entry.hash && fields.get(versionMark) === version;
  return isThere ? text : addBlock(dropKey(path, text, entry.key), lines);
}

/** Cuts the entries of ours whose key passes `test`. */
export function dropTrust(path: string, text: string, test: (key: string) => boolean): string {
  const toml = parseToml(path, text);
  const marked = toml.keys.filter(
    (key) => key.path.length === 4 && key.path.at(-1) === versionMark,
  );
  const keys = marked
    .filter((key) => startsWithPath(key.path, ["hooks", "state"]))
    .map((key) => key.path[2] ?? "");
  return keys.filter(test).reduce((rest, key) => dropKey(path, rest, key), text);
}

/** Cuts one entry, whether it has a table of its own or stands as a pair in one above. */
function dropKey(path: string, text: string, key: string): string {
  const toml = parseToml(path, text);
  const entry = ["hooks", "state", key];
  const table = toml.tables.find((one) => isPath(one.path, entry));
  if (table !== undefined) return dropKey(path, cutBlock(text, table.range), key);
  const pair = toml.keys.find((one) => startsWithPath(one.path, entry));
  return pair === undefined ? text : dropKey(path, cutLines(text, pair.range), key);
}

function fieldsOf(toml: TomlText, key: string): Map<string, unknown> {
  const entry = ["hooks", "state", key];
  const keys = toml.keys.filter((one) => one.path.length === 4 && startsWithPath(one.path, entry));
  return new Map(keys.map((one) => [one.path.at(-1) ?? "", one.value]));
}
