// Ending what has outlived its channel's time to live when somebody asks for it, in every channel
// that has one, also where it ends nothing by itself. Called inside a transaction.
import type { Expired, Expiring } from "../../../core/channels/comm-store.ts";
import { channelsIn } from "../../../store/channels/channels.ts";
import { countOlder, oldestAlive } from "../../../store/channels/messages.ts";
import { sweepChannel } from "../../../store/channels/sweep.ts";
import { type Live, spaceOf } from "./live.ts";

export function expire(live: Live, { isDryRun = false }: Expiring): Expired[] {
  const { db, system } = live.bus;
  const space = spaceOf(live);
  return channelsIn(db, space).flatMap(({ id, config }) => {
    if (config.ttl_seconds === 0) return [];
    const where = { space, channel: id, oldest: oldestAlive(config.ttl_seconds, system.now()) };
    const expired = isDryRun
      ? countOlder(db, where)
      : sweepChannel(db, where, Number.MAX_SAFE_INTEGER);
    return expired === 0 ? [] : [{ channel_id: id, expired }];
  });
}
