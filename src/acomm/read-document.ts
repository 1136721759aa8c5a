// Reads a `.acomm` file of any envelope and layout. Nothing in a file names its layout, so every
// one is tried, strictly: the first that reads without a fault to the very last byte is the one.
import { channelIdOf, type Snapshot } from "../core/channels/snapshot.ts";
import { Damage } from "./bytes/damage.ts";
import { sourceOf } from "./bytes/source.ts";
import { generations, usualGenerations } from "./envelope.ts";
import type { Store } from "./store.ts";
import { countersOf, readStore } from "./store.ts";
import type { Counts, Unwrapped } from "./unwrap.ts";
import { unwrap } from "./unwrap.ts";

export type ReadDocument =
  | { kind: "document"; snapshot: Snapshot; warnings: string[] }
  | { kind: "refused"; reason: string };

export interface ReadOptions {
  /** The most that a file may decompress to. */
  maxBytes?: number | undefined;
  /**
   * Messages are checked now and decoded when somebody looks at them: a tenth of the memory, for
   * who looks at few of them.
   */
  isLazy?: boolean | undefined;
}

export const defaultMaxBytes = 1_073_741_824;

/** Never throws for what a file holds. The reason is one for `invalidFile` of `refusals.ts`. */
export function readDocument(bytes: Uint8Array, options: ReadOptions = {}): ReadDocument {
  try {
    return documentOf(unwrap(bytes, limitOf(options)), options.isLazy === true);
  } catch (error) {
    if (error instanceof Damage) return { kind: "refused", reason: error.message };
    throw error;
  }
}

/** zlib wants a limit that it could allocate. */
function limitOf({ maxBytes = defaultMaxBytes }: ReadOptions): number {
  return Math.max(1, Math.min(maxBytes, 0xffff_ffff));
}

function documentOf(unwrapped: Unwrapped, isLazy: boolean): ReadDocument {
  const { envelope, surplus } = unwrapped;
  const { store, generation } = probe(unwrapped, isLazy);
  const warnings = [...warningsOf(store)];
  if (surplus > 0) warnings.push(`${surplus} bytes after the end were left out`);
  const snapshot = { form: { envelope, generation }, ...store, next: countersOf(store) };
  return { kind: "document", snapshot, warnings };
}

function probe(
  { envelope, store: bytes, counts }: Unwrapped,
  isLazy: boolean,
): { store: Store; generation: number } {
  const usual = usualGenerations[envelope];
  const others = generations.filter((one) => !usual.includes(one));
  let furthest = { at: -1, reason: "" };
  for (const generation of [...usual, ...others]) {
    const source = sourceOf(bytes);
    try {
      if (bytes.length > muchBytes) {
        readStore(source, generation, { isLazy, isTrial: true });
        source.at = 0;
      }
      const store = readStore(source, generation, { isLazy });
      checkCounts(store, counts);
      return { store, generation };
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      if (source.at > furthest.at) furthest = { at: source.at, reason: error.message };
    }
  }
  // The layout that fitted longest is most likely the one that was meant.
  throw new Damage(`Bad store data: ${furthest.reason} (at byte ${furthest.at} of the store)`);
}

/** Of so many nothing is built before all of it was looked at. */
const muchBytes = 33_554_432;

function checkCounts({ channels, messages }: Store, counts: Counts | undefined): void {
  if (counts === undefined) return;
  if (counts.channels !== channels.length || counts.messages !== messages.length) {
    throw new Damage("the numbers of channels and messages are not those of the header");
  }
}

function* warningsOf(store: Store): Generator<string> {
  const { channels, messages, subscriptions, next } = store;
  const known = new Set(channels.map(({ record }) => record.id));
  const lost = messages.filter((kept) => !known.has(channelIdOf(kept)));
  const [first] = lost;
  if (first !== undefined) {
    const { id, channel_id } = first.record;
    yield `${lost.length} of the messages are in channels that are not there, first message ${id}` +
      ` in channel ${channel_id}`;
  }
  for (const { record, extension } of channels) {
    const type = extension?.["channel_type"];
    if (type !== undefined) yield `channel ${record.id} is of the type ${type}, taken for a group`;
  }
  const above = countersOf({ channels, messages, subscriptions, next });
  for (const kind of ["channel", "message", "subscription"] as const) {
    if (above[kind] !== next[kind]) yield `the next ${kind} id is raised to ${above[kind]}`;
  }
}
