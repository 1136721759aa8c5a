// hcom transcript timeline: what all agents were asked lately.
import { openBus } from "../../bus/bus.ts";
import { type Moment, readTimeline } from "../../bus/transcripts/timeline.ts";
import type { Call, Command } from "../../cli/command.ts";
import { startOne } from "../../cli/next-step.ts";
import { usageError } from "../../cli/parse.ts";
import { style } from "../../cli/style.ts";
import { clock } from "../../cli/when.ts";
import { exitCode } from "../../core/refusal.ts";
import { choiceOf, countOf } from "./choice.ts";

export async function runTimeline(call: Call, command: Command): Promise<number> {
  const [, ...more] = call.words;
  if (more.length > 0) {
    throw usageError(command, `the timeline is of all agents and has no ranges: ${more.join(" ")}`);
  }
  const last = countOf(call, command, { flag: "last", usual: 10 });
  const choice = choiceOf(call, command);
  using bus = openBus(call.system, { writer: "transcript" });
  const detail = call.flags.has("full") ? "full" : "normal";
  const moments = await readTimeline(bus, { ...choice, last, detail });
  if (call.json) call.out.json(moments);
  else if (moments.length === 0) call.out.line(`Nothing was said yet. ${startOne}`);
  else for (const moment of moments) print(call, moment);
  return exitCode.ok;
}

function print({ out, system }: Call, moment: Moment): void {
  const when = clock(Date.parse(moment.timestamp ?? ""), system.now());
  const asked = moment.user === "" ? "(nothing; the agent began by itself)" : moment.user;
  out.line(style.faint(`[${when}] `), style.name(moment.instance), `: ${asked}`);
  out.line(`  → ${moment.action}`);
  if (moment.files.length > 0) out.line(`  FILES: ${moment.files.join(", ")}`);
  out.line(style.faint(`  ${moment.command}`));
}
