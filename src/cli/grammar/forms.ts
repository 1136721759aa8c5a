// Which flags go together. The usage lines of a command say it, and they are the rule: a flag that
// stands in some of them goes with these alone, one that stands in none goes with everything.
// Without this a flag that cannot apply would be ignored, and whoever wrote it meant something.
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { Command, Flag } from "../command.ts";

type Shape = Pick<Command, "name" | "usage" | "flags">;

/** One usage line, read. */
interface Form {
  line: string;
  /** The words that choose this line, such as `sub`; none where the first one is a name. */
  words: readonly string[];
  flags: ReadonlySet<string>;
  /** Without these it is not meant. */
  needs: readonly string[];
  /** `--a | --b`: one of them. */
  choices: readonly (readonly string[])[];
  /** `[flags]` stands for all of them. */
  takesAll: boolean;
}

/** `given` are long names of flags; global ones are ignored. */
export function checkForms(command: Shape, words: readonly string[], given: readonly string[]) {
  const forms = formsOf(command);
  const bound = given.filter((name) => forms.some((form) => form.flags.has(name)));
  if (bound.length === 0) return;
  const open = meant(forms, words);
  if (open.some((form) => fits(form, bound))) return;
  throw misfit(command, { forms, open, bound, word: words[0] });
}

/** May this flag still be added? For those who complete a line. */
export function mayFollow(
  command: Shape,
  flag: string,
  before: { words: readonly string[]; given: readonly string[] },
): boolean {
  const forms = formsOf(command);
  const bound = [...before.given, flag].filter((name) => forms.some((one) => one.flags.has(name)));
  if (!bound.includes(flag)) return true;
  return meant(forms, before.words).some((form) => odd(form, bound) === undefined);
}

function fits(form: Form, bound: readonly string[]): boolean {
  return odd(form, bound) === undefined && (form.takesAll || missing(form, bound) === undefined);
}

/** The first flag that this line does not take, or not beside the others. */
function odd(form: Form, bound: readonly string[]): string | undefined {
  if (form.takesAll) return undefined;
  return bound.find((name, at) => {
    const rivals = rivalsOf(form, name);
    return !form.flags.has(name) || bound.slice(0, at).some((other) => rivals.includes(other));
  });
}

function rivalsOf(form: Form, name: string): string[] {
  return form.choices
    .flatMap((all) => (all.includes(name) ? all : []))
    .filter((one) => one !== name);
}

function missing(form: Form, bound: readonly string[]): string | undefined {
  return form.needs.find((name) => !bound.includes(name));
}

/** A word that begins a line chooses its lines; any other word, those that no word chooses. */
function meant(forms: readonly Form[], [first]: readonly string[]): readonly Form[] {
  const chosen = forms.filter((form) => first !== undefined && form.words.includes(first));
  return chosen.length > 0 ? chosen : forms.filter((form) => form.words.length === 0);
}

interface Misfit {
  forms: readonly Form[];
  open: readonly Form[];
  bound: readonly string[];
  word: string | undefined;
}

function misfit({ name }: Shape, given: Misfit): Refusal {
  const { forms, open, bound } = given;
  const taken = (form: Form) => bound.filter((one) => form.flags.has(one)).length;
  const best = [...open].sort((a, b) => taken(b) - taken(a))[0];
  const culprit = (best === undefined ? bound[0] : odd(best, bound)) ?? "";
  const needed = best === undefined ? undefined : missing(best, bound);
  const message =
    culprit === "" && needed !== undefined
      ? `--${bound[0]} needs --${needed}`
      : `--${culprit} does not go with ${companion(name, given, { best, culprit })}`;
  const asked = culprit === "" ? (bound[0] ?? "") : culprit;
  const right = forms.find((form) => form.flags.has(asked));
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `${name}: ${message}`,
    hint: right === undefined ? `see: hcom ${name} --help` : `it goes with: hcom ${right.line}`,
  });
}

/** What the culprit does not go with: the word that chose the lines, or another flag. */
function companion(
  name: string,
  { open, bound, word }: Misfit,
  { best, culprit }: { best: Form | undefined; culprit: string },
): string {
  const isWord = word !== undefined && open.some((form) => form.words.includes(word));
  if (isWord && !open.some((form) => form.flags.has(culprit))) return `"${name} ${word}"`;
  const rivals = best === undefined ? [] : rivalsOf(best, culprit);
  const beside = bound.filter((one) => one !== culprit && best?.flags.has(one) === true);
  const other = beside.find((one) => rivals.includes(one)) ?? beside[0];
  return other === undefined ? `"${name}" alone` : `--${other}`;
}

function formsOf({ name, usage, flags }: Shape): Form[] {
  return usage.map((line) => formOf(line, name, flags));
}

function formOf(line: string, name: string, known: readonly Flag[]): Form {
  // What stands behind `--` is a message.
  const [head = ""] = line.split(" -- ");
  const tokens = head
    .split(" ")
    .filter((token, at) => token !== "" && !(at === 0 && token === name));
  const named = new Set<string>();
  const needs: string[] = [];
  const choices: string[][] = [];
  let depth = 0;
  let isRival = false;
  for (const token of tokens) {
    if (token === "|") isRival = true;
    depth += count(token, "[");
    const flag = flagIn(token, known);
    if (flag !== undefined) {
      named.add(flag);
      if (isRival) choices.at(-1)?.push(flag);
      else choices.push([flag]);
      isRival = false;
      if (depth === 0) needs.push(flag);
    }
    if (/^\[?filters\]?$|\|filters$/.test(token)) {
      for (const one of known) if (one.isFilter === true) named.add(one.name);
    }
    depth -= count(token, "]");
  }
  const [first = ""] = tokens;
  const isWord = /^[a-z][a-z-]*(\|[a-z-]+)*$/.test(first);
  return {
    line,
    words: isWord ? first.split("|") : [],
    flags: named,
    // Of several at choice none is needed.
    needs: needs.filter((one) => choices.every((all) => all.length === 1 || !all.includes(one))),
    choices,
    takesAll: tokens.includes("[flags]"),
  };
}

function flagIn(token: string, known: readonly Flag[]): string | undefined {
  const bare = token.replace(/[[\]]/g, "");
  return known.find(({ name, short }) => bare === `--${name}` || bare === `-${short}`)?.name;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
