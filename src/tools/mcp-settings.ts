// What hcom knows about a program that can start MCP servers: where it keeps them, and pure edits
// of that text. Agent programs that are a full `Tool` have it beside that.

import type { Env } from "../core/env.ts";
import { Refusal } from "../core/refusal.ts";

export interface McpSettings {
  label: string;
  /**
   * The files that may hold the entry, the most wanted first. It goes into the first that is there;
   * where none is, the last one is made.
   */
  files(place: McpPlace): readonly string[];
  /** The entry under our name. Throws Refusal `unparseable_settings`, as all of these do. */
  find(path: string, text: string): McpEntry | undefined;
  /**
   * The text with our entry. One of ours that runs another command line gets this one, and keeps
   * what its owner added. Throws Refusal `foreign_mcp_server` for somebody else's.
   */
  add(path: string, text: string | null, words: readonly string[]): string;
  /** The text without an entry of ours; null when there was no file before. */
  remove(path: string, text: string): string | null;
}

export interface McpPlace {
  env: Env;
  home: string;
}

export interface McpEntry {
  /** Program and arguments; empty when it is no command. */
  words: readonly string[];
  /** False when its owner switched it off. */
  isOn: boolean;
}

/** Our name among the servers of a program. */
export const serverName = "hcom";

/** The command line of our server. */
export function serverWords(program: readonly string[]): string[] {
  return [...program, "mcp"];
}

/**
 * Would `serverWords` write this, for whatever place our program was installed in? Of the
 * launcher's line, or the older one of Bun, the second word makes it ours: nobody writes that.
 */
export function isOurServer(words: readonly string[]): boolean {
  const [program = "", flag, ...rest] = words;
  if (!program.startsWith("/") || rest.at(-1) !== "mcp") return false;
  if (flag === "--program=hcom") return rest.length === 1;
  const main = rest.at(-2) ?? "";
  return (
    flag === "--no-env-file" &&
    main.startsWith("/") &&
    rest.slice(0, -2).every((word) => word.startsWith("--"))
  );
}

export function isSameCommand(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}

export function foreignServer(path: string, entry: McpEntry): Refusal {
  const runs = entry.words.length === 0 ? "" : `, which runs ${entry.words.join(" ")}`;
  return new Refusal({
    code: "foreign_mcp_server",
    message: `${path} has an MCP server "${serverName}" that is not hcom's${runs}`,
    hint: "Rename or remove that entry, then try again; hcom does not touch it.",
  });
}
