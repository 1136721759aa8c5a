// Completing what is typed, as far as what is meant is clear: agents and tags after `@`, channels
// after `#`, threads after `thread:`; of files only the outside knows.
import type { State } from "../state.ts";
import { type Editor, insert } from "./editor.ts";

export interface Completed {
  editor: Editor;
  /** Several fit, and nothing more is common to them. */
  choices: readonly string[];
}

export function completed(state: State, editor: Editor): Completed {
  const word = wordBefore(editor);
  const [, sign = "", begun = ""] = /^(@|#|thread:)(.*)$/su.exec(word) ?? [];
  if (sign === "") return { editor, choices: [] };
  return completedFrom(editor, begun, candidates(state, sign));
}

/** The path that stands before the cursor; undefined where none does. */
export function pathBefore(editor: Editor): string | undefined {
  const word = wordBefore(editor);
  return word.includes("/") && !/^[@#]/.test(word) ? word : undefined;
}

/** `all` begin with what is typed, or do not fit. */
export function completedFrom(editor: Editor, begun: string, all: readonly string[]): Completed {
  const fitting = all.filter((one) => one.startsWith(begun));
  const [first] = fitting;
  if (first === undefined) return { editor, choices: [] };
  const common = fitting.reduce(shared);
  // A folder goes on.
  const isWhole = fitting.length === 1 && !common.endsWith("/");
  const next = insert(editor, `${common.slice(begun.length)}${isWhole ? " " : ""}`);
  const isStuck = common.length === begun.length && fitting.length > 1;
  return { editor: next, choices: isStuck ? fitting : [] };
}

function wordBefore({ text, at }: Editor): string {
  return /(?:^|\s)(\S*)$/u.exec(text.slice(0, at))?.[1] ?? "";
}

function candidates({ world }: State, sign: string): string[] {
  const all = () => {
    switch (sign) {
      case "#":
        return world.channels.map((one) => one.name);
      case "thread:":
        return world.messages.map((one) => one.thread);
      default:
        // Agents, and tags, which mean all that have them.
        return [
          ...world.agents.map((one) => one.shown),
          ...world.agents.map((one) => (one.tag === "" ? "" : `${one.tag}-`)),
        ];
    }
  };
  return [...new Set(all())].filter((one) => one !== "").sort();
}

/** What both begin with. */
function shared(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
