// Splits the arguments of one command into flags and words by the command's own table. An unknown
// flag is an error with the nearest known one; nothing is ever ignored.
import { didYouMean } from "../core/names/suggest.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import type { Command, Flag, FlagValues } from "./command.ts";
import { checkForms } from "./grammar/forms.ts";
import { type OptionToken, tokensOf } from "./grammar/tokens.ts";

export interface Parsed {
  words: string[];
  rest: string[] | undefined;
  flags: FlagValues;
}

export const globalFlags: readonly Flag[] = [
  { name: "name", value: "NAME", about: "act as this agent" },
  { name: "go", about: "at once: no question (at a terminal), no preview (in an agent)" },
  { name: "json", about: "print JSON" },
  { name: "help", short: "h", about: "show this help" },
];

/**
 * Whether it is `--help` or `-h` that somebody wrote, and not the value of a flag. Where a message
 * could stand it might be that, and a script would take it for sent: so it is refused there.
 */
export function asksForHelp(command: Command, argv: readonly string[]): boolean {
  const known = [...command.flags, ...globalFlags];
  const tokens = tokensOf(attachOptional(argv, known), known);
  const at = tokens.findIndex((one) => one.kind === "option" && one.name === "help");
  const asked = tokens[at];
  if (asked?.kind !== "option") return false;
  const words = tokens.slice(0, at).filter((one) => one.kind === "positional").length;
  if (words < (command.textAfter ?? Number.POSITIVE_INFINITY)) return true;
  throw usageError(
    command,
    `is ${asked.rawName} the message? put it behind --, or leave the words out for help`,
  );
}

export function parse(command: Command, argv: readonly string[]): Parsed {
  const known = [...command.flags, ...globalFlags];
  const values = new Map<string, string[]>();
  const words: string[] = [];
  let rest: string[] | undefined;
  for (const token of tokensOf(attachOptional(argv, known), known)) {
    if (token.kind === "terminator") rest ??= [];
    else if (token.kind === "positional") (rest ?? words).push(token.value);
    else take(command, known, values, token);
  }
  checkWords(command, words);
  checkForms(command, words, [...values.keys()]);
  return { words, rest, flags: flagValues(values) };
}

/** A word too many is no decoration: whoever wrote it meant something by it. */
function checkWords(command: Command, words: readonly string[]): void {
  const { mostWords } = command;
  if (mostWords === undefined || words.length <= mostWords) return;
  const extra = words.slice(mostWords).join(" ");
  const most = mostWords === 0 ? "no words" : `at most ${mostWords}`;
  throw usageError(command, `what is "${extra}"? it takes ${most}`);
}

function take(
  command: Command,
  known: readonly Flag[],
  values: Map<string, string[]>,
  token: OptionToken,
): void {
  const flag = known.find((one) => one.name === token.name);
  if (flag === undefined) throw unknownFlag(command, known, token.rawName);
  if (flag.value === undefined && token.value !== undefined) {
    throw usageError(command, `${token.rawName} takes no value`);
  }
  if (flag.value !== undefined && flag.optional !== true && !hasValue(known, token)) {
    throw usageError(command, `${token.rawName} needs a value: ${token.rawName} ${flag.value}`);
  }
  checkOneOf(command, flag, token);
  checkWhole(command, flag, token);
  const given = values.get(flag.name) ?? [];
  if (given.length > 0 && flag.many !== true && flag.value !== undefined) {
    throw usageError(command, `${token.rawName} is given twice`);
  }
  values.set(flag.name, [...given, token.value ?? ""]);
}

function checkOneOf(command: Command, flag: Flag, { rawName, value = "" }: OptionToken): void {
  if (flag.oneOf === undefined || flag.oneOf.includes(value)) return;
  const guess = didYouMean(value, flag.oneOf);
  const known = `it is one of: ${flag.oneOf.join(", ")}`;
  throw usageError(command, `${rawName} cannot be "${value}"${guess}`, known);
}

function checkWhole(command: Command, flag: Flag, { rawName, value = "" }: OptionToken): void {
  if (flag.value !== "N" || /^\d{1,15}$/.test(value)) return;
  throw usageError(command, `${rawName} takes a whole number, not "${value}"`);
}

// A flag takes the next word whatever it is: `--thread -- hello` would lose the message.
function hasValue(known: readonly Flag[], { value, inlineValue }: OptionToken): boolean {
  if (value === undefined || inlineValue === true) return value !== undefined;
  if (value === "--") return false;
  return !known.some((flag) => value === `--${flag.name}` || value === `-${flag.short}`);
}

// `--wait 5` and `--wait` are both right: the value is glued on when it looks like one.
function attachOptional(argv: readonly string[], known: readonly Flag[]): string[] {
  const optional = new Set(known.filter((flag) => flag.optional).map((flag) => `--${flag.name}`));
  const out: string[] = [];
  let isOver = false;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    isOver ||= word === "--";
    if (isOver || !optional.has(word)) {
      out.push(word);
      continue;
    }
    const next = argv[i + 1];
    if (next !== undefined && /^\d/.test(next)) {
      out.push(`${word}=${next}`);
      i++;
    } else out.push(`${word}=`);
  }
  return out;
}

function flagValues(values: ReadonlyMap<string, string[]>): FlagValues {
  const value = (name: string) => values.get(name)?.at(-1);
  return {
    has: (name) => values.has(name),
    value,
    values: (name) => values.get(name) ?? [],
    number: (name) => {
      const text = value(name);
      if (text === undefined || text === "") return undefined;
      const number = Number(text);
      if (Number.isFinite(number) && number >= 0) return number;
      throw new Refusal({
        code: "usage",
        exit: exitCode.usage,
        message: `--${name} takes a number, not "${text}"`,
      });
    },
  };
}

function unknownFlag(command: Command, known: readonly Flag[], raw: string): Refusal {
  const names = known.map((flag) => flag.name);
  const guess = didYouMean(raw.replace(/^-+/, ""), names, "--");
  return usageError(command, `unknown flag ${raw}${guess}`);
}

/** A word that had to be one of some known ones, with the nearest of them. */
export function unknownWord(
  command: Command,
  { what, word, known }: { what: string; word: string; known: readonly string[] },
): Refusal {
  const guess = didYouMean(word, known);
  return usageError(
    command,
    `there is no ${what} "${word}"${guess}`,
    `there are: ${known.join(", ")}`,
  );
}

export function usageError(command: Command, message: string, hint?: string): Refusal {
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `${command.name}: ${message}`,
    hint: hint ?? `see: hcom ${command.name} --help`,
  });
}
