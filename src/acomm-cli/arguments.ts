// Splits the arguments of `acomm` into a verb, its arguments and the store that was chosen. What
// does not fit is wrong usage, exit code 2, whatever it is.
import type { StoreChoice } from "../bus/channels/locate.ts";
import type { Flag } from "../cli/command.ts";
import { type OptionToken, type Token, tokensOf } from "../cli/grammar/tokens.ts";
import { nearest } from "../core/names/suggest.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import type { Args, Verb, VerbFlag } from "./verb.ts";

export const globalFlags: readonly Flag[] = [
  { name: "file", value: "PATH", about: "the store: an .acomm file, or bus:SPACE" },
  { name: "bus", about: "the live store of hcom, through which running agents hear" },
  { name: "json", about: "accepted: the output is always JSON" },
  { name: "help", short: "h", about: "show help" },
  { name: "version", short: "V", about: "show the version" },
];

export type Typed =
  /** `topic`: the words of a command, `channel`, or "" for all of them. */
  | { kind: "help"; topic: string }
  | { kind: "version" }
  | { kind: "verb"; verb: Verb; args: Args; choice: StoreChoice };

function usage(message: string, topic = ""): Refusal {
  const see = topic === "" ? "acomm --help" : `acomm ${topic} --help`;
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `${message} (see: ${see})`,
  });
}

export function typedOf(argv: readonly string[], verbs: readonly Verb[]): Typed {
  // A flag takes a value in all verbs that know it or in none: so the verb need not be known yet.
  const tokens = tokensOf(argv, [...globalFlags, ...verbs.flatMap((verb) => verb.flags ?? [])]);
  const words = tokens.flatMap((one) => (one.kind === "positional" ? [one.value] : []));
  const options = tokens.filter((one) => one.kind === "option");
  const isGiven = (name: string) => options.some((one) => one.name === name);
  if (words[0] === "help") return { kind: "help", topic: topicOf(words.slice(1), verbs) };
  const verb = verbs.find((one) => isPrefix(one.words.split(" "), words));
  if (verb !== undefined) checkDoubt(verb, tokens);
  if (isGiven("help")) return { kind: "help", topic: verb?.words ?? topicOf(words, verbs) };
  if (isGiven("version") && verb === undefined) return { kind: "version" };
  if (verb === undefined) throw words.length === 0 ? noWords(options) : noVerb(words, verbs);
  if (isGiven("version")) throw usage("--version stands alone", verb.words);
  const flags = flagsOf(verb, options);
  return {
    kind: "verb",
    verb,
    args: argsOf(verb, positionals(verb, words), flags),
    choice: choiceOf(verb, tokens, flags),
  };
}

/**
 * `send 1 -h`: the message, or a wish for help? A script would take help for a message that was
 * sent. Where nothing was said yet, or nothing more can be said, there is no doubt.
 */
function checkDoubt(verb: Verb, tokens: readonly Token[]): void {
  const doubtful = ["help", "version"];
  const at = tokens.findIndex((one) => one.kind === "option" && doubtful.includes(one.name));
  const asked = tokens[at];
  if (asked?.kind !== "option") return;
  const words = tokens.slice(0, at).filter((one) => one.kind === "positional").length;
  const said = words - verb.words.split(" ").length;
  const open = said > 0 ? verb.positionals[said] : undefined;
  if (open === undefined || open.isNumber) return;
  throw usage(`is ${asked.rawName} the <${open.name}>? then put it behind --`, verb.words);
}

function isPrefix(prefix: readonly string[], words: readonly string[]): boolean {
  return prefix.every((word, at) => words[at] === word);
}

function topicOf(words: readonly string[], verbs: readonly Verb[]): string {
  const isGroup = verbs.some((verb) => verb.words.startsWith(`${words[0]} `));
  const topic = words.slice(0, isGroup ? 2 : 1).join(" ");
  if (topic === "" || isTopic(topic, verbs)) return topic;
  throw noVerb(words, verbs);
}

function isTopic(topic: string, verbs: readonly Verb[]): boolean {
  return verbs.some((verb) => verb.words === topic || verb.words.startsWith(`${topic} `));
}

function noWords(options: readonly OptionToken[]): Refusal {
  const unknown = options.find((one) => globalFlags.every((flag) => flag.name !== one.name));
  if (unknown !== undefined) return usage(`unexpected argument '${unknown.rawName}'`);
  return usage("a command is missing");
}

function noVerb(words: readonly string[], verbs: readonly Verb[]): Refusal {
  const [first = "", second] = words;
  const members = verbs.flatMap((verb) => {
    const [group, member] = verb.words.split(" ");
    return group === first && member !== undefined ? [member] : [];
  });
  const known = members.length > 0 ? members : verbs.map((verb) => verb.words.split(" ")[0] ?? "");
  const wrong = members.length > 0 ? second : first;
  if (wrong === undefined) return usage(`${first} needs one of: ${members.join(", ")}`, first);
  const close = nearest(wrong, known);
  const meant = close === undefined ? inGroups(wrong, verbs) : [close];
  const guess = meant.length === 0 ? "" : ` - did you mean '${meant.join("' or '")}'?`;
  return usage(`unknown command '${wrong}'${guess}`, members.length > 0 ? first : "");
}

/** `list` is half of `channel list`. */
function inGroups(word: string, verbs: readonly Verb[]): string[] {
  return verbs.map((verb) => verb.words).filter((words) => words.endsWith(` ${word}`));
}

function flagsOf(verb: Verb, options: readonly OptionToken[]): ReadonlyMap<string, string> {
  const known: readonly VerbFlag[] = [...(verb.flags ?? []), ...globalFlags];
  const given = new Map<string, string>();
  for (const { name, rawName, value } of options) {
    const flag = known.find((one) => one.name === name);
    if (flag === undefined) throw unknownFlag(verb, known, rawName);
    if (flag.value === undefined && value !== undefined) {
      throw usage(`${rawName} takes no value`, verb.words);
    }
    if (flag.value !== undefined && value === undefined) {
      throw usage(`${rawName} needs a value: ${rawName} ${flag.value}`, verb.words);
    }
    if (given.has(name) && flag.value !== undefined) {
      throw usage(`${rawName} is given twice`, verb.words);
    }
    if (flag.isNumber) numberOf(value ?? "", rawName, verb);
    given.set(name, value ?? "");
  }
  return given;
}

function unknownFlag(verb: Verb, known: readonly Flag[], raw: string): Refusal {
  const close = nearest(
    raw.replace(/^-+/, ""),
    known.map((flag) => flag.name),
  );
  const guess = close === undefined ? "" : ` - did you mean --${close}?`;
  // Texts that start with a dash are the usual reason.
  return usage(
    `unexpected argument '${raw}'${guess}; a text that starts so goes after --`,
    verb.words,
  );
}

function positionals(verb: Verb, words: readonly string[]): ReadonlyMap<string, string> {
  const given = words.slice(verb.words.split(" ").length);
  const missing = verb.positionals.slice(given.length).map((one) => `<${one.name}>`);
  if (missing.length > 0) throw usage(`missing: ${missing.join(" ")}`, verb.words);
  const extra = given[verb.positionals.length];
  if (extra !== undefined) throw usage(`unexpected argument '${extra}'`, verb.words);
  return new Map(
    verb.positionals.map(({ name, isNumber }, at) => {
      const text = given[at] ?? "";
      if (isNumber) numberOf(text, `<${name}>`, verb);
      return [name, text];
    }),
  );
}

const largest = 2n ** 64n - 1n;

/**
 * As the original read them: 64 bits without a sign. Ours end at 2^53, which no id reaches: what
 * is said of a larger one names it as it was typed, see `run.ts`.
 */
function numberOf(text: string, what: string, verb: Verb): number {
  if (/^\+?\d+$/.test(text) && BigInt(text.replace("+", "")) <= largest) return Number(text);
  throw usage(`${what} is a whole number from 0, not '${text}'`, verb.words);
}

function argsOf(
  verb: Verb,
  words: ReadonlyMap<string, string>,
  flags: ReadonlyMap<string, string>,
): Args {
  const text = (name: string): string => {
    const found = words.get(name);
    if (found === undefined) throw new Error(`${verb.words} has no argument ${name}`);
    return found;
  };
  const flag = (name: string) =>
    flags.get(name) ?? verb.flags?.find((one) => one.name === name)?.default;
  return {
    text,
    flag,
    number: (name) => Number(text(name)),
    typed: [...words.values(), ...flags.values()],
    flagNumber: (name) => {
      const found = flag(name);
      return found === undefined ? undefined : Number(found);
    },
    has: (name) => flags.has(name),
  };
}

/** A verb that names its own file takes no `--file` behind it; one in front has no meaning. */
function choiceOf(
  verb: Verb,
  tokens: readonly Token[],
  flags: ReadonlyMap<string, string>,
): StoreChoice {
  const choice = { file: flags.get("file"), isBus: flags.has("bus") };
  if (verb.access !== "wide" || verb.namesFile !== true) return choice;
  const word = tokens.findIndex((one) => one.kind === "positional");
  const file = tokens.findIndex((one) => one.kind === "option" && one.name === "file");
  if (file > word) throw usage(`unexpected argument '--file'`, verb.words);
  if (choice.isBus) throw usage(`its FILE is the store: name it bus: instead of --bus`, verb.words);
  return {};
}
