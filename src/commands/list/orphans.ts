// Programs that run on without taking part, and what can be done with them.
import type { Bus } from "../../bus/bus.ts";
import type { Call } from "../../cli/command.ts";
import { style } from "../../cli/style.ts";
import { exitCode } from "../../core/refusal.ts";
import { findOrphans } from "../../delivery/orphans/orphans.ts";

export async function printOrphans({ out, json }: Call, bus: Bus): Promise<number> {
  const orphans = await findOrphans(bus);
  if (json) {
    out.json(
      orphans.map(({ name, tool, pid, directory, session }) => {
        return { name, tool, pid, directory, session_id: session ?? null };
      }),
    );
    return exitCode.ok;
  }
  for (const { name, tool, pid, directory } of orphans) {
    out.line(style.name(name), `  ${tool}  pid ${pid}  ${directory}`);
  }
  if (orphans.length === 0)
    out.line("No program of ours runs without taking part. Who is here: hcom list");
  else out.note("bring one back: hcom start --orphan NAME; end it: hcom kill NAME");
  return exitCode.ok;
}
