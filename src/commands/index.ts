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
  resume: () => import("./launch/resume.ts"),
  fork: () => import("./launch/fork.ts"),
  stop: () => import("./stop.ts"),
  kill: () => import("./kill.ts"),
  rename: () => import("./life/rename.ts"),
  term: () => import("./term/term.ts"),
  events: () => import("./events/events.ts"),
  archive: () => import("./events/archive.ts"),
  transcript: () => import("./transcript.ts"),
  bundle: () => import("./bundle/bundle.ts"),
  run: () => import("./run/run.ts"),
  why: () => import("./why.ts"),
  status: () => import("./status.ts"),
  config: () => import("./config.ts"),
  hooks: () => import("./hooks.ts"),
  mcp: () => import("./mcp.ts"),
  relay: () => import("./relay.ts"),
  remote: () => import("./relay/remote.ts"),
  "relay-worker": () => import("./relay/relay-worker.ts"),
  reset: () => import("./events/reset.ts"),
  import: () => import("./import.ts"),
  docs: async () => ({ default: (await import("./registry/docs.ts")).docs(everyCommand) }),
  completions: () => import("./completions/completions.ts"),
  launch: () => import("./launch/launch.ts"),
  pty: () => import("./pty.ts"),
  rpc: () => import("./library/rpc.ts"),
  tui: () => import("./tui.ts"),
  overview: () => import("./overview.ts"),
};

/** As people of the original write them. */
const shortNames: Readonly<Record<string, string>> = { r: "resume", f: "fork" };

export const commandNames: readonly string[] = Object.keys(table);

/** The command that a word means, also a short one; undefined when it means none. */
export function commandNamed(word: string): string | undefined {
  const name = Object.hasOwn(shortNames, word) ? (shortNames[word] ?? word) : word;
  return Object.hasOwn(table, name) ? name : undefined;
}

export function everyCommand(): Promise<Command[]> {
  return Promise.all(commandNames.map(loadCommand));
}

export async function loadCommand(name: string): Promise<Command> {
  const loaded = await table[name]?.();
  if (loaded === undefined) throw new Error(`no command ${name} in the table`);
  return loaded.default;
}
