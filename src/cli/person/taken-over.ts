// Said once, by the command that found a directory of another hcom and took it over: where the copy
// is, and who of that program still runs on it.
import { earlierAgents } from "../../bus/agents/earlier.ts";
import { openBus } from "../../bus/bus.ts";
import { asText } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import { linkTarget } from "../../sys/files.ts";
import type { LogRecord } from "../../sys/log.ts";
import { type Holder, holdersOf } from "../../sys/reading/open-files.ts";
import type { System } from "../../sys/system.ts";
import type { Out } from "../command.ts";
import { style } from "../style.ts";

export function sayTakenOver(system: System, out: Out, record: LogRecord): void {
  const { path, archive, from } = record;
  out.note(
    style.warn("This directory was another hcom's"),
    ` (schema ${String(from)}) and is taken over. As it was: ${asText(archive) ?? "archive/"}`,
  );
  const { agents, holders } = whoRuns(system, asText(path) ?? "");
  for (const { name, pid } of agents) out.note(`  still runs there: ${name} (pid ${pid})`);
  for (const { pid, command } of holders) out.note(`  has it open: ${command} (pid ${pid})`);
  if (agents.length + holders.length === 0) return;
  out.note("  End them: what they write may not be seen. An agent goes on with: hcom resume NAME");
}

function whoRuns(
  system: System,
  path: string,
): { agents: { name: string; pid: number }[]; holders: Holder[] } {
  try {
    using bus = openBus(system, { create: false, writer: "import" });
    const agents = earlierAgents(bus);
    const known = new Set(agents.map(({ pid }) => pid));
    const holders = holdersOf([linkTarget(path)]).filter(({ pid }) => !known.has(pid));
    return { agents, holders };
  } catch (error) {
    if (error instanceof Refusal) return { agents: [], holders: [] };
    throw error;
  }
}
