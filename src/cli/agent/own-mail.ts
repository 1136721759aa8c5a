// What an agent without hooks gets behind its own commands: the mail that waits for it. Its command
// is its status, too: nothing else shows what it does.
import { whoAmI } from "../../bus/agents/identity.ts";
import { setStatus } from "../../bus/agents/set-status.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { collect } from "../../bus/mail/collect.ts";
import { newestHookEvent } from "../../bus/mail/hook-mark.ts";
import { findMailbox } from "../../bus/mail/mailbox.ts";
import type { Instance } from "../../core/instance.ts";
import { Refusal } from "../../core/refusal.ts";
import { isInsideTool } from "../../tools/inside-tool.ts";
import type { Call } from "../command.ts";

/** As the original's. */
const rule = "─".repeat(40);

export async function afterCommand(call: Call, command: string, isOk: boolean): Promise<void> {
  try {
    using bus = openBus(call.system, { create: false, writer: command });
    const row = hookless(bus, call);
    if (row === undefined) return;
    // What a script reads stays what it is.
    const isRead = !call.json && !call.flags.has("quiet");
    if (isOk && isRead) await hand(bus, call, row);
    // Whoever only read works on nothing afterwards.
    if (row.tool !== "adhoc") return;
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
  if (row.tool === "adhoc") return row;
  // From a shell outside, the name of such an agent is a person's doing.
  const isItself = isInsideTool(call.system.env);
  return isItself && newestHookEvent(bus, row.name) === 0 ? row : undefined;
}

async function hand(bus: Bus, call: Call, row: Instance): Promise<void> {
  const offer = collect(bus, row.name, { via: "command", ...(await findMailbox(row)) });
  if (offer === undefined) return;
  // Beside the output, not in it: that may be cut off by a pipe, or be read as JSON.
  call.out.framedNote(`\n${rule}\n[hcom]\n${rule}\n${offer.text}`);
  if (await call.out.flush()) offer.commit();
}
