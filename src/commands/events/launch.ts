// hcom events launch: waits until it is known how the agents of one launch got on.

import { openBus } from "../../bus/bus.ts";
import { findBatch } from "../../bus/life/batch.ts";
import type { Call } from "../../cli/command.ts";
import { codeOf, sayOutcomes } from "../../cli/person/launch-outcomes.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { awaitBatch } from "../../launch/await-batch.ts";

const usualSeconds = 30;

export async function awaitLaunch(call: Call): Promise<number> {
  const [, prefix] = call.words;
  using bus = openBus(call.system, { writer: "events" });
  const batchId = findBatch(bus, prefix);
  if (batchId === undefined) throw noLaunch(prefix);
  const atMostMs = (call.flags.number("timeout") ?? usualSeconds) * 1000;
  const members = await awaitBatch(bus, batchId, { atMostMs });
  const count = (state: string) => members.filter((one) => one.state === state).length;
  const code = codeOf(members);
  if (!call.json) {
    call.out.line(`Batch ${batchId}: ${count("ready")} of ${members.length} ready`);
    sayOutcomes(call, bus, members);
    return code;
  }
  const counts = { ready: count("ready"), failed: count("failed"), blocked: count("blocked") };
  call.out.json({
    status: statusOf(code, counts),
    batch_id: batchId,
    expected: members.length,
    ...counts,
    instances: members.map(({ name }) => name),
    outcomes: members,
  });
  return code;
}

function statusOf(code: number, { blocked }: { blocked: number }): string {
  if (code === exitCode.ok) return "ready";
  if (code === exitCode.error) return "error";
  return blocked > 0 ? "blocked" : "timeout";
}

function noLaunch(prefix: string | undefined): Refusal {
  return new Refusal({
    code: "no_launches",
    exit: exitCode.notFound,
    message: prefix === undefined ? "nothing was launched here" : `no launch "${prefix}"`,
    hint: "a launch prints its batch id; all of them: hcom events --action batch_launched",
  });
}
