// The command table: one line per command, each loaded when it is called.
import type { Command } from "../cli/command.ts";

const table: Readonly<Record<string, () => Promise<{ default: Command }>>> = {
  send: () => import("./send.ts"),
  inbox: () => import("./inbox/inbox.ts"),
  listen: () => import("./listen.ts"),
  read: () => import("./read.ts"),
  channel: () => import("./channel.ts"),
  list: () => import("./list.ts"),
  start: () => import("./start.ts"),
  stop: () => import("./stop.ts"),
  kill: () => import("./kill.ts"),
  term: () => import("./term.ts"),
  events: () => import("./events.ts"),
  transcript: () => import("./transcript.ts"),
  why: () => import("./why.ts"),
  status: () => import("./status.ts"),
  config: () => import("./config.ts"),
  hooks: () => import("./hooks.ts"),
  mcp: () => import("./mcp.ts"),
  completions: () => import("./completions/completions.ts"),
  launch: () => import("./launch.ts"),
  pty: () => import("./pty.ts"),
  overview: () => import("./overview.ts"),
};

export const commandNames: readonly string[] = Object.keys(table);

export function isCommand(word: string): boolean {
  return Object.hasOwn(table, word);
}

export async function loadCommand(name: string): Promise<Command> {
  const loaded = await table[name]?.();
  if (loaded === undefined) throw new Error(`no command ${name} in the table`);
  return loaded.default;
}
