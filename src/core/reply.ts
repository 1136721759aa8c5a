// The waist on the way out: what we answer a hook with. A tool's dialect turns it into its own
// JSON; a dialect that cannot say one of these says nothing.

export type Reply =
  | { kind: "silent" }
  /** Text for the model, beside whatever happened. `notice` is for the human's screen. */
  | { kind: "context"; text: string; notice?: string; watch?: string[] }
  /** At the end of a turn: go on, with this text. */
  | { kind: "continue"; text: string }
  /** A nudge of ours reached the prompt and there is nothing to hand over: no turn. */
  | { kind: "drop-prompt"; reason: string }
  /** Answer of a background hook that wakes an idle session. */
  | { kind: "wake"; text: string }
  /** What the program asks its person about needs no answer of hers: it may run. */
  | { kind: "allow" }
  /** Run the action with a changed command line. */
  | { kind: "rewrite-command"; input: Record<string, unknown> };

export const silent: Reply = { kind: "silent" };

/** What the hook process does in the end. */
export interface HookOutput {
  stdout: string;
  stderr: string;
  exit: number;
}

export const noOutput: HookOutput = { stdout: "", stderr: "", exit: 0 };

/** One object on standard output: how every program that reads an answer wants it. */
export function jsonOutput(value: Readonly<Record<string, unknown>>): HookOutput {
  return { stdout: JSON.stringify(value), stderr: "", exit: 0 };
}
