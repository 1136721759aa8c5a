// What a terminal is to a launch: data. Commands are lists of words, never a shell string.
import { shellQuote } from "../../tools/shell-quote.ts";

export interface Preset {
  name: string;
  /** Where it exists, as the runtime names platforms; absent = wherever we run. */
  platforms?: readonly string[];
  /** The program that opens it, where we call one that must be installed. */
  binary?: string;
  /** The application on macOS that brings that program without putting it on PATH. */
  app?: string;
  /**
   * Variables of its panes that must survive: the first is the pane's id and proves that we are
   * inside, the others say how to reach the terminal.
   */
  inside: readonly string[];
  /** What TERM_PROGRAM says inside, where no variable of its own does. */
  termProgram?: string;
  /** Variables without which it cannot be reached from where we are. */
  needs?: readonly string[];
  /** Lines of its own settings that give it these. */
  setUp?: { file: string; lines: readonly string[] };
  /** Words with places in them, or, where sizes decide, what makes them. */
  open: readonly string[] | ((script: string, around: Around) => string[]);
  /** The part of what opening prints that names the pane. */
  printed?: RegExp;
  /** Words that run the script in a pane that was opened empty. */
  run?: readonly string[];
  /** Words that close a pane; unused where a place in them has no value. */
  close?: readonly string[];
  /** Words that bring a pane to the front of who looks at that terminal. */
  focus?: readonly string[];
  /** The opening program lives as long as its window. */
  stays?: true;
  /** Instead of this one when several open at once: panes would become slivers. */
  several?: string;
  /** A file that its program reads instead of arguments. */
  file?: { path: string; text: string };
}

/** Where a pane is opened from. */
export interface Around {
  /** The caller's own pane, if it sits in one of this terminal. */
  pane: string | undefined;
  /** Panes that this launch has opened already. */
  opened: readonly string[];
  /** The preset was named: small panes are what is wanted. */
  isAsked: boolean;
  /** Standard output of a question to the terminal; empty when it does not answer. */
  ask(words: readonly string[]): string;
}

/** Values by the name of their place: `{script}`, `{pane_id}`. */
export type Places = Readonly<Record<string, string>>;

/** Undefined where a place has no value. Places of no name of ours stay as they are. */
export function fill(words: readonly string[], places: Places): string[] | undefined {
  let isComplete = true;
  const filled = words.map((word) =>
    word.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(places, name) ? places[name] : whole;
      if (value === "") isComplete = false;
      // A word with a blank in it is a command line for a shell behind the terminal.
      return word.includes(" ") ? shellQuote(value ?? "") : (value ?? "");
    }),
  );
  return isComplete ? filled : undefined;
}
