// The mechanisms of the rungs that are not typing: which can be used now, and carrying one out.
// A push brings only a nudge; the mail itself comes through the tool's prompt hook.
import { createHash } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { ensurePrivateDir, readText } from "../sys/files.ts";
import type { LiveSession, Rung, Tool } from "../tools/tool.ts";
import { isSince } from "../tools/version.ts";

/** What is known about the session at the moment of a push. */
export interface Target {
  tool: Tool;
  /** Program of the tool, as it was launched. */
  program: string;
  env: Readonly<Record<string, string | undefined>>;
  directory: string;
  pid: number;
  toolVersion: string | undefined;
  configDir: string;
  /** The tool's own session id, from a hook or from its registry. */
  session: string | undefined;
  live: LiveSession | undefined;
  bell: string;
}

/** Why this rung cannot be used now; undefined when it can. */
export function unusable(rung: Rung, target: Target): string | undefined {
  switch (rung.kind) {
    case "inbox":
      return inboxOf(target) === undefined ? "the session has no inbox" : undefined;
    case "bell":
      if (!isSince(target.toolVersion, rung.since, false)) return `needs ${rung.since}`;
      return target.session === undefined ? "no session has asked for the bell" : undefined;
    case "queue":
      if (!isSince(target.toolVersion, rung.since, false)) return `needs ${rung.since}`;
      return target.session === undefined ? "the session is not known" : undefined;
    case "typing":
      return undefined;
  }
}

/** Resolves with the reason when it did not work. Typing is not carried out here. */
export async function carryOut(
  rung: Rung,
  target: Target,
  nudge: { text: string; id: string },
): Promise<string | undefined> {
  try {
    if (rung.kind === "inbox") return await writeToInbox(rung, target, nudge);
    if (rung.kind === "bell") return ring(target, nudge.id);
    if (rung.kind === "queue") return await enqueue(rung, target, nudge.text);
    return "typing is not carried out here";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function inboxOf(target: Target): string | undefined {
  const socket = target.live?.inboxSocket;
  if (socket === undefined) return undefined;
  try {
    return statSync(socket).isSocket() ? socket : undefined;
  } catch {
    return undefined;
  }
}

const inboxMs = 2000;
const lingerMs = 300;

function writeToInbox(
  rung: Extract<Rung, { kind: "inbox" }>,
  target: Target,
  nudge: { text: string; id: string },
): Promise<string | undefined> {
  const path = inboxOf(target);
  if (path === undefined) return Promise.resolve("the inbox is gone");
  const lines = rung.lines(inboxToken(target, path), nudge.text, nudge.id);
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (failure?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failure);
    };
    const timer = setTimeout(() => finish("the inbox does not answer"), inboxMs);
    socket.on("error", (error) => finish(error.message));
    socket.on("connect", () => {
      // Closing at once could cut off an answer that it wants to write.
      socket.write(lines.map((line) => `${line}\n`).join(""), () => setTimeout(finish, lingerMs));
    });
    socket.on("close", () => finish());
    socket.resume();
  });
}

function inboxToken(target: Target, socket: string): string | undefined {
  const { live } = target.tool;
  if (live === undefined) return undefined;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const text = readText(live.keyPath(target.configDir, target.pid, socket, sha256));
  return text === undefined ? undefined : live.readKey(text);
}

function ring(target: Target, id: string): undefined {
  ensurePrivateDir(target.bell.slice(0, target.bell.lastIndexOf("/")));
  // New content each time: a watcher may compare more than the time.
  writeFileSync(target.bell, `${id}\n`, { mode: 0o600 });
}

const queueMs = 10_000;

async function enqueue(
  rung: Extract<Rung, { kind: "queue" }>,
  target: Target,
  text: string,
): Promise<string | undefined> {
  if (target.session === undefined) return "the session is not known";
  const child = Bun.spawn([target.program, ...rung.argv(target.session, text)], {
    env: { ...target.env },
    cwd: target.directory,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    timeout: queueMs,
    killSignal: "SIGKILL",
  });
  const complaint = await new Response(child.stderr).text();
  const status = await child.exited;
  if (status === 0) return undefined;
  return `exit ${status}: ${complaint.trim().slice(0, 300)}`;
}
