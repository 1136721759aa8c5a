// What an agent without hooks gets behind its own commands: the mail that waits for it. Its command
// is its status, too: nothing else shows what it does. Every command of every agent comes this way,
// and almost all find nothing: what hands mail over is apart (`hand-own-mail.ts`).
import { whoAmI } from "../../bus/agents/identity.ts";
import { setStatus } from "../../bus/agents/set-status.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { newestHookEvent } from "../../bus/mail/hook-mark.ts";
import { hasMail } from "../../bus/mail/nothing-waits.ts";
import type { Instance } from "../../core/instance.ts";
import { isAdHoc } from "../../core/names/ad-hoc.ts";
import { Refusal } from "../../core/refusal.ts";
import { isInsideTool } from "../../tools/inside-tool.ts";
import type { Call } from "../command.ts";

export interface Done {
  command: string;
  isOk: boolean;
  /** What it had open, if anything. */
  kept: Bus | undefined;
}

export async function afterCommand(call: Call, { command, isOk, kept }: Done): Promise<void> {
  try {
    using bus = kept ?? openBus(call.system, { create: false, writer: command });
    bus.db.renewPatience();
    const row = hookless(bus, call);
    if (row === undefined) return;
    // What a script reads stays what it is.
    const isRead = !call.json && !call.flags.has("quiet");
    if (isOk && isRead && hasMail(bus, row, {})) {
      const { handOwnMail } = await import("./hand-own-mail.ts");
      await handOwnMail(bus, call, row);
    }
    // Whoever only read works on nothing afterwards.
    if (!isAdHoc(row)) return;
    setStatus(bus, row.name, { status: "inactive", context: `tool:${command}` });
  } catch (error) {
    // The command is done; what waits comes with the next one.
    if (!(error instanceof Refusal)) throw error;
  }
}

/** Where hooks run, one of them delivers as soon as this command is over. */
function hookless(bus: Bus, call: Call): Instance | undefined {
  const caller = whoAmI(bus, { name: call.name });
  if (caller.kind !== "instance" || caller.row.parent_name !== null) return undefined;
  const { row } = caller;
  if (isAdHoc(row)) return row;
  // From a shell outside, the name of such an agent is a person's doing.
  const isItself = isInsideTool(call.system.env);
  return isItself && newestHookEvent(bus, row.name) === 0 ? row : undefined;
}
