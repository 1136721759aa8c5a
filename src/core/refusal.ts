// The one error that a person or an agent can cause or must hear. Anything else thrown is a bug.

/** Stable exit codes of every command. `listen` uses `error` (1) for its timeout. */
export const exitCode = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  timeout: 4,
  needsHuman: 6,
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

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
    super(parts.message);
    this.name = "Refusal";
    this.code = parts.code;
    this.hint = parts.hint;
    this.exit = parts.exit ?? exitCode.error;
  }

  // The bundles each carry a copy of this class: what one throws the other must know.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "Refusal";
  }
}

/** Closes a `switch` over a discriminated union: a new member becomes a type error here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
