// Reads the command line of an agent program as far as hcom must know it: which options stand
// there, which words are values of options, and which word comes first of the rest. It is told the
// options that take values; everything else is a switch.

export interface OptionGrammar {
  /** Takes the next word, whatever it is. */
  value: readonly string[];
  /** Takes the next word unless that is an option. */
  optional: readonly string[];
  /** Takes every word up to the next option. */
  variadic: readonly string[];
}

export interface CommandLine {
  /** As written, without values: `--model=x` is `--model`. */
  options: string[];
  /** What is neither option nor value, up to `--`: behind that no word is a command. */
  words: { word: string; at: number }[];
}

export function readCommandLine(args: readonly string[], grammar: OptionGrammar): CommandLine {
  const line: CommandLine = { options: [], words: [] };
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (word === "--") break;
    if (!isOption(word)) {
      line.words.push({ word, at });
      continue;
    }
    const [name = word] = word.split("=", 1);
    line.options.push(name);
    if (name === word) at += valuesBehind(args.slice(at + 1), name, grammar);
  }
  return line;
}

/** The options that stay, with their values; no other word, and nothing behind `--`. */
export function optionsOf(
  args: readonly string[],
  grammar: OptionGrammar,
  dropped: readonly string[],
): string[] {
  const kept: string[] = [];
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const word = args[at] ?? "";
    if (!isOption(word)) continue;
    const [name = word] = word.split("=", 1);
    const values = name === word ? valuesBehind(args.slice(at + 1), name, grammar) : 0;
    if (!dropped.includes(name)) kept.push(...args.slice(at, at + 1 + values));
    at += values;
  }
  return kept;
}

/** `added` before the words that `--` protects from being read as options. */
export function beforeTerminator(args: readonly string[], added: readonly string[]): string[] {
  const end = args.indexOf("--");
  return end < 0 ? [...args, ...added] : [...args.slice(0, end), ...added, ...args.slice(end)];
}

function isOption(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

function valuesBehind(rest: readonly string[], name: string, grammar: OptionGrammar): number {
  if (grammar.value.includes(name)) return 1;
  if (grammar.optional.includes(name)) return rest[0] !== undefined && !isOption(rest[0]) ? 1 : 0;
  if (!grammar.variadic.includes(name)) return 0;
  const next = rest.findIndex(isOption);
  return next < 0 ? rest.length : next;
}
