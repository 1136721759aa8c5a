// Who inside a session runs a command of ours: a token, issued for one action of a subagent and
// carried in that command's environment, says so. Without it the root would answer for its
// subagents.
import type { Env } from "../../core/env.ts";
import { actorByUse, actorOf, issueActor, revokeActor } from "../../store/actors.ts";
import type { Bus } from "../bus.ts";

const tokenVariable = "HCOM_CLAUDE_ACTOR";
const sessionVariable = "HCOM_CLAUDE_ACTOR_SESSION";
const lifeSeconds = 3600;
/** Over-broad on purpose: a token for a command that does not call us does no harm. */
const callsUs = /(?:^|[\s;&|(`'"/])hcom(?:$|[\s;&|)`'"])/;

export interface ActorAction {
  session: string;
  useId: string;
  agentId: string;
  name: string;
}

/** The command with the actor's proof in front of it, or undefined when it does not call us. */
export function withActor(bus: Bus, action: ActorAction & { command: string }): string | undefined {
  if (!callsUs.test(action.command)) return undefined;
  const token = noteActor(bus, action);
  const proof = `export ${tokenVariable}=${token} ${sessionVariable}=${action.session}`;
  return `${proof}\n${action.command}`;
}

/** From now to its end that action is this actor's; returns the token that proves it. */
export function noteActor(bus: Bus, action: ActorAction): string {
  const now = bus.system.now() / 1000;
  return issueActor(bus.db, {
    token: `${bus.system.uuid()}${bus.system.uuid()}`.replaceAll("-", ""),
    session: action.session,
    useId: action.useId,
    agentId: action.agentId,
    name: action.name,
    now,
    expires: now + lifeSeconds,
  });
}

/** Whose action it is that has this id, if it was noted. */
export function actorOfUse(bus: Bus, useId: string): string | undefined {
  return actorByUse(bus.db, { useId, now: bus.system.now() / 1000 });
}

export function endActor(bus: Bus, session: string, useId: string): void {
  revokeActor(bus.db, { session, useId });
}

/** The name that a caller's environment proves, if it proves one. */
export function provedActor(bus: Bus, env: Env): string | undefined {
  const token = env[tokenVariable];
  const session = env[sessionVariable];
  if (!token || !session) return undefined;
  return actorOf(bus.db, { token, session, now: bus.system.now() / 1000 });
}
