// A question to the person at the terminal. Scripts and agents are never asked.
import { fs } from "../../sys/fs.ts";
import { isTerminal } from "../is-terminal.ts";

export function canAsk(): boolean {
  return isTerminal(0) && isTerminal(2);
}

/** Everything but a clear yes is a no. */
export function isConfirmed(question: string): boolean {
  fs().writeSync(2, `${question} [y/N] `);
  const answer = Buffer.alloc(64);
  const length = fs().readSync(0, answer, 0, answer.length, null);
  return /^y(?:es)?$/i.test(answer.toString("utf8", 0, length).trim());
}
