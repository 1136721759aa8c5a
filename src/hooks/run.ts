// One call of our program by a tool: payload in, fact, verbs, reply, answer out. Whatever goes
// wrong inside, the agent goes on as if we were not there: exit 0 and no output. It is never kept
// waiting either: what is not ready in the hook's time comes with a later hook.

import { observe } from "../bus/agents/observe.ts";
import { processIdOf } from "../bus/agents/of-process.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { keepQuiet } from "../bus/gate.ts";
import { nothingWaits } from "../bus/mail/nothing-waits.ts";
import type { Fact } from "../core/fact.ts";
import { isObject } from "../core/json.ts";
import { hasMarker } from "../core/marker.ts";
import { type HookOutput, noOutput } from "../core/reply.ts";
import { hasKeyIn } from "../store/kv.ts";
import { isHeard } from "../sys/heard.ts";
import type { System } from "../sys/system.ts";
import { isMailHook, patienceOfHook, sessionInEnv, toolOfHook, tools } from "../tools/index.ts";
import type { Tool } from "../tools/tool.ts";
import { type Answer, noAnswer } from "./answer.ts";
import { type Payload, readPayload } from "./payload.ts";
import { answerRoot } from "./root.ts";

export async function runHook(hook: string, system: System): Promise<number> {
  try {
    return await run(hook, system);
  } catch (error) {
    logFailure(system, hook, error);
    return 0;
  }
}

async function run(hook: string, system: System): Promise<number> {
  const name = toolOfHook(hook);
  if (name === undefined) return 0;
  const patienceMs = patienceOfHook(hook);
  // The payload comes in while everything else is made ready, if it is wanted at all.
  const isWanted = !isMailHook(hook);
  const reading = isWanted ? readPayload(patienceMs) : undefined;
  using bus = openBus(system, { create: false, writer: hook, busyTimeoutMs: patienceMs });
  if (!isWanted && nothingWaits(bus) && goesQuiet(bus)) return 0;
  const tool = await tools[name]();
  const payload = payloadOf(await (reading ?? readPayload(patienceMs)), system, hook);
  if (payload === undefined) return 0;
  const fact = tool.dialect.read(hook, payload, system.env);
  if (fact.kind === "nothing") {
    if (fact.problem !== undefined) logProblem(system, hook, fact.problem);
    return 0;
  }
  const given = await answerTo(bus, tool, fact);
  const output = tool.dialect.write(given.reply, fact);
  // What nobody hears is not handed over: it comes again.
  if (await say(output, patienceMs)) given.commit();
  await tellAlone(bus);
  return output.exit;
}

/** The hooks that follow end in the shell, until somebody writes what may be for this agent. */
function goesQuiet(bus: Bus): boolean {
  const session = sessionInEnv(bus.system.env);
  return session === undefined || keepQuiet(bus, session, () => nothingWaits(bus));
}

/** A launched agent has a wrapper, which tells of events as they come. */
async function tellAlone(bus: Bus): Promise<void> {
  if (processIdOf(bus.system.env) !== undefined) return;
  if (!hasKeyIn(bus.db, "events_sub:", "events_sub;")) return;
  const { catchUpFromHook } = await import("../bus/mail/waking/catch-up-alone.ts");
  await catchUpFromHook(bus);
}

async function answerTo(bus: Bus, tool: Tool, fact: Fact): Promise<Answer> {
  if (fact.kind === "approval-open" && tool.dialect.answersApprovals === true) {
    const { isSafeToRun } = await import("./safe-to-run.ts");
    if (isSafeToRun(bus, tool, fact)) return { reply: { kind: "allow" }, commit: () => {} };
  }
  const processId = processIdOf(bus.system.env);
  if (fact.subagent !== undefined) {
    const { answerSubagent } = await import("./subagent.ts");
    return answerSubagent(bus, tool, fact);
  }
  const seen = observe(bus, fact, processId);
  const known = seen.kind === "settled" ? seen.row : await settled(bus, fact, processId);
  const row = known ?? (await bindByMarker(bus, fact));
  return row === undefined ? unknownSession(fact) : answerRoot(bus, tool, fact, row);
}

async function settled(bus: Bus, fact: Fact, processId: string | undefined) {
  const { settle } = await import("../bus/life/binding/settle.ts");
  return settle(bus, fact, processId);
}

// A session of an older vendor version does not tell its id to the commands it runs: the marker
// that `start` printed stands in the output of one of them.
async function bindByMarker(bus: Bus, fact: Fact) {
  if (fact.kind !== "action-end" || !fact.isShell || !hasMarker(fact.output)) return;
  const { bindMarked } = await import("../bus/agents/bind-marked.ts");
  return bindMarked(bus, fact);
}

// Our nudge in a session that is nobody's: no turn may come of it.
function unknownSession(fact: Fact): Answer {
  if (fact.kind !== "prompt" || !fact.isNudge) return noAnswer;
  const reason = "hcom cannot tell which agent this session is. Run: hcom start --as NAME";
  return { reply: { kind: "drop-prompt", reason }, commit: () => {} };
}

function payloadOf(read: Payload, system: System, hook: string): unknown {
  if (read.kind === "object") return read.value;
  const isLate = read.kind === "late";
  logProblem(system, hook, isLate ? "the payload did not come in time" : read.problem);
  return undefined;
}

/**
 * Resolves when everything has left this process, with whether somebody can have heard it.
 * `console.log` and friends cut long texts.
 */
async function say(output: HookOutput, withinMs: number): Promise<boolean> {
  if (output === noOutput) return true;
  const isSaid = output.stdout === "" || (await write(1, Bun.stdout, output.stdout, withinMs));
  return isSaid && (output.stderr === "" || write(2, Bun.stderr, output.stderr, withinMs));
}

/** Not `Bun.write`: where nobody reads it stands still, and no timer of ours runs. */
async function write(
  descriptor: 1 | 2,
  to: Bun.BunFile,
  text: string,
  withinMs: number,
): Promise<boolean> {
  if (!isHeard(descriptor)) return false;
  try {
    const sink = to.writer();
    sink.write(text);
    const leaves = Promise.resolve(sink.flush()).then(() => true);
    return await Promise.race([leaves, Bun.sleep(withinMs).then(() => false)]);
  } catch {
    return false;
  }
}

function logProblem(system: System, hook: string, msg: string): void {
  system.log({ level: "warn", subsystem: "hooks", event: "bad_payload", hook, msg });
}

function logFailure(system: System, hook: string, error: unknown): void {
  const code = isObject(error) && typeof error["code"] === "string" ? error["code"] : "bug";
  // Nobody takes part before the first `start`: a missing database is the normal case.
  if (code === "no_database") return;
  const isBusy = code === "database_busy";
  system.log({
    level: isBusy ? "warn" : "error",
    subsystem: "hooks",
    event: isBusy ? "hook_gave_up" : "hook_failed",
    hook,
    code,
    ...(isBusy ? { atMostEveryMs: 60_000 } : {}),
    msg: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
