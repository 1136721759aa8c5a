// The fake agent's transcript, in the line shapes that Claude Code 2.1 writes, and beside it a
// plain record of every text that reached the model: one JSON line each, in order, with its
// origin.
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** One text that reached the model. */
export interface Heard {
  /** Epoch milliseconds. */
  at: number;
  /** `human`, `peer`, `task-notification`, `result`, or `hook:` with the event's name. */
  origin: string;
  text: string;
}

export type PromptOrigin = "human" | "peer" | "task-notification";

export interface Transcript {
  path: string;
  /** A prompt that starts a turn. */
  prompt(text: string, origin: PromptOrigin): void;
  /** A prompt that came while a turn was running. */
  queued(text: string, origin: PromptOrigin): void;
  /** The model's own words. */
  said(text: string): void;
  called(useId: string, input: Record<string, unknown>): void;
  result(useId: string, text: string, isError: boolean): void;
  /** Context that a hook gave. */
  context(hook: HookName, text: string): void;
  /** A hook at the end of the turn that keeps it going. */
  blocked(hook: HookName, text: string, command: string): void;
  /** A line that never reaches the model. */
  note(line: Record<string, unknown>): void;
}

export interface HookName {
  event: string;
  /** Behind a colon in `hookName`: the tool, or the source of the session. */
  subject?: string | undefined;
  useId?: string | undefined;
}

export interface TranscriptOptions {
  configDir: string;
  cwd: string;
  session: string;
  version: string;
  /** Where the plain record goes, if anywhere. */
  recordPath: string | undefined;
}

export function openTranscript(options: TranscriptOptions): Transcript {
  const { configDir, cwd, session, version } = options;
  const path = `${configDir}/projects/${cwd.replace(/[^A-Za-z0-9]/g, "-")}/${session}.jsonl`;
  mkdirSync(dirname(path), { recursive: true });
  let parent: string | null = null;
  const write = (line: Record<string, unknown>) => {
    const uuid = crypto.randomUUID();
    const base = { parentUuid: parent, isSidechain: false, uuid };
    const where = { cwd, sessionId: session, version, userType: "external", entrypoint: "cli" };
    const timestamp = new Date().toISOString();
    appendFileSync(path, `${JSON.stringify({ ...base, ...line, timestamp, ...where })}\n`);
    parent = uuid;
  };
  const hear = (origin: string, text: string) => {
    if (options.recordPath === undefined || text === "") return;
    const heard: Heard = { at: Date.now(), origin, text };
    appendFileSync(options.recordPath, `${JSON.stringify(heard)}\n`);
  };
  const attach = (attachment: Record<string, unknown>) => write({ type: "attachment", attachment });
  return {
    path,
    prompt(text, origin) {
      write(userLine(framed(text, origin), origin));
      hear(origin, text);
    },
    queued(text, origin) {
      const commandMode = origin === "task-notification" ? origin : "prompt";
      attach({ type: "queued_command", prompt: text, commandMode, origin: { kind: origin } });
      hear(origin, text);
    },
    said: (text) => write({ type: "assistant", message: assistant([{ type: "text", text }]) }),
    called(id, input) {
      write({
        type: "assistant",
        message: assistant([{ type: "tool_use", id, name: "Bash", input }]),
      });
    },
    result(useId, text, isError) {
      const content = [
        { tool_use_id: useId, type: "tool_result", content: text, is_error: isError },
      ];
      write({ type: "user", message: { role: "user", content } });
      hear("result", text);
    },
    context(hook, text) {
      attach({ type: "hook_additional_context", content: [text], ...nameOf(hook) });
      hear(`hook:${hook.event}`, text);
    },
    blocked(hook, text, command) {
      const blockingError = { blockingError: text, command };
      attach({ type: "hook_blocking_error", ...nameOf(hook), blockingError });
      hear(`hook:${hook.event}`, text);
    },
    note: write,
  };
}

function nameOf({ event, subject, useId }: HookName) {
  const hookName = subject === undefined ? event : `${event}:${subject}`;
  return { hookName, toolUseID: useId ?? event, hookEvent: event };
}

function userLine(content: string, kind: PromptOrigin): Record<string, unknown> {
  const message = { role: "user", content };
  if (kind === "human") {
    return { type: "user", message, origin: { kind }, promptSource: "typed", turnOrigin: "human" };
  }
  return {
    type: "user",
    message,
    ...(kind === "peer" ? { isMeta: true } : {}),
    origin: { kind, from: "unknown" },
    promptSource: "system",
    turnOrigin: kind.replace("-", "_"),
  };
}

function framed(text: string, origin: PromptOrigin): string {
  if (origin !== "peer") return text;
  return (
    `Another Claude session sent a message:\n${text}\n\n` +
    "This came from another Claude session — not typed by your user, but very likely working on " +
    "their behalf."
  );
}

function assistant(content: readonly Record<string, unknown>[]): Record<string, unknown> {
  return { type: "message", role: "assistant", model: "fake", content };
}
