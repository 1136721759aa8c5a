// Takes the next batch of mail for one instance in two steps: offer (claimed, in the ledger),
// and, only after the text has left this process, hand over (cursor and receipt). A process that
// dies in between leaves a claim of a dead process behind; the next one looks into the
// recipient's transcript before it offers the same mail again. So nothing is lost or doubled.

import type { EventRow, MessageEvent } from "../../core/event.ts";
import type { Instance } from "../../core/instance.ts";
import { formatDigest } from "../../core/mail/digest.ts";
import {
  type FitBatch,
  fitBatch,
  formatMessages,
  type RemoteLabels,
  wrap,
} from "../../core/mail/envelope.ts";
import { hasEnded, maxBatch, senderSummary } from "../../core/mail/inbox.ts";
import { inert } from "../../core/mail/inert.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { deferredMessages } from "../../store/deferred.ts";
import {
  type Delivery,
  deliveryOf,
  endDelivery,
  handDeliveries,
  offerDelivery,
  proveDelivery,
} from "../../store/deliveries.ts";
import { unreadMessages } from "../../store/events.ts";
import { getInstance, updateInstance } from "../../store/instances.ts";
import { lapsedMessages } from "../../store/lapsed.ts";
import { remoteLabels } from "../../store/relay/origins.ts";
import { setStatus } from "../agents/set-status.ts";
import type { Bus } from "../bus.ts";
import { displayNames } from "../display-names.ts";
import { isClaimAlive, isLeft, newClaim } from "./claim.ts";
import { hasMail } from "./nothing-waits.ts";
import type { Reached } from "./prove.ts";
import { tellSender } from "./tell-sender.ts";

export interface CollectOptions {
  /** How this reaches the agent: `hook:post`, `continue`, `listen` ... */
  via: string;
  /** A push that asked for this keeps its name in the ledger. */
  keepPushVia?: boolean;
  /**
   * Mail that waits for the next turn: `take` it where one begins, or only bring it `along` when
   * there is other mail.
   */
  deferred?: "take" | "along";
  /** Not by what the agent did: a question that is open to its person stays so. */
  isBeside?: true;
  /** Characters that the way out can carry inline. */
  limit: number;
  /** What the recipient's transcript already shows of these ids. */
  reached(ids: readonly number[], remote: RemoteLabels): Reached;
}

export interface Offer {
  messages: MessageEvent[];
  /** What is only counted, as one line. */
  digest: string | undefined;
  /** For a model: framed. */
  text: string;
  /** For a human's screen. */
  plain: string;
  /** `deliver:<sender>` names this. */
  sender: string;
  /** Call after the text was flushed: moves the cursor and writes the receipt. */
  commit(): void;
  /** Who takes it, whatever it is called by now. */
  principal: string;
  claim: string;
}

const nothingReached: Reached = { reached: [], answered: [] };

export function collect(bus: Bus, name: string, options: CollectOptions): Offer | undefined {
  const before = getInstance(bus.db, name);
  if (before === undefined || !hasMail(bus, before, options)) return undefined;
  const claim = newClaim(bus);
  const written = remembering(inert);
  // What all fits of is written before the database is locked: a message never changes.
  if (options.limit === Number.POSITIVE_INFINITY) {
    const reader = { name, cursor: before.last_event_id, limit: maxBatch };
    for (const row of unreadMessages(bus.db, reader)) written(messageOf(row)?.data.text ?? "");
  }
  const taken = bus.db.write(() => take(bus, name, { claim, written }, options));
  return taken === undefined ? undefined : offerOf(bus, taken, claim, options);
}

/** Most of the time of writing goes into it, and a batch is written more than once. */
function remembering(write: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const there = known.get(text) ?? write(text);
    known.set(text, there);
    return there;
  };
}

interface Taken {
  row: Instance;
  messages: MessageEvent[];
  fit: FitBatch;
  /** Only counted for its reader. */
  digest: MessageEvent[];
  /** Cursor after this batch. */
  cursor: number;
}

function take(
  bus: Bus,
  name: string,
  { claim, written }: { claim: string; written: (text: string) => string },
  options: CollectOptions,
): Taken | undefined {
  const row = getInstance(bus.db, name);
  if (row === undefined) return undefined;
  const { open, cursor } = openMail(bus, row, claim, options);
  // What only comes along does not come alone.
  const isAlone = options.deferred === "along" && open.every((one) => one.isDeferred);
  const nameOf = displayNames(bus);
  const format = (part: MessageEvent[]) =>
    formatMessages({
      messages: part,
      recipient: row,
      displayName: nameOf,
      hints: hintsOf(bus, row),
      written,
    });
  const batch = isAlone ? [] : open.slice(0, maxBatch).map((one) => one.message);
  const fit = fitBatch({ messages: batch, limit: options.limit, format });
  const isDigestDue = options.deferred !== undefined && !isAlone;
  const digest = isDigestDue ? takeDigest(bus, row, claim) : [];
  if (fit.messages.length === 0 && digest.length === 0) {
    if (cursor > row.last_event_id) updateInstance(bus.db, name, { last_event_id: cursor });
    return undefined;
  }
  for (const message of fit.messages) offer(bus, row, message.id, claim, options);
  const deferred = new Set(open.filter((one) => one.isDeferred).map((one) => one.message.id));
  const last = fit.messages.findLast((message) => !deferred.has(message.id))?.id ?? cursor;
  return { row, messages: fit.messages, fit, digest, cursor: Math.max(cursor, last) };
}

/** What is to be handed over, in order, and how far the cursor may go before the first of it. */
function openMail(
  bus: Bus,
  row: Instance,
  claim: string,
  options: CollectOptions,
): { open: Takeable[]; cursor: number } {
  const candidates = candidatesOf(bus, row, options);
  const suspects = candidates.filter(({ delivery }) => isAbandoned(bus, delivery));
  const ids = suspects.map((c) => c.message.id);
  const seen = ids.length > 0 ? options.reached(ids, remoteLabels(bus.db, ids)) : nothingReached;
  const open: Takeable[] = [];
  let cursor = row.last_event_id;
  for (const candidate of candidates) {
    const { message, delivery, isDeferred } = candidate;
    if (isHeldByOther(bus, delivery, claim)) break;
    const isSeen = seen.reached.includes(message.id);
    if (isSeen) noteSeen(bus, row, message.id, options.via);
    if (seen.answered.includes(message.id)) prove(bus, row, message.id, options.via);
    if (isSeen || isDone(delivery) || isOver(bus, row, message)) {
      if (open.length === 0 && !isDeferred) cursor = Math.max(cursor, message.id);
    } else open.push(candidate);
  }
  return { open, cursor };
}

/** What its channel ended before it was handed over comes to no context, and the ledger says so. */
function isOver(bus: Bus, row: Instance, message: MessageEvent): boolean {
  if (!hasEnded(message, bus.system.now())) return false;
  const reason = `its time in ${message.data.channel?.name} was over`;
  const { principal } = row;
  if (endDelivery(bus.db, { messageId: message.id, principal, state: "expired", reason })) {
    const news = { messageId: message.id, principal, recipient: row.name };
    tellSender(bus, { ...news, what: `did not arrive: ${reason}` });
  }
  return true;
}

interface Takeable {
  message: MessageEvent;
  delivery: Delivery | undefined;
  /** It waited in the ledger, whatever the cursor says: it does not move it. */
  isDeferred: boolean;
}

// Twice the batch: some of them may turn out to be done already.
function candidatesOf(bus: Bus, row: Instance, options: CollectOptions): Takeable[] {
  const reader = { name: row.name, cursor: row.last_event_id, limit: maxBatch * 2 };
  const candidates = new Map<number, Takeable>();
  const add = (rows: readonly EventRow[], isDeferred: boolean) => {
    for (const one of rows) {
      const message = messageOf(one);
      if (message === undefined) continue;
      const delivery = deliveryOf(bus.db, message.id, row.principal);
      candidates.set(message.id, { message, delivery, isDeferred });
    }
  };
  if (options.deferred !== undefined) {
    add(deferredMessages(bus.db, row.principal, "next-turn", maxBatch), true);
  }
  add(lapsedMessages(bus.db, row.principal, maxBatch), false);
  add(unreadMessages(bus.db, reader), false);
  return [...candidates.values()].sort((a, b) => a.message.id - b.message.id);
}

const longestDigest = 500;

/** A digest that is told twice does no harm: a dead process's offer is simply made again. */
function takeDigest(bus: Bus, row: Instance, claim: string): MessageEvent[] {
  const waiting = deferredMessages(bus.db, row.principal, "digest", longestDigest);
  return waiting.flatMap((one) => {
    const message = messageOf(one);
    const delivery = deliveryOf(bus.db, one.id, row.principal);
    if (message === undefined || (delivery !== undefined && isClaimAlive(bus, delivery))) return [];
    if (isOver(bus, row, message)) return [];
    offer(bus, row, one.id, claim, { via: "digest" });
    return [message];
  });
}

function isDone(delivery: Delivery | undefined): boolean {
  return delivery !== undefined && delivery.state !== "stored" && delivery.state !== "offered";
}

/**
 * How long a dead process's offer still counts as held, in seconds. Claude Code 2.1 takes the
 * output of a hook that was killed after it had printed, and writes its transcript a little
 * later.
 */
const settle = 2;

function isHeldByOther(bus: Bus, delivery: Delivery | undefined, claim: string): boolean {
  if (delivery?.state !== "offered" || delivery.claim === null) return false;
  if (delivery.claim === claim || isLeft(delivery)) return false;
  return isClaimAlive(bus, delivery) || !isSettled(bus, delivery);
}

/** Offered by a process that died: perhaps it got out what it had to say, perhaps not. */
function isAbandoned(bus: Bus, delivery: Delivery | undefined): boolean {
  if (delivery?.state !== "offered" || delivery.claim === null) return false;
  return isLeft(delivery) || (!isClaimAlive(bus, delivery) && isSettled(bus, delivery));
}

// A clock that was set back must not hold mail until it has caught up.
function isSettled(bus: Bus, delivery: Delivery): boolean {
  return Math.abs(bus.system.now() / 1000 - (delivery.offered_at ?? 0)) > settle;
}

function offer(
  bus: Bus,
  row: Instance,
  messageId: number,
  claim: string,
  options: Pick<CollectOptions, "via" | "keepPushVia">,
): void {
  const pushed = deliveryOf(bus.db, messageId, row.principal);
  const isPush = options.keepPushVia === true && pushed?.state === "offered";
  offerDelivery(bus.db, {
    messageId,
    principal: row.principal,
    recipient: row.name,
    via: isPush && pushed.via !== null ? pushed.via : options.via,
    claim,
    now: bus.system.now() / 1000,
  });
}

/** The process that handed it over could not say so any more. */
function noteSeen(bus: Bus, row: Instance, messageId: number, via: string): void {
  const { principal } = row;
  const now = bus.system.now() / 1000;
  handDeliveries(bus.db, { messageIds: [messageId], principal, via, now });
}

function prove(bus: Bus, row: Instance, messageId: number, via: string): void {
  proveDelivery(bus.db, {
    messageId,
    principal: row.principal,
    evidence: `transcript, found before ${via}`,
    now: bus.system.now() / 1000,
  });
}

function offerOf(bus: Bus, taken: Taken, claim: string, options: CollectOptions): Offer {
  const { messages, digest } = taken;
  const nameOf = displayNames(bus);
  const sender = senderSummary([...messages, ...digest], nameOf);
  const counted = digest.length === 0 ? undefined : formatDigest(digest, nameOf);
  const texts = messages.length === 0 ? [] : [taken.fit.text];
  if (counted !== undefined) texts.push(counted);
  return {
    messages,
    digest: counted,
    text: texts.map(wrap).join("\n"),
    plain: texts.join("\n"),
    sender,
    commit: () => commit(bus, taken, sender, options),
    principal: taken.row.principal,
    claim,
  };
}

function commit(bus: Bus, taken: Taken, sender: string, options: CollectOptions): void {
  const { row, messages } = taken;
  bus.db.write(() => {
    const now = getInstance(bus.db, row.name);
    if (now !== undefined && now.principal === row.principal) {
      updateInstance(bus.db, row.name, {
        last_event_id: Math.max(now.last_event_id, taken.cursor),
      });
      if (options.isBeside !== true || now.status !== "blocked")
        setStatus(bus, row.name, {
          status: isAdHoc(now) ? "inactive" : "active",
          context: `deliver:${sender}`,
          msgTs: messages.at(-1)?.timestamp ?? "",
          writer: options.via,
        });
    }
    handDeliveries(bus.db, {
      messageIds: [...messages, ...taken.digest].map((message) => message.id),
      principal: row.principal,
      via: options.via,
      now: bus.system.now() / 1000,
    });
  });
}

function hintsOf(bus: Bus, row: Instance): string {
  return row.hints !== "" ? row.hints : bus.settings.text("hints");
}
