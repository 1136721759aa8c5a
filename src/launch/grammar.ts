// The words of a launch: `[N] TOOL [our flags and the tool's, mixed] [-- the tool's alone]`.
// Ours are taken out; everything else reaches the tool byte for byte, in order.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { exitCode, Refusal } from "../core/refusal.ts";
import { frontGlobals, ownFlags } from "./words.ts";

export interface LaunchOrder {
  count: number;
  toolWord: string;
  tag: string | undefined;
  terminal: string | undefined;
  dir: string | undefined;
  isHeadless: boolean;
  prompt: string | undefined;
  /** Where the first prompt stands instead. */
  promptFile: string | undefined;
  systemPrompt: string | undefined;
  batchId: string | undefined;
  /** The name of one that has stopped, to be taken over with its mail. */
  as: string | undefined;
  runHere: boolean | undefined;
  /** Identity of the caller, not the child's name. */
  callerName: string | undefined;
  go: boolean;
  json: boolean;
  toolArgs: string[];
}

const own: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
  ownFlags.map(({ name, value }) => [name, { type: value === undefined ? "boolean" : "string" }]),
);

/**
 * `isPlain`: our flags end at the first word of the tool's, because a command of its own may have
 * flags of the same names.
 */
export function parseLaunch(argv: readonly string[], isPlain = false): LaunchOrder {
  const { count, toolWord, words } = headOf(argv);
  if (count === 0) throw usage("0 agents is none", "leave the number out, or give 1 or more");
  const { mine, rest } = split(words, isPlain);
  checkOnePlace(mine);
  const text = (name: string) => (typeof mine[name] === "string" ? mine[name] : undefined);
  return {
    count,
    toolWord,
    tag: text("tag"),
    terminal: text("terminal"),
    dir: text("dir"),
    isHeadless: mine["headless"] === true,
    prompt: text("hcom-prompt"),
    promptFile: text("hcom-prompt-file"),
    systemPrompt: text("hcom-system-prompt") ?? text("system"),
    batchId: text("batch-id"),
    as: text("as"),
    runHere: placeOf(mine),
    callerName: text("name"),
    go: mine["go"] === true,
    json: mine["json"] === true,
    toolArgs: rest,
  };
}

/** Answers even where the order is wrong: its error is to be JSON, too. */
export function wantsJson(argv: readonly string[]): boolean {
  return ownTokens(headOf(argv).words).tokens.some(
    ({ name, value, inlineValue }) => name === "json" || (value === "--json" && !inlineValue),
  );
}

/** Number and tool taken off; global flags in front of them come first of the rest. */
function headOf(argv: readonly string[]): { count: number; toolWord: string; words: string[] } {
  const { globals, words } = frontGlobals(argv);
  const isCounted = /^\d+$/.test(words[0] ?? "");
  const [toolWord = "", ...rest] = isCounted ? words.slice(1) : words;
  return { count: isCounted ? Number(words[0]) : 1, toolWord, words: [...globals, ...rest] };
}

/** Where it runs is said once. */
function checkOnePlace(mine: Readonly<Record<string, string | boolean>>): void {
  const said = ["headless", "terminal", "run-here", "no-run-here"].filter((one) => one in mine);
  // A terminal of its own is what both mean.
  const isOne = said.length < 2 || (said.length === 2 && saysElsewhere(mine, said));
  if (isOne) return;
  const flags = said.map((one) => `--${one}`).join(" and ");
  throw usage(`${flags} are two places for one agent`, "leave all but one of them out");
}

function saysElsewhere(mine: Readonly<Record<string, string | boolean>>, said: string[]): boolean {
  if (!said.includes("no-run-here"))
    return said.join() === "terminal,run-here" && mine["terminal"] === "here";
  return said.includes("headless") || (said.includes("terminal") && mine["terminal"] !== "here");
}

function placeOf(mine: Readonly<Record<string, string | boolean>>): boolean | undefined {
  if (mine["run-here"] === true) return true;
  return mine["no-run-here"] === true ? false : undefined;
}

function split(
  argv: readonly string[],
  isPlain: boolean,
): {
  mine: Record<string, string | boolean>;
  rest: string[];
} {
  const mine: Record<string, string | boolean> = {};
  const taken = new Set<number>();
  const { tokens, end } = ownTokens(argv, isPlain);
  for (const token of tokens) {
    if (own[token.name]?.type !== "string" && token.value !== undefined) {
      throw usage(`${token.rawName} takes no value`, `write ${token.rawName} alone`);
    }
    if (own[token.name]?.type === "string" && !hasValue(token)) {
      throw usage(`${token.rawName} needs a value`, `write ${token.rawName} VALUE`);
    }
    mine[token.name] = token.value ?? true;
    taken.add(token.index);
    if (token.value !== undefined && !token.inlineValue) taken.add(token.index + 1);
  }
  const before = argv.filter((_word, at) => at < end && !taken.has(at));
  return { mine, rest: [...before, ...argv.slice(isOurs(argv, end) ? end + 1 : end)] };
}

/**
 * `--` ends our flags, and it protects a prompt from being read as the tool's: one character, two
 * meanings. In front of what looks like an option it is ours; in front of a prompt it is the tool's
 * and stays as typed.
 */
function isOurs(argv: readonly string[], end: number): boolean {
  const next = argv[end + 1];
  return next?.startsWith("-") === true && !/\s/.test(next);
}

interface OwnToken {
  name: string;
  rawName: string;
  index: number;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

/** Our flags before `--`, and where that stands. */
function ownTokens(argv: readonly string[], isPlain = false): { tokens: OwnToken[]; end: number } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: own,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const mine: OwnToken[] = [];
  let isTheirs = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") return { tokens: mine, end: token.index };
    const isOurs = token.kind === "option" && Object.hasOwn(own, token.name);
    // Several tools have a --json of their own: behind the first word of theirs it is theirs.
    if (isOurs && !(isTheirs && (isPlain || token.name === "json"))) mine.push(token);
    else isTheirs = true;
  }
  return { tokens: mine, end: argv.length };
}

// parseArgs takes the next word whatever it is: `--tag -- words` would lose the words.
function hasValue(token: { value?: string | undefined; inlineValue?: boolean | undefined }) {
  if (token.value === undefined || token.inlineValue === true) return token.value !== undefined;
  if (!token.value.startsWith("--")) return true;
  return token.value !== "--" && !Object.hasOwn(own, token.value.slice(2));
}

function usage(message: string, hint: string): Refusal {
  return new Refusal({ code: "usage", exit: exitCode.usage, message, hint });
}
