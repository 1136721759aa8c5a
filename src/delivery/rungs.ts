// The mechanisms of the rungs that are not typing: which can be used now, and carrying one out.
// A push brings only a nudge; the mail itself comes through the tool's prompt hook.
import { inboxOf, type Nudge, ringBell, writeToInbox } from "../bus/mail/waking/push-to.ts";
import { type Instance, launchContextOf } from "../core/instance.ts";
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
  /** The session was told of its bell in this life, so that somebody hears it. */
  hasBell: boolean;
  /** The session acts without asking its person. */
  isBypassed: boolean;
}

/** Why this rung cannot be used now; undefined when it can. */
export function unusable(rung: Rung, target: Target): string | undefined {
  switch (rung.kind) {
    case "inbox":
      if (target.isBypassed && rung.isHeldWhenBypassed) return "it would be held for its person";
      return inboxOf(target) === undefined ? "the session has no inbox" : undefined;
    case "bell":
      if (!isSince(target.toolVersion, rung.since, false)) return `needs ${rung.since}`;
      return target.hasBell ? undefined : "no session has asked for the bell";
    case "queue":
      if (!isSince(target.toolVersion, rung.since, false)) return `needs ${rung.since}`;
      return target.session === undefined ? "the session is not known" : undefined;
    case "typing":
      return undefined;
  }
}

export function isBypassedRow(row: Instance | undefined): boolean {
  return row !== undefined && launchContextOf(row).permissions === "bypassed";
}

/** Resolves with the reason when it did not work. Typing is not carried out here. */
export async function carryOut(
  rung: Rung,
  target: Target,
  nudge: Nudge,
): Promise<string | undefined> {
  try {
    if (rung.kind === "inbox") return await writeToInbox(rung, target, nudge);
    if (rung.kind === "bell") return ringBell(target.bell, nudge.id);
    if (rung.kind === "queue") return await enqueue(rung, target, nudge.text);
    return "typing is not carried out here";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
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
