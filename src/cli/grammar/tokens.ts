// Splits arguments into options and words, as `node:util` parseArgs does with `strict: false` and
// `tokens: true`: importing that costs every command 1.7 ms, half of what it does besides. Unlike
// there, a text that merely begins with a dash is a word: `- the build is red`, `-5`, `-->`.
import type { Flag } from "../command.ts";

export interface OptionToken {
  kind: "option";
  /** Long name; for an unknown letter the letter. */
  name: string;
  /** As it was written: `--name` or `-n`. */
  rawName: string;
  value?: string;
  /** Written with `=`, or behind its letter. */
  inlineValue?: boolean;
}

export type Token = OptionToken | { kind: "positional"; value: string } | { kind: "terminator" };

/** A flag with a value takes the next argument, whatever it is; the caller judges it. */
export function tokensOf(args: readonly string[], known: readonly Flag[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      tokens.push({ kind: "terminator" }, ...args.slice(at + 1).map(wordOf));
      break;
    }
    const found = optionsIn(arg, known);
    const last = found.at(-1);
    if (last === undefined) tokens.push(wordOf(arg));
    else {
      tokens.push(...found);
      const next = args[at + 1];
      if (last.value === undefined && takesValue(last.name, known) && next !== undefined) {
        last.value = next;
        at++;
      }
    }
  }
  return tokens;
}

function wordOf(value: string): Token {
  return { kind: "positional", value };
}

/** None when it is a word. */
function optionsIn(arg: string, known: readonly Flag[]): OptionToken[] {
  if (/^--[A-Za-z]/.test(arg)) return /^[^=]*\s/.test(arg) ? [] : [longOf(arg, known)];
  if (!/^-[A-Za-z]/.test(arg)) return [];
  const letters = lettersOf(arg, known);
  const strange = letters.filter(({ name }) => known.every((flag) => flag.name !== name));
  if (strange.length === 0) return letters;
  // One that is unknown makes all of them so: `-hello` asks for no help.
  return /\s/.test(arg) ? [] : strange;
}

function longOf(arg: string, known: readonly Flag[]): OptionToken {
  const equals = arg.indexOf("=");
  const rawName = equals < 0 ? arg : arg.slice(0, equals);
  const written = rawName.slice(2);
  const name = known.find((flag) => flag.alias === written)?.name ?? written;
  const option = { kind: "option" as const, name, rawName };
  return equals < 0 ? option : { ...option, value: arg.slice(equals + 1), inlineValue: true };
}

/** `-v`, `-vb` for two switches, `-iNAME` for a flag with a value. */
function lettersOf(arg: string, known: readonly Flag[]): OptionToken[] {
  const options: OptionToken[] = [];
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at] ?? "";
    const name = known.find((flag) => flag.short === letter)?.name ?? letter;
    const option: OptionToken = { kind: "option", name, rawName: `-${letter}` };
    options.push(option);
    if (!takesValue(name, known) || at + 1 === arg.length) continue;
    option.value = arg.slice(at + 1);
    option.inlineValue = true;
    break;
  }
  return options;
}

function takesValue(name: string, known: readonly Flag[]): boolean {
  return known.find((flag) => flag.name === name)?.value !== undefined;
}
