// What a line of an agent program's transcript says, in our words: the programs write it down in
// many ways, and no rule behind this sees more than these few kinds.

import type { Usage } from "./usage.ts";

export type TranscriptEntry =
  /** Somebody spoke to the agent and a turn began, or went on because of it. */
  | { kind: "prompt"; text: string; timestamp: string }
  /** Mail of ours that a hook gave the model. At the end of a turn it makes the turn go on. */
  | { kind: "mail"; text: string; timestamp: string; isTurnEnd: boolean }
  /** The model's own words. */
  | { kind: "text"; text: string }
  | { kind: "action"; id: string; does: Does }
  /** What came of an action; `isError` where the program says. */
  | { kind: "result"; id: string; output: string; isError: boolean | undefined }
  /** What a request took. Told again under its id, it takes the earlier one's place. */
  | { kind: "usage"; id: string; usage: Usage; model: string | undefined }
  /** The turn broke: the model or the way to it failed. */
  | { kind: "failure"; text: string };

export interface Does {
  /** As all programs call it, where they do the same: Bash, Read, Write, Edit, Grep, Glob ... */
  name: string;
  /** What it was told: a command line, a pattern, an address. */
  command?: string;
  /** Path of the file that it is about. */
  file?: string;
  edits?: readonly Edit[];
}

export interface Edit {
  file: string;
  diff: string;
}

const mailFrame = /(?:^|\n---\n)<hcom>(.*?)(?:<\/hcom>\s*)?$/s;

/** The words of the mail in what a hook of ours said; undefined when it carried none. */
export function mailIn(text: string): string | undefined {
  return mailFrame.exec(text)?.[1];
}

/** What was taken out and what came in, line by line. */
export function diffOf(before: string, after: string): string {
  return [...signed("-", before), ...signed("+", after)].join("\n");
}

function signed(sign: string, text: string): string[] {
  return text === ""
    ? []
    : text
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => sign + line);
}
