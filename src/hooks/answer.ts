// What one hook is answered, and what is to be written down once the answer has left this process.
import { type Reply, silent } from "../core/reply.ts";

export interface Answer {
  reply: Reply;
  /** Call after the reply was flushed. */
  commit(): void;
}

export const noAnswer: Answer = { reply: silent, commit: () => {} };
