// What the scripted model's server needs from one wire format.
import type { Item, Step } from "./directives.ts";

/** A request as the model sees it. */
export interface Conversation {
  system: string;
  items: Item[];
  /** Names of the tools on offer. A request without tools is a side request, a title say. */
  tools: string[];
  /** The CLI's own session or thread id. */
  session: string | null;
}

/** The request being answered; `n` makes ids unique. */
export interface Spoken {
  n: number;
  body: unknown;
}

export interface Dialect {
  read(body: unknown): Conversation;
  answer(step: Step, spoken: Spoken): Response;
  fail(status: number): Response;
}
