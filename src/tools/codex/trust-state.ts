// The entries `[hooks.state."<hooks file>:<event>:<group>:<handler>"]` in Codex's config.toml:
// writes ours, finds ours, cuts ours. An entry is ours when our record has its very hash; Codex
// warns of keys that it does not know, so nothing in the file says so.
import { positionOf, unparseable } from "../json-edit.ts";
import type { Known, TrustEntry } from "../tool.ts";
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

/** With these keys earlier versions of ours marked an entry. */
const formerMarks: readonly string[] = ["hcom_codex_cli_version", "hcom_hook_definition_hash"];

const state = ["hooks", "state"];

/** The text with exactly these entries of ours, unchanged when they are in place already. */
export function storeTrust(
  path: string,
  text: string,
  entries: readonly TrustEntry[],
  { trusted = {} }: Known,
): string {
  checkTrustPlace(path, text);
  const wanted = entries.map((entry) => entry.key);
  // Stale ones of ours go; those that the human gave through Codex's own dialog are replaced.
  const stale = dropTrust(path, text, trusted, (key) => !wanted.includes(key));
  return entries.reduce((rest, entry) => storeEntry(path, rest, entry), stale);
}

/** Refuses a text in which no table for an entry can be added, with the line that is in the way. */
export function checkTrustPlace(path: string, text: string): void {
  const inline = parseToml(path, text).keys.find(
    (key) => isPath(key.path, ["hooks"]) || isPath(key.path, state),
  );
  if (inline === undefined) return;
  const line = positionOf(text, inline.range[0]).replace("not valid at ", "");
  const name = inline.path.join(".");
  throw unparseable(path, `"${name}" at ${line} is an inline table; write it as [${name}]`);
}

function storeEntry(path: string, text: string, entry: TrustEntry): string {
  const fields = fieldsOf(parseToml(path, text), entry.key);
  const isMarked = formerMarks.some((mark) => fields.has(mark));
  if (fields.get("trusted_hash") === entry.hash && !isMarked) return text;
  const isEnabled = fields.get("enabled") !== false;
  return addBlock(dropKey(path, text, entry.key), [
    `[hooks.state.${tomlString(entry.key)}]`,
    `trusted_hash = ${tomlString(entry.hash)}`,
    `enabled = ${isEnabled}`,
  ]);
}

/** Cuts the entries of ours whose key passes `test`. */
export function dropTrust(
  path: string,
  text: string,
  trusted: Readonly<Record<string, string>>,
  test: (key: string) => boolean,
): string {
  const toml = parseToml(path, text);
  const fields = toml.keys.filter(
    (key) => key.path.length === 4 && startsWithPath(key.path, state),
  );
  const keys = fields.flatMap(({ path: [, , key = "", field = ""], value }) => {
    const isOurs =
      formerMarks.includes(field) || (field === "trusted_hash" && trusted[key] === value);
    return isOurs && test(key) ? [key] : [];
  });
  return [...new Set(keys)].reduce((rest, key) => dropKey(path, rest, key), text);
}

export function hasFormerMarks(path: string, text: string): boolean {
  return parseToml(path, text).keys.some(
    (key) => startsWithPath(key.path, state) && formerMarks.includes(key.path[3] ?? ""),
  );
}

/** Cuts one entry, whether it has a table of its own or stands as a pair in one above. */
function dropKey(path: string, text: string, key: string): string {
  const toml = parseToml(path, text);
  const entry = [...state, key];
  const table = toml.tables.find((one) => isPath(one.path, entry));
  if (table !== undefined) return dropKey(path, cutBlock(text, table.range), key);
  const pair = toml.keys.find((one) => startsWithPath(one.path, entry));
  if (pair === undefined) return text;
  checkTrustPlace(path, text);
  return dropKey(path, cutLines(text, pair.range), key);
}

function fieldsOf(toml: TomlText, key: string): Map<string, unknown> {
  const entry = [...state, key];
  const keys = toml.keys.filter((one) => one.path.length === 4 && startsWithPath(one.path, entry));
  return new Map(keys.map((one) => [one.path.at(-1) ?? "", one.value]));
}
