// A command line that is about an agent or a place on another device, as the request that goes
// there. Undefined: it is not, and its command takes it.
import { shortIdOf } from "./device.ts";

export interface RemoteOrder {
  /** Short id, or the beginning of one. */
  device: string;
  action: string;
  params: Record<string, unknown>;
  timeoutMs: number;
}

/** A word is wrong or missing; the sentence says which. */
export interface RemoteProblem {
  problem: string;
}

/** `words`: the command as it is called, and what stands behind it. */
export function remoteOrder(
  words: readonly string[],
  isTool: (word: string) => boolean,
): RemoteOrder | RemoteProblem | undefined {
  const [command = "", ...rest] = words;
  const at = /^\d+$/.test(command) ? 1 : 0;
  if (isTool(words[at] ?? "")) return launchOrder(words, at);
  const given = taken(rest);
  switch (command) {
    case "events":
      return eventsOrder(given);
    case "config":
      return configOrder(given);
    case "term":
      return termOrder(given);
    case "transcript":
      return ofAgent(given, "transcript", 10_000, (one) => transcriptParams(given, one));
    case "kill":
      return ofAgent(given, "kill", 15_000, () => ({}));
    case "stop":
      return stopOrder(given);
    case "resume":
    case "r":
    case "fork":
    case "f":
      return takeUpOrder(command, rest);
    default:
      return undefined;
  }
}

interface Given {
  words: string[];
  flags: Map<string, string[]>;
  /** Behind `--`. */
  tail: string[];
}

/** Flags of these commands that have no value. */
const switches = new Set(
  ["json", "clean", "enter", "force", "full", "detailed", "go", "once", "remote-fetch"].concat([
    ...["collision", "info", "bigboss", "b", "f", "follow"],
  ]),
);

function taken(argv: readonly string[]): Given {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const given: Given = { words: [], flags: new Map(), tail: end < 0 ? [] : argv.slice(end + 1) };
  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? "";
    const match = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word);
    if (match === null) {
      given.words.push(word);
      continue;
    }
    const [, written = "", inline] = match;
    const name = written === "i" ? "instance" : written;
    const value = switches.has(name) ? "" : (inline ?? own[++at] ?? "");
    given.flags.set(name, [...(given.flags.get(name) ?? []), value]);
  }
  return given;
}

function flag({ flags }: Given, name: string): string | undefined {
  return flags.get(name)?.at(-1);
}

interface Remote {
  base: string;
  device: string;
}

/** `luna:BOXE`, also with @ and a tag in front. */
function remoteName(word: string | undefined): Remote | undefined {
  const match = /^@?([A-Za-z0-9][\w-]*):([A-Za-z0-9]{1,12})$/.exec(word ?? "");
  // `tag:review` is a group here.
  if (match === null || match[1] === "tag") return undefined;
  return { base: (match[1] ?? "").toLowerCase(), device: (match[2] ?? "").toUpperCase() };
}

function ofAgent(
  given: Given,
  action: string,
  timeoutMs: number,
  params: (rest: string[]) => Record<string, unknown>,
): RemoteOrder | RemoteProblem | undefined {
  const names = given.words.map(remoteName);
  if (!names.some((one) => one !== undefined)) return undefined;
  const [first, ...others] = given.words;
  const target = remoteName(first);
  const isOne = target !== undefined && !others.some((word) => remoteName(word) !== undefined);
  if (!isOne || (action === "kill" && others.length > 0)) {
    return { problem: "of agents on other devices only one at a time can be named" };
  }
  const { base, device } = target;
  return { device, action, params: { target: base, ...params(others) }, timeoutMs };
}

function transcriptParams(given: Given, others: readonly string[]): Record<string, unknown> {
  return {
    last: Number(flag(given, "last") ?? 10),
    range: flag(given, "range") ?? others[0] ?? null,
    json: given.flags.has("json"),
    full: given.flags.has("full"),
    detailed: given.flags.has("detailed"),
  };
}

function termOrder(given: Given): RemoteOrder | RemoteProblem | undefined {
  const [first, ...others] = given.words;
  const isJson = given.flags.has("json");
  if (first !== "inject") {
    return ofAgent(given, "term_screen", 10_000, () => ({
      json: isJson,
      clean: given.flags.has("clean"),
    }));
  }
  const [name, ...text] = others;
  return ofAgent(
    { ...given, words: name === undefined ? [] : [name] },
    "term_inject",
    10_000,
    () => ({
      text: [...text, ...given.tail].join(" "),
      enter: given.flags.has("enter"),
    }),
  );
}

function stopOrder(given: Given): RemoteProblem | undefined {
  const remote = given.words.find((word) => remoteName(word) !== undefined);
  if (remote === undefined) return undefined;
  return {
    problem: `${remote} can only stop itself; to end it with its program: hcom kill ${remote}`,
  };
}

function configOrder(given: Given): RemoteOrder | undefined {
  const target = remoteName(flag(given, "instance"));
  if (target === undefined) return undefined;
  const { base: instance, device } = target;
  const [field, ...value] = given.words;
  const params = { instance, ...(field === undefined ? {} : { field }) };
  if (value.length === 0) return { device, action: "config_get", params, timeoutMs: 10_000 };
  const set = { ...params, value: value.join(" ") };
  return { device, action: "config_set", params: set, timeoutMs: 10_000 };
}

const notFilters = new Set(["device", "remote-fetch", "json", "full", "last", "sql", "name", "go"]);

function eventsOrder(given: Given): RemoteOrder | RemoteProblem | undefined {
  const device = shortIdOf(flag(given, "device") ?? "");
  if (!given.flags.has("device")) return undefined;
  if (device === undefined)
    return { problem: "--device takes the short id of a device: hcom relay" };
  if (given.words.length > 0) {
    return { problem: "subscriptions are kept here: they also fire on events of other devices" };
  }
  const filters = Object.fromEntries([...given.flags].filter(([name]) => !notFilters.has(name)));
  const sql = flag(given, "sql");
  const params = {
    filters,
    last: Number(flag(given, "last") ?? 20),
    ...(sql === undefined ? {} : { sql }),
  };
  return { device, action: "events", params, timeoutMs: 10_000 };
}

function takeUpOrder(command: string, rest: readonly string[]): RemoteOrder | undefined {
  const [first, ...more] = rest;
  const target = remoteName(first);
  if (target === undefined) return undefined;
  const { base, device } = target;
  const isFork = command.startsWith("f");
  const extra_args = more.filter((word) => word !== "--json");
  const params = { target: base, fork: isFork, extra_args };
  return { device, action: "resume", params, timeoutMs: 60_000 };
}

/** Values of ours; what else stands there is the program's. */
const launchValues: Readonly<Record<string, string>> = {
  device: "device",
  dir: "cwd",
  tag: "tag",
  terminal: "terminal",
  "hcom-prompt": "initial_prompt",
  "hcom-system-prompt": "system_prompt",
};

function launchOrder(
  words: readonly string[],
  at: number,
): RemoteOrder | RemoteProblem | undefined {
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  if (!own.some((word) => /^--device(=|$)/.test(word))) return undefined;
  const found: Record<string, string> = {};
  const args: string[] = end < 0 ? [] : words.slice(end + 1);
  const others: string[] = [];
  let isHeadless = false;
  for (let nth = at + 1; nth < own.length; nth++) {
    const word = own[nth] ?? "";
    const [, name = "", inline] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const key = launchValues[name];
    if (key !== undefined) found[key] = inline ?? own[++nth] ?? "";
    else if (name === "headless") isHeadless = true;
    else if (name === "run-here") return { problem: "--run-here is a place on this machine" };
    else if (name !== "json" && name !== "go") others.push(word);
  }
  const { device: written = "", cwd, ...more } = found;
  const device = shortIdOf(written);
  if (device === undefined)
    return { problem: "--device takes the short id of a device: hcom relay" };
  if (cwd === undefined || !cwd.startsWith("/")) {
    return { problem: "on another device an absolute directory is needed: --dir PATH" };
  }
  const count = at === 1 ? Number(words[0]) : 1;
  const params = {
    tool: words[at],
    count,
    cwd,
    background: isHeadless,
    args: [...others, ...args],
    ...more,
  };
  return { device, action: "launch", params, timeoutMs: 60_000 };
}
