// The words of a launch: `[N] TOOL [our flags and the tool's, mixed] [-- the tool's alone]`.
// Ours are taken out; everything else reaches the tool byte for byte, in order.
import { type ParseArgsConfig, parseArgs } from "node:util";
import { exitCode, Refusal } from "../core/refusal.ts";

export interface LaunchOrder {
  count: number;
  toolWord: string;
  tag: string | undefined;
  terminal: string | undefined;
  dir: string | undefined;
  isHeadless: boolean;
  prompt: string | undefined;
  systemPrompt: string | undefined;
  batchId: string | undefined;
  runHere: boolean | undefined;
  /** Identity of the caller, not the child's name. */
  callerName: string | undefined;
  go: boolean;
  json: boolean;
  wantsHelp: boolean;
  toolArgs: string[];
}

const own: NonNullable<ParseArgsConfig["options"]> = {
  tag: { type: "string" },
  terminal: { type: "string" },
  dir: { type: "string" },
  headless: { type: "boolean" },
  "hcom-prompt": { type: "string" },
  "hcom-system-prompt": { type: "string" },
  system: { type: "string" },
  "batch-id": { type: "string" },
  "run-here": { type: "boolean" },
  "no-run-here": { type: "boolean" },
  pty: { type: "boolean" },
  name: { type: "string" },
  go: { type: "boolean" },
};

export function parseLaunch(argv: readonly string[]): LaunchOrder {
  const { words, json } = globalsLast(argv);
  const counted = /^\d+$/.test(words[0] ?? "");
  const count = counted ? Number(words[0]) : 1;
  if (count === 0) throw usage("0 agents is none", "leave the number out, or give 1 or more");
  const { mine, rest } = split(words.slice(counted ? 2 : 1));
  const text = (name: string) => (typeof mine[name] === "string" ? mine[name] : undefined);
  return {
    count,
    toolWord: words[counted ? 1 : 0] ?? "",
    tag: text("tag"),
    terminal: text("terminal"),
    dir: text("dir"),
    isHeadless: mine["headless"] === true,
    prompt: text("hcom-prompt"),
    systemPrompt: text("hcom-system-prompt") ?? text("system"),
    batchId: text("batch-id"),
    runHere: placeOf(mine),
    callerName: text("name"),
    go: mine["go"] === true,
    json,
    wantsHelp: rest.length === 1 && (rest[0] === "--help" || rest[0] === "-h"),
    toolArgs: rest,
  };
}

function placeOf(mine: Readonly<Record<string, string | boolean>>): boolean | undefined {
  if (mine["run-here"] === true) return true;
  return mine["no-run-here"] === true ? false : undefined;
}

function split(argv: readonly string[]): {
  mine: Record<string, string | boolean>;
  rest: string[];
} {
  const { tokens } = parseArgs({
    args: [...argv],
    options: own,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const mine: Record<string, string | boolean> = {};
  const taken = new Set<number>();
  let end = argv.length;
  for (const token of tokens) {
    if (token.kind === "option-terminator") {
      end = token.index;
      break;
    }
    if (token.kind !== "option" || !Object.hasOwn(own, token.name)) continue;
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
  return { mine, rest: [...before, ...argv.slice(end + 1)] };
}

// parseArgs takes the next word whatever it is: `--tag -- words` would lose the words.
function hasValue(token: { value?: string | undefined; inlineValue?: boolean | undefined }) {
  if (token.value === undefined || token.inlineValue === true) return token.value !== undefined;
  return token.value !== "--" && !Object.hasOwn(own, token.value.replace(/^--/, ""));
}

/** Global flags may stand in front of the tool: they are ours wherever they are. */
function globalsLast(argv: readonly string[]): { words: string[]; json: boolean } {
  const front: string[] = [];
  let json = false;
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "--name") front.push(word, argv[++at] ?? "");
    else if (word === "--go" || word.startsWith("--name=")) front.push(word);
    // Behind the tool it is the tool's.
    else if (word === "--json") json = true;
    else break;
  }
  const rest = argv.slice(at);
  const head = /^\d+$/.test(rest[0] ?? "") ? 2 : 1;
  return { words: [...rest.slice(0, head), ...front, ...rest.slice(head)], json };
}

function usage(message: string, hint: string): Refusal {
  return new Refusal({ code: "usage", exit: exitCode.usage, message, hint });
}
