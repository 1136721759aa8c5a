// Hooks that belong to a subagent: they share the session with their root, and must never touch it.
import { endActor, noteActor, withActor } from "../bus/agents/actor.ts";
import { bootstrapOf } from "../bus/agents/bootstrap.ts";
import { setStatus } from "../bus/agents/set-status.ts";
import type { Bus } from "../bus/bus.ts";
import {
  admitSubagent,
  isNamedInMail,
  rootOf,
  subagentRow,
} from "../bus/life/binding/subagents.ts";
import { stopInstance } from "../bus/life/stop.ts";
import { collect } from "../bus/mail/collect.ts";
import { listen } from "../bus/mail/listen.ts";
import { mailboxOf } from "../bus/mail/mailbox.ts";
import type { Fact } from "../core/fact.ts";
import type { Instance } from "../core/instance.ts";
import { statusOf } from "../core/observe.ts";
import { getInstance, updateInstance } from "../store/instances.ts";
import type { Tool } from "../tools/tool.ts";
import { type Answer, noAnswer } from "./answer.ts";

export async function answerSubagent(bus: Bus, tool: Tool, fact: Fact): Promise<Answer> {
  const { session, subagent } = fact;
  if (session === undefined || subagent === undefined) return noAnswer;
  if (fact.kind === "subagent-start") return admit(bus, { session, ...subagent });
  const row = subagentRow(bus, subagent.id);
  if (row === undefined) return noAnswer;
  if (fact.kind === "subagent-end") return end(bus, fact, row);
  if (fact.kind === "action-start" && fact.isShell) return vouch(bus, fact, session, row);
  if ("useId" in fact && fact.useId !== undefined) {
    if (fact.kind !== "action-start") endActor(bus, session, fact.useId);
    // Our MCP server is told this id, and nothing else about who in the session calls.
    else if (fact.isOurs) noteActor(bus, { ...actorIn(row, session), useId: fact.useId });
  }
  if (row.name_announced === 0) return noAnswer;
  const change = statusOf(fact, row);
  if (change !== undefined) setStatus(bus, row.name, { ...change, writer: fact.hook });
  if (fact.kind !== "action-end" || !fact.isShell) return noAnswer;
  const via = `hook:${fact.hook}`;
  const offer = collect(bus, row.name, { via, ...mailboxOf(row, tool) });
  return offer === undefined
    ? noAnswer
    : { reply: { kind: "context", text: offer.text }, commit: () => offer.commit() };
}

function admit(bus: Bus, seen: { session: string; id: string; type: string }): Answer {
  const root = rootOf(bus, seen.session);
  const row = root === undefined ? undefined : admitSubagent(bus, seen);
  if (root === undefined || row === undefined) return noAnswer;
  const text =
    `hcom: you are a subagent of ${root.name}, with the agent id ${seen.id}. To talk to other ` +
    `agents run: hcom start --name ${seen.id}`;
  return { reply: { kind: "context", text }, commit: () => {} };
}

/** A command of ours must not pass for the root's: it carries its actor's proof. */
function vouch(
  bus: Bus,
  fact: Extract<Fact, { kind: "action-start" }>,
  session: string,
  row: Instance,
): Answer {
  const { command } = fact.input;
  if (typeof command !== "string" || fact.useId === undefined) return noAnswer;
  const proved = withActor(bus, { ...actorIn(row, session), useId: fact.useId, command });
  if (proved === undefined) return noAnswer;
  const input = { ...fact.input, command: proved };
  return { reply: { kind: "rewrite-command", input }, commit: () => {} };
}

function actorIn(row: Instance, session: string) {
  return { session, agentId: row.agent_id ?? "", name: row.name };
}

async function end(bus: Bus, fact: Fact, row: Instance): Promise<Answer> {
  const isDormant = row.name_announced === 0;
  if (isDormant && !isNamedInMail(bus, row)) return leave(bus, row, "idle");
  const heard = await listen(bus, row.name, {
    timeoutSeconds: fact.isOneShot ? 0 : Math.min(timeoutOf(bus, row), longestSubagentWait),
    via: "poll",
    detail: "",
  });
  if (heard.kind !== "mail") return leave(bus, row, "task_completed");
  const { offer } = heard;
  const text = isDormant ? `${bootstrapOf(bus, row)}\n---\n${offer.text}` : offer.text;
  return {
    reply: { kind: "continue", text },
    commit: () => {
      offer.commit();
      // Now it knows who it is: from here on it gets mail like anybody.
      if (isDormant) updateInstance(bus.db, row.name, { name_announced: 1 });
    },
  };
}

/** Seconds: below what our entry in the tool's settings gives this hook. */
const longestSubagentWait = 590;

/** How long one that is done still waits: its own setting, its root's, the configured one. */
function timeoutOf(bus: Bus, row: Instance): number {
  const root = row.parent_name === null ? undefined : getInstance(bus.db, row.parent_name);
  const own = row.subagent_timeout ?? root?.subagent_timeout;
  return own ?? bus.settings.number("subagent_timeout");
}

function leave(bus: Bus, row: Instance, reason: string): Answer {
  bus.db.write(() => {
    setStatus(bus, row.name, { status: "inactive", context: `exit:${reason}` });
    stopInstance(bus, row.name, { by: "subagent", reason });
  });
  return noAnswer;
}
