// What time does without anybody saying anything: devices that are not heard of, and traffic that
// nobody waits for any more.

import { awayAfter } from "../../core/relay/device.ts";
import {
  deviceByUuid,
  listDevices,
  markAgentsAway,
  putDevice,
  removeAgentsOf,
} from "../../store/relay/devices.ts";
import { dropOldReceipts } from "../../store/relay/receipts.ts";
import { dropOldTraffic } from "../../store/relay/requests.ts";
import { sayPresence } from "./receive.ts";
import type { Station } from "./station.ts";

const forgetAfter = 86_400;
const trafficLasts = 600;
const receiptsLast = 7 * 86_400;

export function age(station: Station): void {
  const { bus } = station;
  const now = bus.system.now() / 1000;
  bus.db.write(() => {
    for (const device of listDevices(bus.db)) {
      if (device.gone_at !== null || now - device.synced_at < awayAfter) continue;
      const isForgotten = now - device.synced_at > forgetAfter;
      // While we are cut off ourselves we cannot tell.
      if (station.session === undefined && !isForgotten) continue;
      const changed = isForgotten
        ? removeAgentsOf(bus.db, device.uuid)
        : markAgentsAway(bus.db, device.uuid, Math.floor(now));
      if (changed > 0 && !isForgotten) {
        const why = "is not heard of any more; mail for its agents waits";
        sayPresence(bus, "relay_device_leave", { ...device, why });
      }
      const row = deviceByUuid(bus.db, device.uuid);
      if (isForgotten && row !== undefined) putDevice(bus.db, { ...row, gone_at: now });
    }
    dropOldTraffic(bus.db, now - trafficLasts);
    dropOldReceipts(bus.db, now - receiptsLast);
  });
}
