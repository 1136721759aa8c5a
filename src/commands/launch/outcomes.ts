// How a launch turned out, for people and as JSON.
import { openBus } from "../../bus/bus.ts";
import type { Call } from "../../cli/command.ts";
import { codeOf, sayOutcomes } from "../../cli/person/launch-outcomes.ts";
import { exitCode } from "../../core/refusal.ts";
import { awaitBatch } from "../../launch/await-batch.ts";
import type { LaunchResult } from "../../launch/carry-out.ts";
import type { LaunchOrder } from "../../launch/grammar.ts";
import type { LaunchPlan } from "../../launch/plan.ts";

/** Who was started is said at once, and how it went as soon as that is known. */
export async function tell(
  call: Call,
  plan: LaunchPlan,
  order: LaunchOrder,
  result: LaunchResult,
): Promise<number> {
  if (!order.json) {
    call.out.line(headOf(plan, result));
    call.out.line(`Names: ${result.launched.join(" ")}`);
    call.out.line(`Batch id: ${result.batchId}`);
    const [pane = ""] = result.panes;
    // Nobody is in that server yet.
    if (pane.startsWith("%") && !call.system.env["TMUX"])
      call.out.line(`Look: tmux attach -t ${pane}`);
    for (const file of result.logFiles) call.out.line(`Log: ${file}`);
    for (const error of result.errors) call.out.note(`failed: ${error}`);
    await call.out.flush();
  }
  using bus = openBus(call.system, { writer: "launch" });
  const members = await awaitBatch(bus, result.batchId, { names: result.launched });
  if (order.json) call.out.json({ ...fields(plan, result), outcomes: members });
  else sayOutcomes(call, bus, members);
  return result.errors.length > 0 ? exitCode.error : codeOf(members);
}

/** On standard output nothing but the script: it is carried elsewhere. */
export function tellScript(
  call: Call,
  plan: LaunchPlan,
  result: LaunchResult,
  script: string,
): number {
  if (call.json) {
    call.out.json({ ...fields(plan, result), script });
    return exitCode.ok;
  }
  call.out.line(script.trimEnd());
  call.out.note(`${result.launched.join(" ")} starts where you run this, once, within 2 minutes`);
  return exitCode.ok;
}

const done = { resume: "Resumed", fork: "Forked" } as const;

function headOf({ tool, origin }: LaunchPlan, { launched }: LaunchResult): string {
  if (origin === undefined) return `Launched ${launched.length} ${tool.label}`;
  const of = origin.name === undefined ? `session ${origin.session}` : origin.name;
  return `${done[origin.as]} ${of} (${tool.label})`;
}

/** Counts as in the event `batch_launched`, names beside them. */
export function fields(plan: LaunchPlan, result: LaunchResult): object {
  return {
    tool: plan.tool.name,
    batch_id: result.batchId,
    launched: result.launched.length,
    failed: result.errors.length,
    background: plan.place.kind === "headless",
    instances: result.launched,
    log_files: result.logFiles,
    errors: result.errors,
  };
}
