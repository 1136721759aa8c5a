// Brings what was said in a shared channel before this device was there, once, as soon as an agent
// here is in it: from the device that made it, or, while that is away, from another one.
import { awayAfter } from "../../core/relay/device.ts";
import { getKv, setKv } from "../../store/kv.ts";
import { listShared, ownMembers, type SharedRow } from "../../store/relay/channels.ts";
import { type DeviceRow, listDevices } from "../../store/relay/devices.ts";
import { type Ask, bringHistory, historyPage } from "../channel-history.ts";
import type { Station } from "./station.ts";

export interface ChannelCatchUp {
  /** Looks whether there is a channel whose history is not here yet. */
  look(): void;
}

const againMs = 60_000;

export function channelCatchUp(
  station: Station,
  askDevice: (device: DeviceRow) => Ask,
): ChannelCatchUp {
  const notBefore = new Map<string, number>();
  let isBusy = false;
  const fetchAll = async () => {
    for (const row of joined(station)) {
      const now = station.bus.system.monotonic();
      if ((notBefore.get(doneKey(row)) ?? 0) > now) continue;
      notBefore.set(doneKey(row), now + againMs);
      for (const device of whoKnows(station, row)) {
        const { bus, self } = station;
        const ask = askDevice(device);
        const brought = await bringHistory(bus, self, row, { ask, wanted: historyPage });
        if (brought === undefined) continue;
        setKv(bus.db, doneKey(row), device.short);
        break;
      }
    }
  };
  return {
    look() {
      if (isBusy || station.session === undefined) return;
      isBusy = true;
      void fetchAll()
        .catch((error) =>
          station.say("channel_history", error instanceof Error ? error.message : String(error)),
        )
        .finally(() => {
          isBusy = false;
        });
    },
  };
}

const doneKey = ({ space, channel }: SharedRow) => `relay_history:${space}:${channel}`;

function joined({ bus: { db } }: Station): SharedRow[] {
  return listShared(db).filter(
    (row) =>
      row.owner !== "" && getKv(db, doneKey(row)) === undefined && ownMembers(db, row).length > 0,
  );
}

/** Who made it first. */
function whoKnows({ bus }: Station, { owner }: SharedRow): DeviceRow[] {
  const now = bus.system.now() / 1000;
  const there = listDevices(bus.db).filter(
    (one) => one.gone_at === null && one.has_ledger === 1 && now - one.synced_at < awayAfter,
  );
  return there.toSorted((a, b) => Number(b.uuid === owner) - Number(a.uuid === owner)).slice(0, 3);
}
