// Runs the hooks of `settings.json` and `--settings` as Claude Code 2.1 does: every handler of an event at once,
// each through `sh -c` with the payload on stdin. What a handler printed counts when it is
// complete JSON, however the handler ended, even by SIGKILL; half a JSON counts as nothing.
import { readFileSync } from "node:fs";
import { asList, asObject, asText, isObject, parseJson } from "../../../src/core/json.ts";

/** Where hooks are told. */
export interface HookSources {
  configDir: string;
  /** The file of `--settings`. */
  settings: string | undefined;
}

export interface HookRun {
  event: string;
  /** Tool name or source that the matcher is held against. */
  subject?: string | undefined;
  payload: object;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** A process of a hook was started; for tests that kill them. */
  onSpawn?: ((pid: number) => void) | undefined;
}

export interface HookResult {
  command: string;
  exitCode: number;
  stdout: string;
  stderr: string;
  durationMs: number;
  /** Wakes the session with exit 2 and stderr; nothing else of it counts. */
  isAsyncRewake: boolean;
  said: HookAnswer;
}

/** What a handler told Claude. */
export interface HookAnswer {
  context?: string;
  /** `decision: "block"`, or exit 2 with words on stderr. */
  block?: string;
  isPromptSuppressed?: boolean;
  /** `continue: false` ends the turn. */
  stop?: string;
  updatedInput?: Record<string, unknown>;
  watchPaths?: string[];
  permission?: "allow" | "deny";
  notice?: string;
}

/** Claude's own limits; the handler's `timeout` counts before them. */
const promptTimeoutSeconds = 30;
const timeoutSeconds = 600;

export async function runHooks(sources: HookSources, run: HookRun): Promise<HookResult[]> {
  const files = [`${sources.configDir}/settings.json`, sources.settings];
  const all = files.flatMap((file) => (file === undefined ? [] : handlersOf(file, run)));
  // The same command in two files runs once (2.1.332).
  const handlers = [...new Map(all.map((handler) => [handler.command, handler])).values()];
  return Promise.all(handlers.map((handler) => runHandler(handler, run)));
}

interface Handler {
  command: string;
  timeoutMs: number;
  isAsyncRewake: boolean;
}

function handlersOf(file: string, run: HookRun): Handler[] {
  const hooks = asObject(asObject(readSettings(file))["hooks"]);
  return asList(hooks[run.event]).flatMap((group) => {
    if (!isMatch(asText(asObject(group)["matcher"]), run.subject)) return [];
    return asList(asObject(group)["hooks"]).flatMap((one) => handlerOf(asObject(one), run.event));
  });
}

function handlerOf(fields: Record<string, unknown>, event: string): Handler[] {
  const command = asText(fields["command"]);
  if (command === undefined) return [];
  const standard = event === "UserPromptSubmit" ? promptTimeoutSeconds : timeoutSeconds;
  const seconds = typeof fields["timeout"] === "number" ? fields["timeout"] : standard;
  return [{ command, timeoutMs: seconds * 1000, isAsyncRewake: fields["asyncRewake"] === true }];
}

function readSettings(file: string): unknown {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function isMatch(matcher: string | undefined, subject: string | undefined): boolean {
  if (matcher === undefined || matcher === "" || matcher === "*") return true;
  return subject !== undefined && new RegExp(`^(?:${matcher})$`).test(subject);
}

async function runHandler(handler: Handler, run: HookRun): Promise<HookResult> {
  const startedAt = performance.now();
  const child = Bun.spawn(["sh", "-c", handler.command], {
    env: { ...run.env },
    cwd: run.cwd,
    stdin: new Blob([JSON.stringify(run.payload)]),
    stdout: "pipe",
    stderr: "pipe",
    timeout: handler.timeoutMs,
  });
  run.onSpawn?.(child.pid);
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return {
    command: handler.command,
    exitCode,
    stdout,
    stderr,
    durationMs: Math.round(performance.now() - startedAt),
    isAsyncRewake: handler.isAsyncRewake,
    said: handler.isAsyncRewake ? {} : answerOf(run.event, exitCode, stdout, stderr),
  };
}

/** Plain stdout is context for these two; elsewhere nobody reads it. */
const plainEvents = new Set(["SessionStart", "UserPromptSubmit"]);

function answerOf(event: string, exitCode: number, stdout: string, stderr: string): HookAnswer {
  // With exit 2 the JSON is not looked at.
  if (exitCode === 2) return { block: stderr.trim() };
  const value = parseJson(stdout);
  if (!isObject(value)) {
    const plain = stdout.trim();
    const isContext = plainEvents.has(event) && exitCode === 0 && !plain.startsWith("{");
    return isContext && plain !== "" ? { context: plain } : {};
  }
  const specific = asObject(value["hookSpecificOutput"]);
  // Output for another event is refused.
  if (specific["hookEventName"] !== undefined && specific["hookEventName"] !== event) return {};
  return {
    ...present("context", asText(specific["additionalContext"])),
    ...present("notice", asText(value["systemMessage"])),
    ...(value["decision"] === "block" ? { block: asText(value["reason"]) ?? "" } : {}),
    ...(value["continue"] === false ? { stop: asText(value["stopReason"]) ?? "" } : {}),
    ...(specific["suppressOriginalPrompt"] === true ? { isPromptSuppressed: true } : {}),
    ...(isObject(specific["updatedInput"]) ? { updatedInput: specific["updatedInput"] } : {}),
    ...present("permission", permissionOf(specific)),
    ...present("watchPaths", pathsOf(specific["watchPaths"])),
  };
}

function permissionOf(specific: Record<string, unknown>): "allow" | "deny" | undefined {
  const word = specific["permissionDecision"] ?? asObject(specific["decision"])["behavior"];
  return word === "allow" || word === "deny" ? word : undefined;
}

function pathsOf(value: unknown): string[] | undefined {
  return Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string")
    : undefined;
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  const fields: { [Key in Name]?: Value } = {};
  if (value !== undefined) fields[name] = value;
  return fields;
}
