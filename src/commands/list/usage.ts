// hcom list NAME usage: what an agent's conversation took, here or gone.
import type { Bus } from "../../bus/bus.ts";
import { largeBytes } from "../../bus/transcripts/read-file.ts";
import { readUsage, type Used } from "../../bus/transcripts/usage.ts";
import type { Call } from "../../cli/command.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { usageText } from "../../core/transcript/usage.ts";

export async function printUsage(call: Call, bus: Bus, who: string): Promise<number> {
  const used = await readUsage(bus, { agent: who, name: call.name });
  if (call.json) call.out.json({ usage: used });
  else {
    const answers = `${used.requests} answer${used.requests === 1 ? "" : "s"}`;
    const models = used.models.length === 0 ? "" : ` of ${used.models.join(", ")}`;
    call.out.line(`${usageText(used)}; ${answers}${models}`);
  }
  return exitCode.ok;
}

/** Null where nothing is known of it, or only a look through a large file would tell. */
export async function usageOf(call: Call, bus: Bus, who: string): Promise<Used | null> {
  try {
    return await readUsage(bus, { agent: who, name: call.name }, largeBytes);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
