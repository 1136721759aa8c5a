// What every door does behind a send: whoever got the message hears of it, here and on other
// machines.
import type { Bus } from "../bus/bus.ts";
import type { Sent } from "../bus/mail/send.ts";
import { poke } from "../bus/mail/waking/poke.ts";

export async function wakeReaders(bus: Bus, sent: Sent): Promise<void> {
  const names = sent.recipients.map((one) => one.base);
  await poke(bus, sent.scope === "broadcast" ? undefined : names);
  if (!names.some((name) => name.includes(":"))) return;
  (await import("./beside.ts")).nudgeWorker(bus);
}
