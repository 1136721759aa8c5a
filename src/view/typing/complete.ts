// Completing what is typed: names of agents after `@`, as far as what is meant is clear.

import type { State } from "../state.ts";
import { type Editor, insert } from "./editor.ts";

export function completed(state: State, editor: Editor): Editor {
  const [, word] = /(?:^|\s)@([\w.:-]*)$/.exec(editor.text.slice(0, editor.at)) ?? [];
  if (word === undefined) return editor;
  const names = candidates(state).filter((name) => name.startsWith(word));
  const [first] = names;
  if (first === undefined) return editor;
  const common = names.reduce(shared);
  return insert(editor, `${common.slice(word.length)}${names.length === 1 ? " " : ""}`);
}

/** Agents, and tags, which mean all that have them. */
function candidates({ world }: State): string[] {
  const tags = world.agents.flatMap((one) => (one.tag === "" ? [] : [`${one.tag}-`]));
  return [...new Set([...world.agents.map((one) => one.shown), ...tags])].sort();
}

/** What both begin with. */
function shared(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
