// MCP servers as most programs keep them: name -> entry, in one object of a JSON file. Only the
// name of that object and the look of an entry differ.
import { getNodeValue } from "jsonc-parser";
import { asObject, asText, isObject } from "../core/json.ts";
import { expectNode } from "./hooks-json.ts";
import {
  addMember,
  closeSettings,
  dropItem,
  isBlank,
  type JsonNode,
  member,
  openSettings,
  parseSettings,
  property,
} from "./json-edit.ts";
import {
  foreignServer,
  isOurServer,
  isSameCommand,
  type McpEntry,
  type McpSettings,
  serverName,
} from "./mcp-settings.ts";

export interface JsonServers {
  /** The object that holds the servers, a member of the root. */
  key: string;
  /** An entry as we write it. */
  entry(words: readonly string[]): Record<string, unknown>;
  /** The members of an entry that make up the command line, in the order of its words. */
  command: readonly string[];
}

export function jsonServers(shape: JsonServers): Pick<McpSettings, "find" | "add" | "remove"> {
  return {
    find: (path, text) => (isBlank(text) ? undefined : entryIn(shape, parseSettings(path, text))),
    add: (path, text, words) => add(shape, path, text, words),
    remove: (path, text) => {
      const bare = isBlank(text) ? text : cut(shape, path, text);
      return bare === text ? text : closeSettings(bare);
    },
  };
}

function entryIn(shape: JsonServers, root: JsonNode): McpEntry | undefined {
  const node = member(member(root, shape.key), serverName);
  if (node === undefined) return undefined;
  const value: unknown = getNodeValue(node);
  const entry = asObject(value);
  const words = shape.command.flatMap((key) => entry[key] ?? []).map(asText);
  return {
    words: words.every((word) => word !== undefined) ? words : [],
    isOn: isObject(value) && entry["enabled"] !== false && entry["disabled"] !== true,
  };
}

function add(
  shape: JsonServers,
  path: string,
  text: string | null,
  words: readonly string[],
): string {
  const opened = openSettings(text);
  const root = parseSettings(path, opened);
  const servers = expectNode(path, member(root, shape.key), "object", shape.key);
  const found = entryIn(shape, root);
  const entry = shape.entry(words);
  if (servers === undefined) return addMember(opened, root, shape.key, { [serverName]: entry });
  if (found === undefined) return addMember(opened, servers, serverName, entry);
  if (!isOurServer(found.words)) throw foreignServer(path, found);
  if (isSameCommand(found.words, words)) return opened;
  const ours = (now: string) => member(member(parseSettings(path, now), shape.key), serverName);
  // Backwards, because members go in front of those that are there.
  return shape.command.toReversed().reduce((rest, key) => {
    const old = property(ours(rest), key);
    const bare = old === undefined ? rest : dropItem(rest, old);
    const node = ours(bare);
    return node === undefined ? bare : addMember(bare, node, key, entry[key]);
  }, opened);
}

/** Without our entry, and without the object around it when that is ours as well. */
function cut(shape: JsonServers, path: string, text: string): string {
  const root = parseSettings(path, text);
  const found = entryIn(shape, root);
  if (found === undefined || !isOurServer(found.words)) return text;
  const servers = property(root, shape.key);
  const own = property(servers?.children?.[1], serverName);
  const item = isOurShell(text, servers?.children?.[1]) ? servers : own;
  // Of several members with one name the next one may be ours, too.
  return item === undefined ? text : cut(shape, path, dropItem(text, item));
}

/**
 * Programs leave an empty object behind, and owners do. One that we made closes on a line of its
 * own; an entry put into an empty one of theirs has the closing bracket right behind it.
 */
function isOurShell(text: string, servers: JsonNode | undefined): boolean {
  const [only, ...others] = servers?.children ?? [];
  if (servers === undefined || only === undefined || others.length > 0) return false;
  const before = text.slice(servers.offset + 1, only.offset);
  const after = text.slice(only.offset + only.length, servers.offset + servers.length - 1);
  return before.trim() === "" && /^\r?\n[ \t]*$/.test(after);
}
