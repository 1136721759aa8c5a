// Codex's config.toml: the switch that old versions need for hooks, leftovers of earlier programs,
// and removal of our trust entries (`trust.ts` writes them).
import { eolOf, isBlank, unparseable } from "../json-edit.ts";
import type { InstallOptions, Known, SettingsFile } from "../tool.ts";
import { isSince } from "../version.ts";
import { cutLines, isPath, parseToml, type TomlKey, type TomlText } from "./toml-text.ts";
import { checkTrustPlace, dropTrust, hasFormerMarks } from "./trust-state.ts";

export function configFile(path: string): SettingsFile {
  return {
    path,
    what: "feature switch and hook trust",
    install: (text, options) => install(path, text ?? "", options),
    remove: (text, known = {}) => remove(path, text, known),
    problems: (text, options) => problems(path, text ?? "", options),
  };
}

/** Marks what we added, so that a removal gives back what was there. */
const addedMark = "# added by hcom";
const wasFalse = " # hcom: was false";

/** Codex 0.145.0 has hooks on by default; since 0.129 the switch has this name, before another. */
export function switchName(version: string | undefined): { name: string; isDefault: boolean } {
  const name = isSince(version, "0.129.0", true) ? "hooks" : "codex_hooks";
  return { name, isDefault: isSince(version, "0.145.0", true) };
}

function switchOf(toml: TomlText, name: string): TomlKey | undefined {
  return toml.keys.find((key) => isPath(key.path, ["features", name]));
}

function enableHooks(path: string, text: string, options: InstallOptions): string {
  const { name, isDefault } = switchName(options.version);
  const toml = parseToml(path, text);
  const flag = switchOf(toml, name);
  if (flag?.value === true || (flag === undefined && isDefault)) return text;
  if (toml.keys.some((key) => isPath(key.path, ["features"]))) {
    throw unparseable(path, `its inline table "features" needs ${name} = true`);
  }
  if (flag !== undefined) {
    const [start, end] = flag.valueRange;
    return `${text.slice(0, start)}true${wasFalse}${text.slice(end)}`;
  }
  return addSwitch(text, toml, `${name} = true ${addedMark}`);
}

function addSwitch(text: string, toml: TomlText, line: string): string {
  const eol = eolOf(text);
  const header = toml.tables.find((table) => isPath(table.path, ["features"]));
  if (header !== undefined) {
    const end = text.indexOf("\n", header.range[0]);
    if (end < 0) return `${text}${eol}${line}`;
    return `${text.slice(0, end + 1)}${line}${eol}${text.slice(end + 1)}`;
  }
  // A dotted key at the very top belongs to the root, whatever follows; a header could not be there
  // twice beside dotted keys of the owner.
  const start = text.startsWith("\ufeff") ? 1 : 0;
  return `${text.slice(0, start)}features.${line}${eol}${text.slice(start)}`;
}

/** Nothing is written before it is sure that the trust, which Codex tells later, can be as well. */
function install(path: string, text: string, options: InstallOptions): string {
  checkTrustPlace(path, text);
  return enableHooks(path, dropFormer(path, text), options);
}

function remove(path: string, text: string, { trusted = {} }: Known): string | null {
  let rest = dropTrust(path, dropFormer(path, text), trusted, () => true);
  rest = rest.replaceAll(`true${wasFalse}`, "false");
  // Behind a header that ended the file our line has no end of its own.
  rest = rest.replace(new RegExp(`\\r?\\n[^\\n]*${addedMark}$`), "");
  const mark = rest.startsWith("\ufeff") ? "\ufeff" : "";
  const lines = rest.slice(mark.length).split(/(?<=\n)/);
  rest = mark + lines.filter((line) => !line.trimEnd().endsWith(addedMark)).join("");
  // An empty file is what an install leaves where there was none.
  return isBlank(rest) && (rest !== text || text === "") ? null : rest;
}

/** `notify` as an earlier program wrote it. The old switch `codex_hooks` is anybody's. */
function dropFormer(path: string, text: string): string {
  const former = parseToml(path, text).keys.findLast(isFormerNotify);
  return former === undefined ? text : dropFormer(path, cutLines(text, former.range));
}

const formerNotify: readonly string[] = [
  "hcom codex-notify",
  "uvx hcom codex-notify",
  "sh -c hcom codex-notify",
];

function isFormerNotify(key: TomlKey): boolean {
  if (!isPath(key.path, ["notify"]) || !Array.isArray(key.value)) return false;
  return formerNotify.includes(key.value.join(" "));
}

function problems(path: string, text: string, options: InstallOptions): string[] {
  const { name, isDefault } = switchName(options.version);
  const value = switchOf(parseToml(path, text), name)?.value;
  const former =
    dropFormer(path, text) === text ? [] : ["settings of an earlier hcom are left over"];
  if (hasFormerMarks(path, text)) former.push("trust entries have keys that Codex warns of");
  if (value === true || (value === undefined && isDefault)) return former;
  return [...former, `features.${name} is not on`];
}
