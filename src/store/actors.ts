// Tokens that prove which actor of a session runs a command: subagents share the session, the
// process and the environment of their root. Times are epoch seconds.
import type { Db } from "./db.ts";

export interface ActorClaim {
  token: string;
  session: string;
  useId: string;
  agentId: string;
  name: string;
  now: number;
  expires: number;
}

/** The token of this very action: a second hook for it gets the first one's. */
export function issueActor(db: Db, claim: ActorClaim): string {
  return db.write(() => {
    db.run("DELETE FROM claude_actor_capabilities WHERE expires_at <= ?", Math.floor(claim.now));
    db.run(
      `INSERT OR IGNORE INTO claude_actor_capabilities
         (token, session_id, tool_use_id, agent_id, instance_name, created_at, expires_at,
          last_seen)
       VALUES (?, ?, ?, ?, ?, ?6, ?7, ?6)`,
      claim.token,
      claim.session,
      claim.useId,
      claim.agentId,
      claim.name,
      Math.floor(claim.now),
      Math.floor(claim.expires),
    );
    const row = db.get<{ token: string }>(
      `SELECT token FROM claude_actor_capabilities
       WHERE session_id = ? AND tool_use_id = ? AND agent_id = ?`,
      claim.session,
      claim.useId,
      claim.agentId,
    );
    return row?.token ?? claim.token;
  });
}

/** The instance that a token stands for, while it is good. */
export function actorOf(
  db: Db,
  wanted: { token: string; session: string; now: number },
): string | undefined {
  return db.get<{ instance_name: string }>(
    `SELECT instance_name FROM claude_actor_capabilities
     WHERE token = ? AND session_id = ? AND expires_at > ?`,
    wanted.token,
    wanted.session,
    Math.floor(wanted.now),
  )?.instance_name;
}

/** The instance that a running action belongs to; the tool makes its ids, and no two are equal. */
export function actorByUse(db: Db, wanted: { useId: string; now: number }): string | undefined {
  return db.get<{ instance_name: string }>(
    `SELECT instance_name FROM claude_actor_capabilities
     WHERE tool_use_id = ? AND expires_at > ?`,
    wanted.useId,
    Math.floor(wanted.now),
  )?.instance_name;
}

export function revokeActor(db: Db, wanted: { session: string; useId: string }): void {
  db.run(
    "DELETE FROM claude_actor_capabilities WHERE session_id = ? AND tool_use_id = ?",
    wanted.session,
    wanted.useId,
  );
}

export function revokeActorsOf(db: Db, name: string): void {
  db.run("DELETE FROM claude_actor_capabilities WHERE instance_name = ?", name);
}
