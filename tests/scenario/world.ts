// A world for scenarios: the real verbs on a real log, a clock that only moves when told, and
// agents that are nothing but names, contexts and transcripts.

import { rmSync, writeFileSync } from "node:fs";
import { observe } from "../../src/bus/agents/observe.ts";
import { setStatus } from "../../src/bus/agents/set-status.ts";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { bindSession } from "../../src/bus/life/binding/bind.ts";
import { settle } from "../../src/bus/life/binding/settle.ts";
import { prepareInstance } from "../../src/bus/life/prepare-instance.ts";
import { queryLog } from "../../src/bus/log/events.ts";
import { collect } from "../../src/bus/mail/collect.ts";
import { lapseUnproven, proveInContext, reachedIds } from "../../src/bus/mail/prove.ts";
import { type Sent, send } from "../../src/bus/mail/send.ts";
import { traceMessage } from "../../src/bus/mail/trace.ts";
import type { Fact, SessionSource } from "../../src/core/fact.ts";
import type { Instance } from "../../src/core/instance.ts";
import { getInstance, updateInstance } from "../../src/store/instances.ts";
import { readTail } from "../../src/sys/file-tail.ts";
import type { System } from "../../src/sys/system.ts";
import { tools } from "../../src/tools/index.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { scratch } from "../kit/scratch.ts";

export interface World extends Disposable {
  bus: Bus;
  tool: Tool;
  /** Moves the clock. */
  pass(seconds: number): void;
  /** An agent with a session; returns its name. */
  join(options?: { tag?: string }): string;
  /** A launch whose program has not called yet. */
  launch(options?: { tag?: string }): { name: string; processId: string };
  /** What a process with these variables in its environment works on. */
  from(env: Readonly<Record<string, string>>): Bus;
  /** Another process on the same log, with a connection of its own. */
  other(): Bus;
  /** The instance that a hook of this session is for, after it was taken in. */
  hook(seen: Seen, processId?: string): string | undefined;
  row(name: string): Instance;
  /** What happened in the life of an agent, oldest first: `created`, `stopped killed`. */
  life(name: string): string[];
  say(from: string, words: string, options?: Partial<Parameters<typeof send>[1]>): Sent;
  /** A hook that has taken mail and goes on step by step, as a process with that pid. */
  begin(name: string, pid: number, how?: { limit?: number; isPrompt?: boolean }): Begun | undefined;
  /** One hook of the agent's turn: takes mail. `crash` decides where the process dies. */
  turn(name: string, how?: Crash | { isUnanswered: true }): string[];
  /** The model says something. */
  answers(name: string): void;
  /** The hook at the beginning of a turn: takes mail, and what waits for a turn. Returns its text. */
  prompt(name: string): string;
  /** What is in the agent's context, in order. */
  context(name: string): string[];
  prove(name: string): number;
  lapse(name: string): number[];
  states(id: number): Record<string, string>;
  idle(name: string): void;
}

type Crash = "before-output" | "before-commit";

export interface Begun {
  ids: number[];
  /** The text reaches the agent's context and transcript. */
  output(): void;
  commit(): void;
}

/** A fact, as far as scenarios differ in it. */
type Seen = { session: string; subagent?: { id: string; type: string } } & (
  | { kind: "session-start"; source: SessionSource }
  | { kind: "session-end"; reason: string }
  | { kind: "prompt" | "turn-end" | "subagent-start" | "subagent-end" }
  | { kind: "action-end"; output?: string }
);

export function factOf(seen: Seen): Fact {
  const base = { tool: "claude", hook: seen.kind, ...seen };
  switch (base.kind) {
    case "prompt":
      return { ...base, kind: "prompt", text: "go on", isNudge: false, isSynthetic: false };
    case "turn-end":
    case "subagent-end":
      return { ...base, kind: base.kind, isContinuation: false };
    case "action-end":
      return { ...base, action: "Bash", detail: "ls", output: base.output ?? "", isShell: true };
    default:
      return base as Fact;
  }
}

/** What a hook call does with its fact. */
export function takeInFact(bus: Bus, fact: Fact, processId?: string): Instance | undefined {
  const seen = observe(bus, fact, processId);
  return seen.kind === "settled" ? seen.row : settle(bus, fact, processId);
}

export async function makeWorld(): Promise<World> {
  const folder = scratch("hcom-world-");
  // Later than any process of this machine started: a claim of a living pid is believed.
  let now = 4_000_000_000_000;
  let serial = 0;
  const system: System = {
    now: () => now,
    monotonic: () => now,
    random: seeded(7),
    uuid: () => `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`,
    env: { HOME: folder, HCOM_DIR: `${folder}/.hcom` },
    home: folder,
    cwd: folder,
    pid: process.pid,
    log: () => {},
  };
  const bus = openBus(system, { writer: "scenario" });
  const others: Bus[] = [];
  const tool = await tools.claude();
  let answers = 0;
  const contexts = new Map<string, string[]>();
  const transcript = (name: string) => `${folder}/${name}.jsonl`;
  const write = (name: string, lines: readonly object[]) => {
    const written = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    writeFileSync(transcript(name), written, { flag: "a" });
  };
  const answer = (name: string) => {
    const message = { id: `msg_${++answers}`, role: "assistant", model: "m", content: [] };
    write(name, [{ type: "assistant", message }]);
  };
  const reach = (name: string, text: string, isAnswered = true) => {
    contexts.set(name, [...(contexts.get(name) ?? []), text]);
    const attachment = { type: "hook_additional_context", content: [text], hookEvent: "Stop" };
    write(name, [{ type: "attachment", attachment }]);
    if (isAnswered) answer(name);
  };
  const mailbox = (name: string) => ({
    limit: 10_000,
    reached: (ids: readonly number[]) =>
      reachedIds({ tool, name, ids }, readTail(transcript(name), 0)?.text ?? ""),
  });
  const launch = (options: { tag?: string } = {}) =>
    prepareInstance(bus, {
      tool: "claude",
      tag: options.tag ?? null,
      directory: folder,
      by: "user",
      isHeadless: false,
      launchArgs: [],
      isAnnounced: true,
    });
  const world: World = {
    bus,
    tool,
    pass: (seconds) => {
      now += seconds * 1000;
    },
    launch: (options) => {
      const { row, processId } = launch(options);
      return { name: row.name, processId };
    },
    from: (env) => ({ ...bus, system: { ...system, env: { ...system.env, ...env } } }),
    other: () => {
      const opened = openBus(system, { writer: "other" });
      others.push(opened);
      return opened;
    },
    hook: (seen, processId) => takeInFact(bus, factOf(seen), processId)?.name,
    row: (name) => {
      const row = getInstance(bus.db, name);
      if (row === undefined) throw new Error(`${name} has no row`);
      return row;
    },
    life: (name) =>
      queryLog(bus, { filters: { agent: [name], type: ["life"] }, last: 100 }).map((event) => {
        const { action, reason } = JSON.parse(event.data);
        return reason === undefined ? action : `${action} ${reason}`;
      }),
    join: (options = {}) => {
      const { row, processId } = launch(options);
      bindSession(bus, { session: `s-${row.name}`, processId });
      writeFileSync(transcript(row.name), "");
      updateInstance(bus.db, row.name, { transcript_path: transcript(row.name) });
      setStatus(bus, row.name, { status: "listening", context: "start" });
      return row.name;
    },
    say: (from, words, options = {}) => {
      const row = getInstance(bus.db, from);
      const sender =
        row === undefined
          ? ({ kind: "external", name: from } as const)
          : ({ kind: "instance", name: from, row } as const);
      return send(bus, { sender, targets: [], text: words, ...options });
    },
    answers: answer,
    turn: (name, how) => {
      const crash = typeof how === "string" ? how : undefined;
      const dying = crash === undefined ? bus : { ...bus, system: { ...system, pid: 4_000_000 } };
      const offer = collect(dying, name, { via: "hook:batch", ...mailbox(name) });
      if (offer === undefined || crash === "before-output") return [];
      reach(name, offer.text, how === undefined || crash !== undefined);
      if (crash === undefined) offer.commit();
      return offer.messages.map((message) => message.data.text);
    },
    prompt: (name) => {
      const options = { via: "hook:prompt", deferred: "take", ...mailbox(name) } as const;
      const offer = collect(bus, name, options);
      if (offer === undefined) return "";
      reach(name, offer.text);
      offer.commit();
      return offer.text;
    },
    begin: (name, pid, { limit = 10_000, isPrompt = false } = {}) => {
      const process = { ...bus, system: { ...system, pid } };
      const deferred = isPrompt ? ({ deferred: "take" } as const) : {};
      const via = isPrompt ? "hook:prompt" : "hook:batch";
      const offer = collect(process, name, { via, ...mailbox(name), limit, ...deferred });
      if (offer === undefined) return undefined;
      return {
        ids: offer.messages.map((message) => message.id),
        output: () => reach(name, offer.text),
        commit: () => offer.commit(),
      };
    },
    context: (name) => contexts.get(name) ?? [],
    prove: (name) => proveInContext(bus, name, tool, readTail),
    lapse: (name) => lapseUnproven(bus, name, 3),
    states: (id) =>
      Object.fromEntries(traceMessage(bus, id).deliveries.map((one) => [one.recipient, one.state])),
    idle: (name) => setStatus(bus, name, { status: "listening", context: "" }),
    [Symbol.dispose]: () => {
      for (const one of [bus, ...others]) one[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
