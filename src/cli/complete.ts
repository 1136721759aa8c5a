// What may stand where the cursor is in a command line of ours, read off the command table: the
// usage lines say which words follow each other, the flags which values they take. Names that only
// the log knows are asked for by kind.
import { wakePolicies } from "../core/channels/wake-policy.ts";
import { intents } from "../core/events/message.ts";
import { settingRows } from "../core/setting.ts";
import { statuses } from "../core/status.ts";
import type { Command, Flag } from "./command.ts";
import { mayFollow } from "./grammar/forms.ts";
import { globalFlags } from "./parse.ts";

type NameKind = "agents" | "channels" | "topics" | "threads" | "tags";

type Offer =
  | { kind: "word"; word: string; about?: string }
  /** Names out of the log, with this in front of each. */
  | { kind: "names"; of: NameKind; before: string }
  | { kind: "paths"; only: "files" | "folders" };

export interface CompletionTable {
  commands: readonly Command[];
  tools: readonly string[];
  names(kind: NameKind): { name: string; about: string }[];
}

/**
 * `words` are what follows `hcom`; the last is the one at the cursor, possibly empty. A line is a
 * candidate, with a tab and what it is where that is known; `:files` and `:folders` ask the shell
 * for paths.
 */
export function completionLines(words: readonly string[], table: CompletionTable): string[] {
  const current = words.at(-1) ?? "";
  const lines = offersFor(words.slice(0, -1), current, table).flatMap((offer) => {
    if (offer.kind === "paths") return [`:${offer.only}`];
    const found =
      offer.kind === "word"
        ? [{ name: offer.word, about: offer.about ?? "" }]
        : table.names(offer.of).map((one) => ({ ...one, name: offer.before + one.name }));
    return found
      .filter(({ name }) => name.startsWith(current))
      .map(({ name, about }) => (about === "" ? name : `${name}\t${about}`));
  });
  return [...new Set(lines)];
}

function offersFor(words: readonly string[], current: string, table: CompletionTable): Offer[] {
  const [first, ...before] = withoutFront(words);
  if (first === undefined) return current.startsWith("-") ? flagOffers(globalFlags) : tops(table);
  if (table.tools.includes(first)) return launchOffers(before, current, table);
  if (/^\d+$/.test(first)) {
    const [tool, ...args] = before;
    if (tool === undefined) return toolOffers(table);
    return table.tools.includes(tool) ? launchOffers(args, current, table) : [];
  }
  if (first === "help") return before.length === 0 ? tops(table) : [];
  const command = table.commands.find((one) => one.name === first);
  return command === undefined ? [] : commandOffers(command, before, current, table);
}

/** Agents put `--name luna` in front as often as behind. */
function withoutFront(words: readonly string[]): readonly string[] {
  const flag = globalFlags.find((one) => `--${one.name}` === words[0]);
  return flag === undefined ? words : withoutFront(words.slice(flag.value === undefined ? 1 : 2));
}

function tops(table: CompletionTable): Offer[] {
  const shown = table.commands.filter((one) => one.isHidden !== true);
  return [
    ...shown.map((one): Offer => ({ kind: "word", word: one.name, about: one.summary })),
    ...toolOffers(table),
    { kind: "word", word: "help", about: "explain a command" },
  ];
}

function toolOffers(table: CompletionTable): Offer[] {
  return table.tools.map((word) => ({ kind: "word", word, about: "start it, connected" }));
}

/** Ours are offered; the tool's own words are its own, and often a file. */
function launchOffers(
  before: readonly string[],
  current: string,
  { commands }: CompletionTable,
): Offer[] {
  const launch = commands.find((one) => one.name === "launch");
  if (launch === undefined || before.includes("--")) return [{ kind: "paths", only: "files" }];
  const flag = flagAt(launch.flags, before.at(-1) ?? "");
  if (flag?.value !== undefined) return valueOffers(flag, launch);
  if (current.startsWith("-")) return flagOffers([...launch.flags, ...globalFlags]);
  return [{ kind: "paths", only: "files" }];
}

function commandOffers(
  command: Command,
  before: readonly string[],
  current: string,
  table: CompletionTable,
): Offer[] {
  if (before.includes("--")) return [];
  const flags = [...command.flags, ...globalFlags];
  const joined = /^(--[\w-]+)=/.exec(current);
  const flag = flagAt(flags, joined?.[1] ?? before.at(-1) ?? "");
  if (flag?.value !== undefined && (joined !== null || flag.optional !== true)) {
    const offers = valueOffers(flag, command);
    return joined === null ? offers : offers.flatMap((one) => behind(joined[0], one));
  }
  if (current.startsWith("-")) {
    const given = flags.filter((one) => isGiven(one, before));
    const so = { words: plainWords(flags, before), given: given.map((one) => one.name) };
    const free = flags.filter((one) => one.many === true || !given.includes(one));
    return flagOffers(free.filter((one) => mayFollow(command, one.name, so)));
  }
  return positionOffers(command, plainWords(flags, before), current, table);
}

function behind(prefix: string, offer: Offer): Offer[] {
  if (offer.kind === "word") return [{ ...offer, word: prefix + offer.word }];
  if (offer.kind === "names") return [{ ...offer, before: prefix + offer.before }];
  return [];
}

function flagAt(flags: readonly Flag[], word: string): Flag | undefined {
  return flags.find((flag) => word === `--${flag.name}` || word === `-${flag.short}`);
}

function isGiven(flag: Flag, words: readonly string[]): boolean {
  return words.some((word) => flagAt([flag], word) !== undefined);
}

function flagOffers(flags: readonly Flag[]): Offer[] {
  return flags.map((flag) => ({ kind: "word", word: `--${flag.name}`, about: flag.about }));
}

/** The words that are no flags and no values of flags. */
function plainWords(flags: readonly Flag[], words: readonly string[]): string[] {
  return words.filter((word, at) => {
    const owner = flagAt(flags, words[at - 1] ?? "");
    const isValue = owner?.value !== undefined && owner.optional !== true;
    return !isValue && !word.startsWith("-");
  });
}

const valuesByName: Readonly<Record<string, Offer>> = {
  thread: { kind: "names", of: "threads", before: "" },
  tag: { kind: "names", of: "tags", before: "" },
  dir: { kind: "paths", only: "folders" },
};

/** What is named here need not be in the log: a sender from outside, a new set of channels. */
const isFree = ({ name, many }: Flag) => name === "space" || (name === "from" && many !== true);

function valueOffers(flag: Flag, command: Command): Offer[] {
  const byName = valuesByName[flag.name];
  if (byName !== undefined) return [byName];
  if (flag.value === undefined || isFree(flag)) return [];
  if (flag.value === "NAME") return [{ kind: "names", of: "agents", before: "" }];
  return placeOffers(flag.value, command, []);
}

function positionOffers(
  command: Command,
  before: readonly string[],
  current: string,
  table: CompletionTable,
): Offer[] {
  const offers = command.usage.flatMap((line) => {
    const place = placeIn(line, command.name, before);
    return place === undefined ? [] : placeOffers(place, command, table.tools);
  });
  const isMention = current === "" || current.startsWith("@");
  return isMention ? offers : offers.filter((one) => one.kind !== "names" || one.before !== "@");
}

/** The token of a usage line that comes after these words, when they fit the line. */
function placeIn(line: string, name: string, before: readonly string[]): string | undefined {
  const tokens: string[] = [];
  for (const raw of line.split(" ").slice(name === "" ? 0 : 1)) {
    const token = raw.replaceAll(/[[\]]/g, "");
    if (token.startsWith("-") || /["']/.test(token) || token === "|") break;
    if (token !== "flags" && token !== "filters") tokens.push(token);
  }
  const last = tokens.at(-1);
  const repeats = last?.endsWith("...") === true || last?.startsWith("@") === true;
  const at = (index: number) => tokens[index] ?? (repeats ? last : undefined);
  const fits = before.every((word, index) => fitsPlace(at(index), word));
  return fits ? at(before.length) : undefined;
}

function fitsPlace(token: string | undefined, word: string): boolean {
  if (token === undefined) return false;
  return token.split("|").some((one) => one === word || /[A-Z@]/.test(one));
}

function placeOffers(token: string, command: Command, tools: readonly string[]): Offer[] {
  return token
    .replace(/\.\.\.$/, "")
    .split("|")
    .flatMap((one) => oneOffer(one, command, tools));
}

function oneOffer(token: string, command: Command, tools: readonly string[]): Offer[] {
  const words = (list: readonly string[]) => list.map((word): Offer => ({ kind: "word", word }));
  const names = (of: NameKind, before = ""): Offer[] => [{ kind: "names", of, before }];
  if (/^[a-z][a-z-]*$/.test(token)) return words([token]);
  if (token.startsWith("@")) return names("agents", "@");
  switch (token) {
    case "NAME":
      // What a channel command names by NAME is new.
      return command.name === "channel" ? [] : names("agents");
    case "CHANNEL":
      return names("channels");
    case "TOPIC":
      return names("topics");
    case "tag:TAG":
      return names("tags", "tag:");
    case "TOOL":
      return words(tools);
    case "POLICY":
      return words(wakePolicies);
    case "INTENT":
      return words(intents);
    case "STATUS":
      return words(statuses);
    case "BOOL":
      return words(["true", "false"]);
    case "PATH":
    case "FILE":
      return [{ kind: "paths", only: "files" }];
    case "KEY":
      return settingRows().map((row) => ({ kind: "word", word: row.key, about: row.describe }));
    default:
      return [];
  }
}
