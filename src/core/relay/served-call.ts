// What another device asks for, as a call of our own program. Its words are data of a stranger:
// nothing that could be taken for a flag of ours stands where a name or a value is meant.
import { reservedNames } from "../instance.ts";
import { asNumber, asObject, asText, asTexts, parseJson } from "../json.ts";
import { isBaseName } from "../names/name.ts";

export interface ServedCall {
  argv: string[];
  /** Text that goes over a private file instead of the command line: flag and content. */
  secret?: { flag: string; text: string };
  timeoutMs: number;
  /** What is answered from what it printed. */
  result(printed: string): Record<string, unknown>;
}

type Params = Readonly<Record<string, unknown>>;
type Build = (params: Params) => ServedCall | string;

/** A text instead of a call says what is wrong with the request. */
export function servedCall(action: string, params: Params): ServedCall | string | undefined {
  return builders[action]?.(params);
}

const builders: Readonly<Record<string, Build>> = {
  launch,
  kill: (params) =>
    ofTarget(params, (target) => ({
      argv: ["kill", target, "--json", "--go"],
      timeoutMs: 15_000,
      result: (printed) => killResult(target, printed),
    })),
  resume: (params) =>
    ofTarget(params, (target) => ({
      argv: [
        params["fork"] === true ? "fork" : "resume",
        target,
        ...asTexts(params["extra_args"]),
        ...alone,
      ],
      timeoutMs: 60_000,
      result: launchResult,
    })),
  term_screen: (params) =>
    ofTarget(params, (target) => ({
      argv: ["term", target, ...switches(params, ["json", "clean"])],
      timeoutMs: 10_000,
      result: (content) => ({ target, content }),
    })),
  term_inject: (params) =>
    ofTarget(params, (target) => ({
      argv: [
        "term",
        "inject",
        target,
        ...switches(params, ["enter"]),
        "--",
        asText(params["text"]) ?? "",
      ],
      timeoutMs: 10_000,
      result: (printed) => ({ target, message: printed.trim() }),
    })),
  transcript: (params) =>
    ofTarget(params, (target) => ({
      argv: [
        "transcript",
        target,
        ...spanOf(params),
        ...switches(params, ["json", "full", "detailed"]),
      ],
      timeoutMs: 10_000,
      result: (content) => ({ target, content }),
    })),
  config_get: (params) => config(params, undefined),
  config_set: (params) => config(params, params["value"]),
  events,
};

export const servedActions: readonly string[] = Object.keys(builders);

/** Every member of the group may ask for these: they hand out what was said to the group anyway. */
export const openActions: readonly string[] = ["events_range", "event_part", "channel_history"];

const alone = ["--no-run-here", "--json", "--go"];

function ofTarget(params: Params, build: (target: string) => ServedCall): ServedCall | string {
  const target = asText(params["target"]);
  if (target === undefined) return "missing target";
  return isAgentName(target) ? build(target) : "the target is no name";
}

/** Words that mean something else where our commands take a name. */
const words = new Set([...reservedNames, "inject", "debug", "timeline", "search", "sub", "unsub"]);

function isAgentName(text: string): boolean {
  return isBaseName(text) && /[a-z]/.test(text) && !words.has(text);
}

function switches(params: Params, names: readonly string[]): string[] {
  return names.filter((name) => params[name] === true).map((name) => `--${name}`);
}

function spanOf(params: Params): string[] {
  const range = asText(params["range"]);
  if (range !== undefined && /^\d+(-\d+)?$/.test(range)) return ["--range", range];
  return ["--last", String(Math.max(1, Math.floor(asNumber(params["last"]) ?? 10)))];
}

function launch(params: Params): ServedCall | string {
  const tool = asText(params["tool"]);
  const cwd = asText(params["cwd"]);
  if (tool === undefined || !isBaseName(tool)) return "missing tool";
  if (cwd === undefined || !cwd.startsWith("/")) return "missing cwd";
  const values: [flag: string, value: string | undefined][] = [
    ["dir", cwd],
    ["tag", asText(params["tag"])],
    ["terminal", asText(params["terminal"])],
    ["hcom-system-prompt", asText(params["system_prompt"])],
  ];
  const given = values.flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}=${value}`],
  );
  const prompt = asText(params["initial_prompt"]);
  const count = Math.min(20, Math.max(1, Math.floor(asNumber(params["count"]) ?? 1)));
  const headless = params["background"] === true ? ["--headless"] : [];
  return {
    argv: [String(count), tool, ...given, ...headless, ...alone, "--", ...asTexts(params["args"])],
    ...(prompt === undefined ? {} : { secret: { flag: "--hcom-prompt-file", text: prompt } }),
    timeoutMs: 60_000,
    result: launchResult,
  };
}

function launchResult(printed: string): Record<string, unknown> {
  const found = asObject(parseJson(printed));
  const names = asTexts(found["instances"]);
  return { ...found, handles: names.map((instance_name) => ({ instance_name })) };
}

const killWords: Readonly<Record<string, string>> = {
  ended: "sent",
  forced: "sent",
  gone: "already_dead",
  no_process: "already_dead",
  forbidden: "permission_denied",
};

function killResult(target: string, printed: string): Record<string, unknown> {
  const [first] = [asObject(parseJson(printed))["results"]].flat().map(asObject);
  const outcome = asText(first?.["outcome"]) ?? "";
  const ok = outcome !== "survived" && outcome !== "forbidden";
  return { target, kill_result: killWords[outcome] ?? outcome, outcome, ok };
}

function config(params: Params, value: unknown): ServedCall | string {
  const instance = asText(params["instance"]);
  const field = asText(params["field"]);
  if (instance === undefined || !isAgentName(instance)) return "missing instance";
  if (field !== undefined && !/^[a-z_]+$/.test(field)) return `no setting ${field}`;
  if (value !== undefined && field === undefined) return "missing field";
  const set = value === undefined || value === null ? [] : [String(value)];
  if (set[0]?.startsWith("-") === true)
    return "a value that begins with - is set on the device itself";
  return {
    argv: ["config", "-i", instance, "--json", ...(field === undefined ? [] : [field]), ...set],
    timeoutMs: 10_000,
    result(printed) {
      const found = asObject(parseJson(printed));
      return field === undefined ? found : { field, value: found[field] ?? null };
    },
  };
}

const mostEvents = 2000;

function events(params: Params): ServedCall | string {
  const last = Math.floor(asNumber(params["last"]) ?? 20);
  const filters = Object.entries(asObject(params["filters"])).flatMap(([name, values]) =>
    /^[a-z-]+$/.test(name) ? [values].flat().map((value) => filterWord(name, value)) : [],
  );
  const sql = asText(params["sql"]);
  return {
    argv: [
      ...["events", "--full", "--last", String(Math.min(mostEvents, last < 1 ? 20 : last))],
      ...filters,
      ...(sql === undefined ? [] : [`--sql=${sql}`]),
    ],
    timeoutMs: 10_000,
    result: (printed) => newestThatFit(printed),
  };
}

function filterWord(name: string, value: unknown): string {
  return value === "" || value === true ? `--${name}` : `--${name}=${String(value)}`;
}

const mostBytes = 70_000;

/** The oldest are left out. */
function newestThatFit(printed: string): Record<string, unknown> {
  const lines = printed.split("\n").filter((line) => line.startsWith("{"));
  const fitting: unknown[] = [];
  let size = 0;
  for (const line of lines.toReversed()) {
    size += line.length;
    if (size > mostBytes) break;
    fitting.push(parseJson(line));
  }
  const isCut = fitting.length < lines.length;
  return { events: fitting, count: fitting.length, ...(isCut ? { truncated: true } : {}) };
}
