// More of what was said in a shared channel, on demand, from the device that made it.
import type { Bus } from "../bus/bus.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { sharedAt } from "../store/relay/channels.ts";
import { deviceByUuid } from "../store/relay/devices.ts";
import { callDevice } from "./call-device.ts";
import { type Brought, bringHistory } from "./channel-history.ts";
import { self } from "./device.ts";

const timeoutMs = 10_000;

/** Also says of whom. */
export async function fetchHistory(
  bus: Bus,
  place: { space: string; channel: number },
  wanted: number,
): Promise<Brought & { device: string }> {
  const row = sharedAt(bus.db, place);
  const owner = row === undefined ? undefined : deviceByUuid(bus.db, row.owner);
  if (row === undefined || owner === undefined) {
    const where = row === undefined ? "is of this machine alone" : "was made here";
    throw new Refusal({
      code: "nothing_to_fetch",
      exit: exitCode.error,
      message: `the channel ${where}: all that was said in it is here`,
    });
  }
  const device = owner.short;
  const ask = (action: string, params: object) =>
    callDevice(bus, { device, action, params: { ...params }, timeoutMs });
  const brought = await bringHistory(bus, self(bus), row, { ask, wanted });
  return { device, ...(brought ?? { count: 0, isAll: false }) };
}
