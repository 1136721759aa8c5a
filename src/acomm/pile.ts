// The messages of a document as one piece of it. Each is checked as strictly as if it were decoded,
// and nothing is made of it: what must be known to add another one is known afterwards.
import type { Pile } from "../core/channels/snapshot.ts";
import type { Moment } from "../core/channels/timestamp.ts";
import type { Source } from "./bytes/source.ts";
import { readCount, readCounter } from "./bytes/source.ts";
import { skipFrom } from "./lazy-message.ts";
import { messageCodec } from "./records.ts";

/**
 * Undefined where something is odd about them, which need not be wrong: ids that do not ascend,
 * a channel that is not there. Whoever reads them finds out what.
 */
export function pileOf(
  source: Source,
  how: { generation: number; channels: ReadonlySet<number> },
  read: Pile["read"],
): Pile | undefined {
  const codec = messageCodec(how.generation);
  const count = readCount(source, 8 + codec.smallest);
  const start = source.at;
  let highestId = 0;
  let latest: Moment | undefined;
  let lastChannel = -1;
  for (let left = count; left > 0; left--) {
    const key = readCounter(source);
    const id = readCounter(source);
    const channel = readCounter(source);
    const moment = skipFrom(source, codec);
    if (id !== key || (id <= highestId && left < count) || id === Number.MAX_SAFE_INTEGER) {
      return undefined;
    }
    if (channel !== lastChannel && !how.channels.has(channel)) return undefined;
    highestId = id;
    lastChannel = channel;
    if (latest === undefined || isLater(moment, latest)) latest = moment;
  }
  return { whole: source.plain, start, end: source.at, count, highestId, latest, read };
}

function isLater(one: Moment, other: Moment): boolean {
  return one.ms > other.ms || (one.ms === other.ms && one.nanos > other.nanos);
}
