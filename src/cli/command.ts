// What a command is: its words, flags and help as data, and a function. Parsing, help, completion
// and the error shape are derived from the data.
import type { Keeping } from "../bus/bus.ts";
import type { System } from "../sys/system.ts";
import type { Part } from "./style.ts";
import type { View } from "./view.ts";

export interface Flag {
  /** Long name without dashes. */
  name: string;
  /** What the original calls it: taken, and not shown. */
  alias?: string;
  /** One letter without the dash. */
  short?: string;
  /** Name of its value in the help, `N` for a whole number; absent = a switch. */
  value?: string;
  /** Stands in usage lines as `filters`, with others of its kind. */
  isFilter?: true;
  /** May be given several times. */
  many?: true;
  /** The value may be left out. */
  optional?: true;
  /** All values it may have. */
  oneOf?: readonly string[];
  about: string;
}

export interface Command {
  name: string;
  aliases?: readonly string[];
  /** One line for the overview. */
  summary: string;
  group: "talk" | "agents" | "log" | "setup" | "internal";
  /**
   * Lines after `hcom `, most useful first. They are the rule, too: a flag that stands in some of
   * them is refused elsewhere (`grammar/forms.ts`), and a shell completes what they allow.
   */
  usage: readonly string[];
  /** What the first of its words may be, where that decides what is done, and what it does. */
  firstWords?: readonly { word: string; about: string }[];
  flags: readonly Flag[];
  /** What else a reader of the help has to know, as rows below a title. */
  tables?: readonly { title: string; rows: readonly (readonly [string, string])[] }[];
  /** How many words it takes at most; absent = as many as one likes. */
  mostWords?: number;
  /** What the exit codes of this command mean beyond 0, 1 and 2. */
  exits?: Readonly<Record<number, string>>;
  examples?: readonly string[];
  /** After so many words a text of the caller's may stand, and that may look like a flag. */
  textAfter?: number;
  /** Arguments are passed through as they are: the command splits them itself. */
  isRaw?: true;
  /** Of a raw command: is `--json` among its arguments, and ours? */
  wantsJson?(argv: readonly string[]): boolean;
  /** Not in the overview. */
  isHidden?: true;
  run(call: Call): Promise<number> | number;
}

export interface Call {
  system: System & Keeping;
  /** Words that are no flags, in order, before `--`. */
  words: readonly string[];
  /** Words after `--`, untouched; undefined when there was no `--`. */
  rest: readonly string[] | undefined;
  flags: FlagValues;
  /** The command's arguments as given, for raw commands. */
  argv: readonly string[];
  /** Global flags, recognised before `--` in every command. */
  name: string | undefined;
  go: boolean;
  json: boolean;
  out: Out;
}

export interface FlagValues {
  has(name: string): boolean;
  /** Last value, or undefined when the flag is absent. */
  value(name: string): string | undefined;
  values(name: string): string[];
  /** A number, or a usage error naming the flag. */
  number(name: string): number | undefined;
}

export interface Out {
  /** Who reads standard output. */
  readonly view: View;
  /** A line for people, to standard output; plain where it is no terminal. */
  line(...parts: readonly Part[]): void;
  /** Words of ours that agents act on: a delivery in its frame, the marker of a session. */
  framed(text: string): void;
  /** The same to standard error, beside what the command prints. `flush` tells of both. */
  framedNote(text: string): void;
  /** A remark for people, to standard error. */
  note(...parts: readonly Part[]): void;
  /** A line for scripts, to standard output. */
  json(value: unknown): void;
  /** Resolves when everything has left; false when whoever should read it is gone. */
  flush(): Promise<boolean>;
}
