// What the fake agent does is written in the texts it gets: directives, or standing rules that turn
// a text into directives. Texts in, steps out.

export type Step =
  /** A shell command with the action hooks around it; `ask` opens an approval dialog first. */
  | { kind: "run" | "ask"; command: string }
  | { kind: "say"; text: string }
  /** Says the words one by one, spread over this time: a model that is thinking. */
  | { kind: "slow"; durationMs: number; text: string };

/** `script` may use $1, $2 ... of the pattern. The first rule that fits a text counts. */
export interface Rule {
  when: string;
  script: string;
}

const outer = /\[\[(RUN|ASK|SAY|SLOW)(?:\s+([\s\S]*?))?\]\]/g;
const nested = /\(\((RUN|ASK|SAY|SLOW)(?:\s+([\s\S]*?))?\)\)/g;

/**
 * `((RUN ...))` means the same as `[[RUN ...]]` but counts only where no `[[` form is present: that
 * is how one directive passes another on inside its own argument.
 */
export function stepsIn(text: string, rules: readonly Rule[] = []): Step[] {
  const found = [...text.matchAll(outer)];
  const matches = found.length > 0 ? found : [...text.matchAll(nested)];
  if (matches.length > 0) {
    return matches.map(([, word = "", argument = ""]) => stepOf(word, argument.trim()));
  }
  for (const { when, script } of rules) {
    const match = new RegExp(when).exec(text);
    if (match !== null) return stepsIn(script.replace(/\$(\d)/g, (_, n) => match[Number(n)] ?? ""));
  }
  return [];
}

function stepOf(word: string, argument: string): Step {
  if (word === "RUN") return { kind: "run", command: argument };
  if (word === "ASK") return { kind: "ask", command: argument === "" ? "true" : argument };
  if (word === "SAY") return { kind: "say", text: argument };
  const [, duration = "0", text = ""] = /^(\d+)\s*([\s\S]*)$/.exec(argument) ?? [];
  return { kind: "slow", durationMs: Number(duration), text };
}
