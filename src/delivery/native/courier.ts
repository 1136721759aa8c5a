// Hands mail over through a carrier, as a hook would: claimed first, and receipt and cursor only
// when it has arrived. Hooks and this one exclude each other by that claim, so whoever comes first
// delivers, and where the carrier is gone hooks and rungs do everything.
import type { Offer } from "../../bus/mail/collect.ts";
import type { PendingMail } from "../../bus/mail/pending.ts";
import type { System } from "../../sys/system.ts";
import type { Book } from "../book.ts";
import type { Carrier, Letter, News } from "./carrier.ts";

export interface Courier {
  hear(news: News): void;
  /** True while mail is its business alone. `isHeld`: its person is asked something first. */
  step(name: string, mail: PendingMail, isHeld: boolean): boolean;
}

export interface CourierOptions {
  carrier: Carrier;
  book: Pick<
    Book,
    "below" | "collect" | "renew" | "abandon" | "notTaken" | "takeBack" | "isReached"
  >;
  system: Pick<System, "monotonic">;
}

/** Nobody asks for mail any more, and nothing was said about the letter: it was not taken. */
const lostMs = 6000;
/** Before the claim of a living process counts as given up. */
const longestMs = 25_000;
/** A claim is believed for 30 s. */
const renewMs = 5000;
/** So long the rungs do it after a letter without an answer, unless the carrier shows life. */
const pauseMs = 30_000;
/** So much later a letter may still turn out to be dropped. */
const keptLetters = 20;

export function openCourier(options: CourierOptions): Courier {
  const { carrier, book, system } = options;
  let open: Open | undefined;
  /** It refused: the rungs try until a turn has begun, or until it starts anew. */
  let isRefused = false;
  let pausedUntil = 0;
  let lastId = 0;
  const past = openPast(options);
  /** Subagents whose loop has ended, with the newest message that they did not take. */
  const deaf = new Map<string, number>();

  return {
    hear(news) {
      if (news.kind === "ready" || news.kind === "busy") {
        isRefused = false;
        pausedUntil = 0;
      }
      if (news.kind === "ready" && news.isAnew && open !== undefined) {
        open.orphanedAt ??= system.monotonic();
      }
      if (news.kind === "queued" && open?.letter.id === news.id) open.isQueued = true;
      if (news.kind !== "handed" && news.kind !== "dropped") return;
      const isNow = open?.letter.id === news.id;
      const isBelow = isNow ? open?.isBelow : past.isBelow(news.id);
      if (news.kind === "dropped" && isBelow !== true) isRefused = true;
      if (isNow && open !== undefined) open.outcome = last(open.outcome, news);
      else past.hear(news);
    },
    step(name, mail, isHeld) {
      past.settle();
      if (open !== undefined) {
        if (open.outcome === undefined && isUnderWay(open, options)) return true;
        settle(open, options);
        const isLost = open.outcome === undefined && open.orphanedAt === undefined;
        if (isLost) pausedUntil = system.monotonic() + pauseMs;
        if (open.outcome?.kind === "dropped" && open.isBelow) {
          deaf.set(open.name, Math.max(...open.ids));
        }
        past.keep(open);
        open = undefined;
      }
      const isPaused = isRefused || system.monotonic() < pausedUntil;
      if (isHeld || isPaused || !carrier.isServing()) return false;
      const to: Reader | undefined = isOpen(mail)
        ? { name }
        : book.below(name).find((one) => isHeard(one, deaf));
      const offer = to && book.collect(to.name, carrier.via);
      if (to === undefined || offer === undefined) return true;
      open = opened(to, offer, ++lastId, system.monotonic());
      carrier.give(open.letter);
      return true;
    },
  };
}

/** Does somebody still have it who will say what became of it? */
function isUnderWay(one: Open, { carrier, book, system }: CourierOptions): boolean {
  const now = system.monotonic();
  if (one.orphanedAt !== undefined) return now - one.orphanedAt < lostMs;
  if (one.isQueued && carrier.isServing()) {
    one.since = now;
    if (now - one.renewedAt >= renewMs) {
      book.renew(one.offer);
      one.renewedAt = now;
    }
  }
  return now - one.since < (carrier.isServing() ? longestMs : lostMs);
}

function settle(one: Open, { carrier, book }: CourierOptions): void {
  const { outcome, offer, ids, letter } = one;
  if (outcome?.kind === "handed") offer.commit();
  else if (outcome?.kind === "dropped") {
    book.notTaken(offer.principal, ids, carrier.via, outcome.reason);
  } else {
    carrier.forget(letter.id);
    // What stands in the conversation was taken, by somebody who died before saying so.
    one.isLeft = !book.isReached(offer.principal, ids);
    if (one.isLeft) book.abandon(offer, `${carrier.via}: no answer`);
    else offer.commit();
  }
}

interface Past {
  keep(letter: Open): void;
  isBelow(id: number): boolean | undefined;
  hear(news: Outcome): void;
  settle(): void;
}

/** Letters that were settled, and what turned out later. */
function openPast({ carrier, book }: CourierOptions): Past {
  const letters = new Map<number, Taken>();
  const late: { letter: Taken; reason: string | undefined }[] = [];
  return {
    keep(letter) {
      letters.set(letter.letter.id, letter);
      if (letters.size > keptLetters) letters.delete(Math.min(...letters.keys()));
    },
    isBelow: (id) => letters.get(id)?.isBelow,
    hear(news) {
      const letter = letters.get(news.id);
      if (letter === undefined) return;
      if (news.kind === "dropped") {
        late.push({ letter, reason: news.reason });
        letters.delete(news.id);
      } else if (letter.isLeft) late.push({ letter, reason: undefined });
      letter.isLeft = false;
    },
    settle() {
      for (let next = late[0]; next !== undefined; next = late[0]) {
        const { offer, ids } = next.letter;
        if (next.reason === undefined) offer.commit();
        else book.takeBack(offer.principal, ids, `${carrier.via}: ${next.reason}`);
        late.shift();
      }
    },
  };
}

function opened(to: Reader, offer: Offer, id: number, now: number): Open {
  const whose = to.agentId === undefined ? {} : { agentId: to.agentId };
  return {
    name: to.name,
    ids: offer.messages.map((message) => message.id),
    offer,
    isBelow: to.agentId !== undefined,
    isLeft: false,
    letter: { id, text: offer.text, title: titleOf(offer), ...whose },
    since: now,
    renewedAt: now,
    isQueued: false,
    orphanedAt: undefined,
    outcome: undefined,
  };
}

/** What was called handed over may turn out to be dropped, never the reverse. */
function last(before: Outcome | undefined, news: Outcome): Outcome {
  return news.kind === "dropped" ? news : (before ?? news);
}

type Outcome = Extract<News, { kind: "handed" | "dropped" }>;

interface Reader {
  name: string;
  agentId?: string;
}

/** Subagents come after their root. */
function isHeard(one: Reader & { mail: PendingMail }, deaf: ReadonlyMap<string, number>): boolean {
  return isOpen(one.mail) && Math.max(...one.mail.ids) > (deaf.get(one.name) ?? 0);
}

function isOpen({ ids, inFlight }: PendingMail): boolean {
  return ids.length > 0 && !inFlight;
}

interface Taken {
  offer: Offer;
  ids: readonly number[];
  isBelow: boolean;
  /** Nobody knew what became of it. */
  isLeft: boolean;
}

interface Open extends Taken {
  name: string;
  letter: Letter;
  since: number;
  renewedAt: number;
  isQueued: boolean;
  /** Whoever has it knows nothing of it any more. */
  orphanedAt: number | undefined;
  outcome: Outcome | undefined;
}

function titleOf({ messages, sender }: Offer): string {
  return messages.length === 1 ? `message from ${sender}` : `messages from ${sender}`;
}
