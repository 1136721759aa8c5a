// One call of our program by a tool: payload in, fact, verbs, reply, answer out. Whatever goes
// wrong inside, the agent goes on as if we were not there: exit 0 and no output.

import { observe } from "../bus/agents/observe.ts";
import { processIdOf } from "../bus/agents/of-process.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { nothingWaits } from "../bus/mail/nothing-waits.ts";
import type { Fact } from "../core/fact.ts";
import { isObject } from "../core/json.ts";
import { hasMarker } from "../core/marker.ts";
import { type HookOutput, noOutput } from "../core/reply.ts";
import type { System } from "../sys/system.ts";
import { isMailHook, toolOfHook, tools } from "../tools/index.ts";
import type { Tool } from "../tools/tool.ts";
import { type Answer, noAnswer } from "./answer.ts";
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
  // The payload comes in while everything else is made ready, if it is wanted at all.
  const isWanted = !isMailHook(hook);
  const reading = isWanted ? readPayload(hook, system) : undefined;
  using bus = openBus(system, { create: false, writer: hook });
  if (!isWanted && nothingWaits(bus)) return 0;
  const tool = await tools[name]();
  const payload = await (reading ?? readPayload(hook, system));
  if (payload === undefined) return 0;
  const fact = tool.dialect.read(hook, payload, system.env);
  if (fact.kind === "nothing") {
    if (fact.problem !== undefined) logProblem(system, hook, fact.problem);
    return 0;
  }
  const given = await answerTo(bus, tool, fact);
  const output = tool.dialect.write(given.reply, fact);
  await say(output);
  given.commit();
  return output.exit;
}

async function answerTo(bus: Bus, tool: Tool, fact: Fact): Promise<Answer> {
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
  const { settle } = await import("../bus/agents/settle.ts");
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

async function readPayload(hook: string, system: System): Promise<unknown> {
  try {
    const payload: unknown = await Bun.stdin.json();
    if (isObject(payload)) return payload;
    logProblem(system, hook, "the payload is not a JSON object");
  } catch (error) {
    logProblem(system, hook, `the payload is not JSON: ${String(error)}`);
  }
  return undefined;
}

/** Resolves when everything has left this process. `console.log` and friends cut long texts. */
async function say(output: HookOutput): Promise<void> {
  if (output === noOutput) return;
  if (output.stdout !== "") await Bun.write(Bun.stdout, output.stdout);
  if (output.stderr !== "") await Bun.write(Bun.stderr, output.stderr);
}

function logProblem(system: System, hook: string, msg: string): void {
  system.log({ level: "warn", subsystem: "hooks", event: "bad_payload", hook, msg });
}

function logFailure(system: System, hook: string, error: unknown): void {
  const code = isObject(error) && typeof error["code"] === "string" ? error["code"] : "bug";
  // Nobody takes part before the first `start`: a missing database is the normal case.
  if (code === "no_database") return;
  system.log({
    level: "error",
    subsystem: "hooks",
    event: "hook_failed",
    hook,
    code,
    msg: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
