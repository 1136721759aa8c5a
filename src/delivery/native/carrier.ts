// A way into an agent's own process, before all rungs: it takes mail itself, whatever its session
// does at the moment, and says what became of it.

/** One batch of mail. */
export interface Letter {
  id: number;
  /** As the model is to read it. */
  text: string;
  /** For the person's screen, where the text does not stand. */
  title: string;
  /** For this subagent alone. */
  agentId?: string;
}

export type News =
  /** It begins to take mail, after a start or a fault. `isAnew`: it knows of no letter before. */
  | { kind: "ready"; isAnew: boolean }
  /** A turn of the session has begun. */
  | { kind: "busy" }
  | { kind: "handed"; id: number }
  /** It has it and waits for its turn, as long as that takes: news come. */
  | { kind: "queued"; id: number }
  /** It will not come to the model, also when it was called handed before. */
  | { kind: "dropped"; id: number; reason: string }
  /** Whether it takes mail may have changed. */
  | { kind: "changed" };

export interface Carrier extends Disposable {
  /** Its name in the ledger. */
  via: string;
  isServing(): boolean;
  /** One at a time; what is not answered is given again by itself. */
  give(letter: Letter): void;
  /** Not this one any more: it goes another way. */
  forget(id: number): void;
}
