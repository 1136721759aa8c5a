// What another device says of our messages there goes into the ledger here.
import type { Bus } from "../../bus/bus.ts";
import { human } from "../../core/instance.ts";
import type { DeviceState } from "../../core/relay/payload.ts";
import { applyReceipt } from "../../store/relay/receipts.ts";
import { remotePrincipal } from "./mirror.ts";

/** Number of the last one that is here now. */
export function takeReceipts(
  bus: Bus,
  from: { device: string; short: string; seen: number; state: DeviceState; self: string },
): number {
  const receipts = from.state.ledger?.receipts[from.self] ?? [];
  let seen = from.seen;
  for (const receipt of [...receipts].sort((a, b) => a.seq - b.seq)) {
    if (receipt.seq <= from.seen) continue;
    const recipient = `${receipt.name}:${from.short}`;
    // The person is one on all devices, and reads on one of them.
    if (receipt.name !== human) {
      const principal = remotePrincipal(from.device, receipt.name);
      applyReceipt(bus.db, { receipt, principal, recipient });
    }
    seen = Math.max(seen, receipt.seq);
  }
  return seen;
}
