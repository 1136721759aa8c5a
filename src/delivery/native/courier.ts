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
  book: Pick<Book, "below" | "collect" | "notTaken" | "takeBack" | "isReached">;
  system: Pick<System, "monotonic">;
}

/** Nobody asks for mail any more, and nothing was said about the letter: it was not taken. */
const lostMs = 6000;
/** Before the claim of a living process counts as given up. */
const longestMs = 25_000;
/** So much later a letter may still turn out to be dropped. */
const keptLetters = 20;

export function openCourier({ carrier, book, system }: CourierOptions): Courier {
  let open: Open | undefined;
  /** What it could not do: the rungs try until a turn has begun, or until it starts anew. */
  let pause: "none" | "until-turn" | "until-ready" = "none";
  let lastId = 0;
  const given = new Map<number, Taken>();
  /** Dropped behind our back. */
  const late: { letter: Taken; reason: string }[] = [];
  /** Subagents whose loop has ended, with the newest message that they did not take. */
  const deaf = new Map<string, number>();

  function settle(one: Open): boolean {
    const { outcome, offer } = one;
    if (outcome?.kind === "handed") offer.commit();
    else if (outcome?.kind === "dropped") {
      book.notTaken(one.name, one.ids, carrier.via, outcome.reason);
      if (one.letter.agentId !== undefined) deaf.set(one.name, Math.max(...one.ids));
    } else {
      const ageMs = system.monotonic() - one.since;
      if (ageMs < (carrier.isServing() ? longestMs : lostMs)) return false;
      pause = "until-ready";
      carrier.forget(one.letter.id);
      // What stands in the conversation was taken, by somebody who died before saying so.
      if (book.isReached(one.name, one.ids)) offer.commit();
      else book.notTaken(one.name, one.ids, carrier.via, "no answer");
    }
    return true;
  }

  return {
    hear(news) {
      if (news.kind === "ready") pause = "none";
      if (news.kind === "busy" && pause === "until-turn") pause = "none";
      if (news.kind !== "handed" && news.kind !== "dropped") return;
      const isBelow = open?.letter.id === news.id && open.letter.agentId !== undefined;
      if (news.kind === "dropped" && !isBelow && !given.get(news.id)?.isBelow) pause = "until-turn";
      if (open?.letter.id === news.id) open.outcome = last(open.outcome, news);
      else if (news.kind === "dropped") {
        const letter = given.get(news.id);
        if (letter !== undefined) late.push({ letter, reason: news.reason });
        given.delete(news.id);
      }
    },
    step(name, mail, isHeld) {
      for (let next = late[0]; next !== undefined; next = late[0]) {
        book.takeBack(next.letter.name, next.letter.ids, `${carrier.via}: ${next.reason}`);
        late.shift();
      }
      if (open !== undefined) {
        if (!settle(open)) return true;
        const { letter, name: whose, ids } = open;
        given.set(letter.id, { name: whose, ids, isBelow: letter.agentId !== undefined });
        if (given.size > keptLetters) given.delete(Math.min(...given.keys()));
        open = undefined;
      }
      if (isHeld || pause !== "none" || !carrier.isServing()) return false;
      const to: Reader | undefined = isOpen(mail)
        ? { name }
        : book.below(name).find((one) => isHeard(one, deaf));
      const offer = to && book.collect(to.name, carrier.via);
      if (to === undefined || offer === undefined) return true;
      const ids = offer.messages.map((message) => message.id);
      const whose = to.agentId === undefined ? {} : { agentId: to.agentId };
      const letter = { id: ++lastId, text: offer.text, title: titleOf(offer), ...whose };
      open = { name: to.name, ids, offer, letter, since: system.monotonic(), outcome: undefined };
      carrier.give(letter);
      return true;
    },
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
  name: string;
  ids: readonly number[];
  isBelow: boolean;
}

interface Open extends Omit<Taken, "isBelow"> {
  offer: Offer;
  letter: Letter;
  since: number;
  outcome: Outcome | undefined;
}

function titleOf({ messages, sender }: Offer): string {
  return messages.length === 1 ? `message from ${sender}` : `messages from ${sender}`;
}
