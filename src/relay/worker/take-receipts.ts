// What another device says of our messages there goes into the ledger here.
import type { Bus } from "../../bus/bus.ts";
import { human } from "../../core/instance.ts";
import { asText } from "../../core/json.ts";
import { remotePrincipal } from "../../core/relay/import-plan.ts";
import type { DeviceState } from "../../core/relay/payload.ts";
import { renameWatches } from "../../store/agents/rename.ts";
import { deliveryOf } from "../../store/deliveries.ts";
import { getKv, setKv } from "../../store/kv.ts";
import { applyReceipt } from "../../store/relay/receipts.ts";

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
      const principal = principalOf(bus, receipt.id, remotePrincipal(from.device, receipt.name));
      applyReceipt(bus.db, { receipt, principal, recipient });
    }
    seen = Math.max(seen, receipt.seq);
  }
  return seen;
}

const renamedKey = (principal: string) => `relay_renamed:${principal}`;
const mostRenames = 20;

/** Under which name of then the ledger has the line of who is called so now. */
function principalOf(bus: Bus, messageId: number, principal: string): string {
  let found = principal;
  for (let times = 0; times < mostRenames; times++) {
    if (deliveryOf(bus.db, messageId, found) !== undefined) return found;
    const former = getKv(bus.db, renamedKey(found));
    if (former === undefined) return principal;
    found = former;
  }
  return principal;
}

/** An agent of that device has another name: what waits for it here knows it by that now. */
export function followRename(
  bus: Bus,
  device: string,
  data: Readonly<Record<string, unknown>>,
): void {
  const from = asText(data["from"]);
  const to = asText(data["to"]);
  if (data["action"] !== "renamed" || from === undefined || to === undefined) return;
  const principal = (name: string) => remotePrincipal(device, name.slice(0, name.lastIndexOf(":")));
  if (from === to) return;
  setKv(bus.db, renamedKey(principal(to)), principal(from));
  renameWatches(bus.db, { from, to });
}
