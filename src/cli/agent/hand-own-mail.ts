// Hands an agent without hooks its mail, behind the output of a command of its own.
import type { Bus } from "../../bus/bus.ts";
import { collect } from "../../bus/mail/collect.ts";
import { findMailbox } from "../../bus/mail/mailbox.ts";
import type { Instance } from "../../core/instance.ts";
import type { Call } from "../command.ts";

/** As the original's. */
const rule = "─".repeat(40);

export async function handOwnMail(bus: Bus, call: Call, row: Instance): Promise<void> {
  const offer = collect(bus, row.name, { via: "command", ...(await findMailbox(row)) });
  if (offer === undefined) return;
  // Beside the output, not in it: that may be cut off by a pipe, or be read as JSON.
  call.out.framedNote(`\n${rule}\n[hcom]\n${rule}\n${offer.text}`);
  if (await call.out.flush()) offer.commit();
}
