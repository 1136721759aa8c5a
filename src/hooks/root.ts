// What an instance is told in the answer to one hook: its bootstrap text when it is new, and its
// mail where the hook can carry any.

import { addToLaunchContext } from "../bus/agents/launch-context.ts";
import type { Bus } from "../bus/bus.ts";
import { collect, type Offer } from "../bus/mail/collect.ts";
import { mailboxOf } from "../bus/mail/mailbox.ts";
import { hasMail } from "../bus/mail/nothing-waits.ts";
import { pendingMail } from "../bus/mail/pending.ts";
import { lapseUnproven, proveInContext, settleSeconds } from "../bus/mail/prove.ts";
import type { Fact } from "../core/fact.ts";
import { type Instance, launchContextOf } from "../core/instance.ts";
import { asObject, asText, parseJson } from "../core/json.ts";
import { continuesInARow } from "../core/mail/continues.ts";
import { nudgeText } from "../core/mail/envelope.ts";
import { canCarryMail } from "../core/observe.ts";
import type { Reply } from "../core/reply.ts";
import { newestStatuses } from "../store/history.ts";
import { updateInstance } from "../store/instances.ts";
import { readTail } from "../sys/file-tail.ts";
import { ensurePrivateDir } from "../sys/files.ts";
import type { Tool } from "../tools/tool.ts";
import { type Answer, noAnswer } from "./answer.ts";

export async function answerRoot(bus: Bus, tool: Tool, fact: Fact, row: Instance): Promise<Answer> {
  const bootstrap = await bootstrapFor(bus, tool, fact, row);
  if (fact.kind === "turn-end" || fact.kind === "prompt") checkProof(bus, tool, fact, row);
  if (fact.kind === "bell") return ring(bus, row);
  if (fact.kind === "turn-end" && isKeptLongEnough(bus, tool, row)) return letEnd(bus, row);
  const offer = canCarryMail(fact) ? mailFor(bus, tool, fact, row) : undefined;
  if (offer === undefined) return withoutMail(bus, fact, row, bootstrap);
  const texts = bootstrap === undefined ? [offer.text] : [bootstrap, offer.text];
  return {
    reply: carry(fact, texts.join("\n---\n"), offer),
    commit: () => {
      offer.commit();
      if (bootstrap !== undefined) announced(bus, row);
    },
  };
}

/** A new prompt means that the turn before is over: what it should hold and does not, is lost. */
function checkProof(bus: Bus, tool: Tool, fact: Fact, row: Instance): void {
  const unproven = proveInContext(bus, row.name, tool, readTail);
  if (unproven > 0 && fact.kind === "prompt") lapseUnproven(bus, row.name, settleSeconds);
}

function mailFor(bus: Bus, tool: Tool, fact: Fact, row: Instance): Offer | undefined {
  return collect(bus, row.name, {
    via: viaOf(fact),
    keepPushVia: fact.kind === "prompt" && fact.isNudge,
    ...(fact.kind === "prompt" ? { deferred: "take" } : {}),
    ...mailboxOf(row, tool),
  });
}

function isKeptLongEnough(bus: Bus, tool: Tool, row: Instance): boolean {
  const most = tool.dialect.mostContinues;
  if (most === undefined || !hasMail(bus, row, {})) return false;
  const statuses = newestStatuses(bus.db, row.name, most * 3).map((one) => {
    const data = asObject(parseJson(one.data));
    return { context: asText(data["context"]) ?? "", writer: asText(data["writer"]) ?? "" };
  });
  return continuesInARow(statuses) >= most;
}

/** What waits is pushed, which begins a turn of its own: by the wrapper, or by us where none is. */
async function letEnd(bus: Bus, row: Instance): Promise<Answer> {
  if (bus.system.env["HCOM_PTY_MODE"] === "1") return noAnswer;
  if (pendingMail(bus, row.name).ids.length === 0) return noAnswer;
  const { wakeAlone } = await import("../bus/mail/waking/wake-alone.ts");
  await wakeAlone(bus, [row.name]);
  return noAnswer;
}

/** Only the nudge: the mail itself comes with the prompt that the tool makes of it. */
function ring(bus: Bus, row: Instance): Answer {
  const { ids, inFlight } = pendingMail(bus, row.name);
  if (ids.length === 0 || inFlight) return noAnswer;
  return { reply: { kind: "wake", text: nudgeText(ids) }, commit: () => {} };
}

function viaOf(fact: Fact): string {
  return fact.kind === "turn-end" ? "continue" : `hook:${fact.hook}`;
}

function carry(fact: Fact, text: string, offer: Offer): Reply {
  if (fact.kind === "turn-end") return { kind: "continue", text };
  return { kind: "context", text, notice: offer.plain };
}

function withoutMail(bus: Bus, fact: Fact, row: Instance, bootstrap: string | undefined): Answer {
  if (fact.kind === "session-start") {
    // The bell need not be there to be watched, its folder must (Claude Code 2.1.216).
    ensurePrivateDir(bus.paths.bells);
    const watch = [`${bus.paths.bells}/${row.name}`];
    const reply: Reply = { kind: "context", text: bootstrap ?? "", watch };
    const commit = () => {
      announced(bus, row);
      noteBell(bus, row);
    };
    return { reply, commit };
  }
  if (bootstrap !== undefined) {
    return {
      reply: { kind: "context", text: bootstrap },
      commit: () => announced(bus, row),
    };
  }
  if (fact.kind === "prompt" && fact.isNudge) {
    const reason = "hcom: this mail has already arrived";
    return { reply: { kind: "drop-prompt", reason }, commit: () => {} };
  }
  return noAnswer;
}

async function bootstrapFor(
  bus: Bus,
  tool: Tool,
  fact: Fact,
  row: Instance,
): Promise<string | undefined> {
  const isStart = fact.kind === "session-start";
  const isNewContext = isStart && (fact.source === "compact" || fact.source === "clear");
  // What came with the arguments stays where it is.
  const isForgotten = isNewContext && tool.dialect.bootstrapAt === "session-start";
  if (row.name_announced === 1 && !isForgotten) return undefined;
  if (!isStart && fact.kind !== "prompt" && fact.kind !== "action-end") return undefined;
  const { bootstrapOf } = await import("../bus/agents/bootstrap.ts");
  return bootstrapOf(bus, row);
}

/** Who sends to a session without a wrapper rings where somebody hears it. */
function noteBell(bus: Bus, row: Instance): void {
  if (launchContextOf(row).bell === "1") return;
  addToLaunchContext(bus, row.name, { bell: "1" });
}

function announced(bus: Bus, row: Instance): void {
  if (row.name_announced === 0) updateInstance(bus.db, row.name, { name_announced: 1 });
}
