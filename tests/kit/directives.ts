// The scripted model's mind: which step comes next in a conversation. It keeps no state of its own,
// so that a CLI which retries a request or sends its history again stays in step.
import { asObject, type JsonObject, parseJson } from "../../src/core/json.ts";

export type Step =
  | { kind: "run"; command: string }
  | { kind: "tool"; name: string; input: JsonObject }
  | { kind: "say"; text: string }
  | { kind: "slow"; durationMs: number; text: string }
  | { kind: "fail"; status: number };

/**
 * One thing in a conversation, oldest first. `model` is one step of ours. `user` was typed,
 * `injected` came from a hook, an inbox or a queue; both may carry directives. `ambient` is the
 * CLI's own furniture and the bootstrap: it never does.
 */
export type Item =
  | { from: "model" }
  | { from: "user" | "injected" | "ambient" | "result"; text: string };

/**
 * The directives that arrived last decide, wherever they stand in the conversation. Texts that
 * arrived between the same two steps of the model make one script; the steps since then are used.
 */
export function nextStep(items: readonly Item[]): Step {
  let used = 0;
  let script: Step[] = [];
  let plain: string | undefined;
  for (const item of items.toReversed()) {
    if (item.from === "model") {
      if (script.length > 0) break;
      used += 1;
    } else if (item.from === "user" || item.from === "injected") {
      script = [...parseDirectives(item.text), ...script];
      if (item.from === "user" && used === 0 && script.length === 0) plain ??= item.text;
    }
  }
  return choose(script, used, plain);
}

function choose(script: Step[], used: number, plain: string | undefined): Step {
  const step = script[used];
  // A failing step never becomes part of the conversation: a new plain prompt gets past it.
  if (step !== undefined && !(step.kind === "fail" && plain !== undefined)) return step;
  if (plain !== undefined) return { kind: "say", text: `MOCK-ECHO ${tail(plain)}` };
  return { kind: "say", text: used === 0 ? "MOCK-EMPTY" : `MOCK-DONE ${used}` };
}

function tail(text: string): string {
  return text.trim().replace(/\s+/g, " ").slice(-60);
}

const outer = /\[\[(RUN|TOOL|SAY|SLOW)\s+([\s\S]*?)\]\]|\(\((ERR)\s+(\d+)\)\)/g;
const nested = /\(\((RUN|TOOL|SAY|SLOW)\s+([\s\S]*?)\)\)/g;

/**
 * The directives in one text. `((RUN ...))` means the same as `[[RUN ...]]` but counts only where
 * no `[[` form is present: that is how one directive passes another on inside its own argument.
 */
function parseDirectives(text: string): Step[] {
  const found = [...text.matchAll(outer)];
  const matches = found.length > 0 ? found : [...text.matchAll(nested)];
  return matches.map(([, word = "", argument = "", err, status]) =>
    err === undefined ? stepOf(word, argument.trim()) : { kind: "fail", status: Number(status) },
  );
}

function stepOf(word: string, argument: string): Step {
  if (word === "RUN") return { kind: "run", command: argument };
  if (word === "SAY") return { kind: "say", text: argument };
  const [, head = argument, rest = ""] = /^(\S+)\s+([\s\S]*)$/.exec(argument) ?? [];
  if (word === "SLOW") return { kind: "slow", durationMs: Number(head), text: rest };
  const input = parseJson(rest === "" ? "{}" : rest);
  if (input === undefined) return { kind: "say", text: `MOCK-BAD-JSON ${rest}` };
  return { kind: "tool", name: head, input: asObject(input) };
}
