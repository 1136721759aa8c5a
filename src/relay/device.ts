// Who this machine is in a group: its uuid, made once, and the short id that stands behind the
// names of its agents, the owner's own or one made of the uuid.
import type { Bus } from "../bus/bus.ts";
import { deviceShortId } from "../core/names/name.ts";
import { shortIdOf } from "../core/relay/device.ts";
import { isUuid } from "../core/relay/token.ts";
import { getKv, setKv } from "../store/kv.ts";
import { deviceByShort } from "../store/relay/devices.ts";
import { readText, writeAtomic } from "../sys/files.ts";

export interface Self {
  uuid: string;
  short: string;
}

const shortKey = "relay_short";

export function self(bus: Bus): Self {
  const uuid = deviceUuid(bus);
  const own = shortIdOf(readText(`${bus.paths.dir}/relay.device`) ?? "");
  if (own !== undefined) return { uuid, short: own };
  const known = getKv(bus.db, shortKey);
  const [of, short] = known?.split(" ") ?? [];
  if (of === uuid && short !== undefined) return { uuid, short };
  return { uuid, short: probe(bus, uuid, 0) };
}

/** Another device has our short id: the one with the larger uuid takes the next. */
export function giveWay(bus: Bus, { uuid, short }: Self): Self {
  if (shortIdOf(readText(`${bus.paths.dir}/relay.device`) ?? "") !== undefined)
    return { uuid, short };
  return { uuid, short: probe(bus, uuid, 1) };
}

function probe(bus: Bus, uuid: string, from: number): string {
  for (let attempt = from; attempt < 5625; attempt++) {
    const short = deviceShortId(uuid, attempt);
    const holder = deviceByShort(bus.db, short);
    if (holder !== undefined && holder.uuid !== uuid) continue;
    setKv(bus.db, shortKey, `${uuid} ${short}`);
    return short;
  }
  return uuid.slice(0, 8).toUpperCase();
}

function deviceUuid(bus: Bus): string {
  const path = bus.paths.deviceId;
  const found = readText(path)?.trim() ?? readText(`${bus.paths.tmp}/device_uuid`)?.trim();
  if (found !== undefined && isUuid(found)) return found;
  // Two that come at once agree on the one whose transaction was first.
  return bus.db.write(() => {
    const there = readText(path)?.trim();
    if (there !== undefined && isUuid(there)) return there;
    const made = bus.system.uuid();
    writeAtomic(path, `${made}\n`);
    return made;
  });
}
