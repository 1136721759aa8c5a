// One conversation of the fake agent without its terminal: fires the hooks of its settings with the
// payloads of Claude Code 2.1, and takes what they answer into the transcript as Claude does. A
// test may drive it alone, where only hooks and context matter.
import { type HookAnswer, type HookResult, runHooks } from "./hooks.ts";
import { type HookName, openTranscript, type Transcript } from "./transcript.ts";

export interface SessionOptions {
  configDir: string;
  /** The file of `--settings`. */
  settings?: string | undefined;
  cwd: string;
  version: string;
  /** Everything that hooks and commands inherit. */
  env: Readonly<Record<string, string | undefined>>;
  recordPath?: string | undefined;
  /** The session to resume; a new one without. */
  id?: string | undefined;
  /** A process of a hook was started; for tests that kill them. */
  onSpawn?: (pid: number, event: string) => void;
}

export interface Session {
  id: string;
  transcript: Transcript;
  /** What hooks and commands of this session get. */
  env: Record<string, string | undefined>;
  cwd: string;
  fire(event: string, fields?: object, about?: Omit<HookName, "event">): Promise<Fired>;
}

/** What all hooks of one event said together. */
export interface Fired {
  answer: HookAnswer;
  /** Words of background hooks that wake the session. */
  wakes: string[];
  /** Writes the contexts into the transcript; returns the texts that reached the model. */
  absorb(): string[];
}

export function openSession(options: SessionOptions): Session {
  const { configDir, settings, cwd, version, recordPath } = options;
  const id = options.id ?? crypto.randomUUID();
  const transcript = openTranscript({ configDir, cwd, session: id, version, recordPath });
  const env = environmentOf(options, id);
  return {
    id,
    transcript,
    env,
    cwd,
    async fire(event, fields = {}, about = {}) {
      const base = { session_id: id, transcript_path: transcript.path, cwd };
      const results = await runHooks(
        { configDir, settings },
        {
          event,
          subject: about.subject,
          payload: { ...base, hook_event_name: event, ...fields },
          env,
          cwd,
          onSpawn: (pid) => options.onSpawn?.(pid, event),
        },
      );
      return firedOf(transcript, { event, ...about }, results);
    },
  };
}

/** Claude Code 2.1.329 gives these to its hooks, shells and servers. */
function environmentOf(options: SessionOptions, id: string): Record<string, string | undefined> {
  return {
    ...options.env,
    CLAUDECODE: "1",
    CLAUDE_PID: String(process.pid),
    CLAUDE_CODE_SESSION_ID: id,
    CLAUDE_CODE_ENTRYPOINT: "cli",
    CLAUDE_CONFIG_DIR: options.configDir,
    CLAUDE_PROJECT_DIR: options.cwd,
    AI_AGENT: `claude-code_${options.version.replaceAll(".", "-")}_harness`,
  };
}

function firedOf(transcript: Transcript, hook: HookName, results: readonly HookResult[]): Fired {
  const answer: HookAnswer = {};
  for (const { said } of results) {
    Object.assign(answer, said);
  }
  return {
    answer,
    wakes: results.flatMap((one) => (one.isAsyncRewake && one.exitCode === 2 ? [one.stderr] : [])),
    absorb: () => results.flatMap((result) => absorbOne(transcript, hook, result)),
  };
}

function absorbOne(transcript: Transcript, hook: HookName, result: HookResult): string[] {
  const { said, command, exitCode, stdout, stderr, durationMs } = result;
  if (result.isAsyncRewake) return [];
  const base = { hookEvent: hook.event, command, exitCode, stdout, durationMs };
  if (exitCode !== 0 && exitCode !== 2 && Object.keys(said).length === 0) {
    const reason = `Failed with non-blocking status code: ${stderr.trim() || exitCode}`;
    const attachment = { type: "hook_non_blocking_error", ...base, stderr: reason };
    transcript.note({ type: "attachment", attachment });
    return [];
  }
  if (hook.event !== "UserPromptSubmit") {
    const attachment = { type: "hook_success", ...base, stderr };
    transcript.note({ type: "attachment", attachment });
  }
  const texts: string[] = [];
  if (said.context !== undefined) {
    texts.push(inlined(said.context));
    transcript.context(hook, inlined(said.context));
  }
  if (said.block !== undefined && hook.event === "Stop") {
    texts.push(said.block);
    transcript.blocked(hook, said.block, command);
  }
  return texts;
}

const inlineLimit = 10_000;

/** Claude Code 2.1: longer context goes to a file, and only a preview reaches the model. */
function inlined(text: string): string {
  if (text.length <= inlineLimit) return text;
  return `<persisted-output> Output too large. Preview:\n${text.slice(0, 2000)}</persisted-output>`;
}
