// What a command of `acomm` is, as data: its words, its arguments and what it does with a store.
// Parsing and help are derived from it. What `run` returns is printed as JSON.
import type { StoreLocation } from "../bus/channels/access.ts";
import type { Flag } from "../cli/command.ts";
import type { CommStore } from "../core/channels/comm-store.ts";
import type { System } from "../sys/system.ts";

export interface Positional {
  name: string;
  /** A whole number from 0. */
  isNumber?: true;
  about: string;
}

export interface VerbFlag extends Flag {
  isNumber?: true;
  default?: string;
}

/** What was typed, checked against the verb's own table. */
export interface Args {
  /** A positional's text. */
  text(name: string): string;
  /** A positional that is a number. */
  number(name: string): number;
  flag(name: string): string | undefined;
  flagNumber(name: string): number | undefined;
  has(name: string): boolean;
  /** All of it as it was typed. */
  typed: readonly string[];
}

interface Common {
  /** `send`, `channel create` */
  words: string;
  about: string;
  positionals: readonly Positional[];
  flags?: readonly VerbFlag[];
  examples?: readonly string[];
}

/** Beyond one operation on the store that was chosen. */
export interface WideCall {
  args: Args;
  system: System;
  /** The store that was chosen; asking it is what makes a wrong choice an error. */
  store(): StoreLocation;
}

export type Verb =
  | (Common & { access: "read" | "write"; run(store: CommStore, args: Args): unknown })
  /**
   * `namesFile`: it has a file among its own arguments instead of the chosen store. `isChanging`:
   * once it is done something is stored.
   */
  | (Common & {
      access: "wide";
      namesFile?: true;
      isChanging?: true;
      run(call: WideCall): Promise<unknown>;
    })
  /** Speaks for itself on standard input and output. */
  | (Common & { access: "serve" });
