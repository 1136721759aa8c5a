// What every abuse stands on: a place of its own, chance that a seed repeats, and a tally of what
// was tried and what went wrong.
import { readdirSync } from "node:fs";
import { asList, asObject, asText, parseJson } from "../../src/core/json.ts";
import { type Env, hcom, plainEnv, type Run, tempDir } from "../process/lab.ts";

export interface Tally {
  what: string;
  tried: number;
  lost: number;
  doubled: number;
  leaked: number;
  blocked: number;
  /** What exactly went wrong, a sentence each; the first ones of each kind. */
  faults: { kind: Harm; sentence: string }[];
}

export type Harm = "lost" | "doubled" | "leaked" | "blocked";

export interface Round {
  /** From 0 up to 1, the same for the same seed. */
  random: () => number;
  /** Whether there is time for one more. */
  goesOn: () => boolean;
}

export type Abuse = (round: Round) => Promise<Tally[]>;

/**
 * Hooks have 2 s and commands 5 s; the rest is for a loaded machine to start a process, so that an
 * alarm is a fact. What waits without end is ended after 30 s (`timed`).
 */
export const limits = { hookMs: 10_000, commandMs: 15_000 } as const;

export function newTally(what: string): Tally {
  return { what, tried: 0, lost: 0, doubled: 0, leaked: 0, blocked: 0, faults: [] };
}

export function harm(tally: Tally, kind: Harm, sentence: string): void {
  tally[kind]++;
  if (tally[kind] <= 5) tally.faults.push({ kind, sentence: sentence.slice(0, 1000) });
}

/** xorshift32: the same seed gives the same choices, as far as the machine allows. */
export function seeded(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: () => number, from: readonly [T, ...T[]]): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

export interface Timed extends Run {
  ms: number;
}

/** One run of ours with its time; a run that does not end is ended and counts its full time. */
export async function timed(
  env: Env,
  args: readonly string[],
  options: Parameters<typeof hcom>[2] = {},
): Promise<Timed> {
  const start = performance.now();
  const prefix = [...(options.prefix ?? []), "timeout", "--signal=KILL", "30"];
  const run = await hcom(env, args, { ...options, prefix });
  return { ...run, ms: performance.now() - start };
}

/**
 * What a hook may do whatever happens: end in time, with 0, saying JSON, text or nothing. The bell
 * wakes its session with 2 and our nudge on standard error, which is all that it may say.
 */
export function judgeHook(tally: Tally, about: string, run: Timed): void {
  tally.tried++;
  const isWake = run.code === 2 && /^<hcom>[^<]*<\/hcom>$/.test(run.err.trim());
  if (isWake && about.startsWith("bell") && run.ms <= limits.hookMs) return;
  if (run.ms > limits.hookMs) harm(tally, "blocked", `${about}: ${Math.round(run.ms)} ms`);
  if (run.code !== 0) harm(tally, "blocked", `${about}: exit ${run.code} ${run.err}`);
  else if (run.err !== "") harm(tally, "leaked", `${about}: on standard error: ${run.err}`);
}

/** What a command may do whatever happens: work or refuse in a sentence, in time. */
export function judgeCommand(tally: Tally, about: string, run: Timed): void {
  tally.tried++;
  if (run.ms > limits.commandMs) harm(tally, "blocked", `${about}: ${Math.round(run.ms)} ms`);
  const isCrash = run.code === 70 || run.code > 128 || /\n {4}at /.test(run.err);
  if (isCrash) harm(tally, "blocked", `${about}: exit ${run.code} ${run.err}`);
}

export interface Place extends Disposable {
  env: Env;
  path: string;
  /** Sends as a script; the message's id when it was confirmed. */
  send(text: string, to: string): Promise<{ id: number | null; run: Timed }>;
  texts(): Promise<string[]>;
  join(session: string): Promise<Agent>;
}

export interface Agent {
  name: string;
  env: Env;
  payload(fields?: object): string;
  hook(name: string, fields?: object): Promise<Timed>;
}

export function openPlace(): Place {
  const dir = tempDir();
  const env = plainEnv(dir.path);
  return {
    env,
    path: dir.path,
    async send(text, to) {
      const run = await timed(env, ["send", `@${to}`, "--from", "storm", "--json", "--", text]);
      const id = asObject(parseJson(run.out))["id"];
      return { id: run.code === 0 && typeof id === "number" ? id : null, run };
    },
    async texts() {
      const run = await timed(env, ["events", "--type", "message", "--last", "100000", "--json"]);
      const rows = run.out.trim().startsWith("[")
        ? asList(parseJson(run.out))
        : run.out.trim().split("\n").map(parseJson);
      return rows.map((row) => asText(asObject(asObject(row)["data"])["text"]) ?? "");
    },
    join: (session) => join(env, dir.path, session),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

async function join(env: Env, path: string, session: string): Promise<Agent> {
  const inside = { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session };
  const payload = (fields = {}) =>
    JSON.stringify({
      session_id: session,
      transcript_path: `${path}/${session}.jsonl`,
      cwd: path,
      hook_event_name: "PostToolBatch",
      prompt: "go on",
      tool_name: "Bash",
      tool_input: { command: "true" },
      tool_response: { stdout: "" },
      ...fields,
    });
  await Bun.write(`${path}/${session}.jsonl`, "");
  await hcom(env, ["hooks", "add", "claude"]);
  const started = await hcom(inside, ["start", "--json"]);
  const name = asText(asObject(parseJson(started.out))["name"]);
  if (name === undefined) throw new Error(`no start: ${started.out}${started.err}`);
  const hook = (event: string, fields?: object) =>
    timed(inside, [event], { stdin: payload(fields) });
  await hook("sessionstart");
  return { name, env: inside, payload, hook };
}

/** Signals one process; false when it had ended. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

export function entriesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}
