// Codex keeps MCP servers as tables `[mcp_servers.<name>]` in config.toml.
import { asText } from "../../core/json.ts";
import { unparseable } from "../json-edit.ts";
import {
  foreignServer,
  isOurServer,
  isSameCommand,
  type McpEntry,
  type McpSettings,
  serverName,
} from "../mcp-settings.ts";
import { label } from "./identity.ts";
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

const servers = ["mcp_servers"];
const ours = [...servers, serverName];

export const mcpSettings: McpSettings = {
  label,
  files: ({ env, home }) => [`${env["CODEX_HOME"] || `${home}/.codex`}/config.toml`],
  find: (path, text) => entryIn(parseToml(path, text)),
  add: (path, text, words) => add(path, text ?? "", words),
  remove: (path, text) => {
    const found = entryIn(parseToml(path, text));
    if (found === undefined || !isOurServer(found.words)) return text;
    return cut(path, text) || null;
  },
};

function entryIn(toml: TomlText): McpEntry | undefined {
  const isThere = [...toml.keys, ...toml.tables].some((one) => startsWithPath(one.path, ours));
  if (!isThere) return undefined;
  const fieldOf = (key: string) => toml.keys.find((one) => isPath(one.path, [...ours, key]))?.value;
  const words = [fieldOf("command"), fieldOf("args") ?? []].flat().map(asText);
  return {
    words: words.every((word) => word !== undefined) ? words : [],
    isOn: fieldOf("enabled") !== false,
  };
}

function add(path: string, text: string, words: readonly string[]): string {
  const toml = parseToml(path, text);
  const found = entryIn(toml);
  if (found === undefined) {
    refuseInline(path, toml);
    return addBlock(text, block(words));
  }
  if (!isOurServer(found.words)) throw foreignServer(path, found);
  if (isSameCommand(found.words, words)) return text;
  const [command = "", ...args] = words;
  return replaceValue(
    path,
    replaceValue(path, text, "args", list(args)),
    "command",
    tomlString(command),
  );
}

function block([command = "", ...args]: readonly string[]): string[] {
  return [
    `[${ours.join(".")}]`,
    `command = ${tomlString(command)}`,
    `args = ${list(args)}`,
    // Codex (0.169.0) gives its servers little but PATH and HOME. A value of `env` would beat the
    // one that an agent was launched with; one that is not set is left out.
    `env_vars = ["HCOM_DIR"]`,
  ];
}

function list(words: readonly string[]): string {
  return `[${words.map(tomlString).join(", ")}]`;
}

function replaceValue(path: string, text: string, key: string, value: string): string {
  const place = parseToml(path, text).keys.find((one) => isPath(one.path, [...ours, key]));
  if (place === undefined) return text;
  const [start, end] = place.valueRange;
  return text.slice(0, start) + value + text.slice(end);
}

/** Cuts the table, those below it, and what is written in any other form. */
function cut(path: string, text: string): string {
  const toml = parseToml(path, text);
  const table = toml.tables.find((one) => startsWithPath(one.path, ours));
  if (table !== undefined) return cut(path, cutBlock(text, table.range));
  const pair = toml.keys.find((one) => startsWithPath(one.path, ours));
  if (pair === undefined) return text;
  refuseInline(path, toml);
  return cut(path, cutLines(text, pair.range));
}

/** All servers in one value: there is no line of ours to add or to cut. */
function refuseInline(path: string, toml: TomlText): void {
  if (!toml.keys.some((one) => isPath(one.path, servers))) return;
  throw unparseable(path, `"${servers.join()}" is an inline table; make it a table of its own`);
}
