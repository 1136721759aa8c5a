// The one error that a person or an agent can cause or must hear. Anything else thrown is a bug.

/** Stable exit codes of every command; what they mean is in `exitMeanings`. */
export const exitCode = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  needsHuman: 6,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The one table of them: `hcom help exit-codes` and the README print it. */
export const exitMeanings: Readonly<Record<ExitCode, string>> = {
  [exitCode.ok]: "done",
  [exitCode.error]: "failed, or nothing came in time",
  [exitCode.usage]:
    "wrong usage: an unknown command, flag or word, or a value that can never be right",
  [exitCode.notFound]: "not found: no such agent, message, channel or tool",
  [exitCode.needsHuman]: "a person has to decide first",
  [exitCode.bug]: "a fault in hcom; details: hcom status --logs",
  [exitCode.interrupted]: "interrupted",
};

export interface RefusalParts {
  /** Stable machine name, e.g. `unknown_target`. */
  code: string;
  /** Names the thing and the reason, one sentence. */
  message: string;
  /** What to do next, ideally a command. */
  hint?: string;
  exit?: ExitCode;
}

export class Refusal extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;

  constructor(parts: RefusalParts) {
    super(onOneLine(parts.message));
    this.name = "Refusal";
    this.code = parts.code;
    this.hint = parts.hint === undefined ? undefined : onOneLine(parts.hint);
    this.exit = parts.exit ?? exitCode.error;
  }

  // The bundles each carry a copy of this class: what one throws the other must know.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "Refusal";
  }
}

/** Words of others stand in it: with a line break they could pass for a line of ours. */
function onOneLine(sentence: string): string {
  return sentence.replace(/[\n-\r\x85\u2028\u2029]+/g, " ");
}

/** Closes a `switch` over a discriminated union: a new member becomes a type error here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
