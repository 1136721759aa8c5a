// Reads a `.acomm` file of any envelope and layout. Nothing in a file names its layout, so every
// one is tried, strictly: the first that reads without a fault to the very last byte is the one.
import {
  channelIdOf,
  type Form,
  type PiledSnapshot,
  type Snapshot,
} from "../core/channels/snapshot.ts";
import { Damage } from "./bytes/damage.ts";
import { type Source, sourceOf } from "./bytes/source.ts";
import { generations, usualGenerations } from "./envelope.ts";
import type { PiledStore, Store } from "./store.ts";
import { countersOf, readPiled, readStore } from "./store.ts";
import type { Counts, Unwrapped } from "./unwrap.ts";
import { unwrap } from "./unwrap.ts";

type Read<S> =
  | { kind: "document"; snapshot: S; warnings: string[] }
  | { kind: "refused"; reason: string };

export type ReadDocument = Read<Snapshot>;

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
  const isLazy = options.isLazy === true;
  return documentOf(bytes, options, (source, generation) => wholeStore(source, generation, isLazy));
}

/** For who adds to it: the messages stay one piece, where nothing is odd about them. */
export function readPiledDocument(
  bytes: Uint8Array,
  options: Pick<ReadOptions, "maxBytes"> = {},
): Read<Snapshot | PiledSnapshot> {
  return documentOf<Store | PiledStore>(bytes, options, (source, generation) => {
    const piled = readPiled(source, generation);
    if (piled !== undefined) return piled;
    source.at = 0;
    return wholeStore(source, generation, true);
  });
}

function wholeStore(source: Source, generation: number, isLazy: boolean): Store {
  if (source.bytes.length > muchBytes) {
    readStore(source, generation, { isLazy, isTrial: true });
    source.at = 0;
  }
  return readStore(source, generation, { isLazy });
}

/** zlib wants a limit that it could allocate. */
function limitOf({ maxBytes = defaultMaxBytes }: ReadOptions): number {
  return Math.max(1, Math.min(maxBytes, 0xffff_ffff));
}

/** Reads to the last byte in a layout, or throws `Damage`. */
type Reader<S> = (source: Source, generation: number) => S;

function documentOf<S extends Store | PiledStore>(
  bytes: Uint8Array,
  options: ReadOptions,
  reader: Reader<S>,
): Read<S & { form: Form }> {
  try {
    const unwrapped = unwrap(bytes, limitOf(options));
    const { envelope, surplus } = unwrapped;
    const { store, generation } = probe(unwrapped, reader);
    const warnings = [...warningsOf(store)];
    if (surplus > 0) warnings.push(`${surplus} bytes after the end were left out`);
    const snapshot = { form: { envelope, generation }, ...store, next: countersOf(store) };
    return { kind: "document", snapshot, warnings };
  } catch (error) {
    if (error instanceof Damage) return { kind: "refused", reason: error.message };
    throw error;
  }
}

function probe<S extends Store | PiledStore>(
  { envelope, store: bytes, counts }: Unwrapped,
  reader: Reader<S>,
): { store: S; generation: number } {
  const usual = usualGenerations[envelope];
  const others = generations.filter((one) => !usual.includes(one));
  let furthest = { at: -1, reason: "" };
  for (const generation of [...usual, ...others]) {
    const source = sourceOf(bytes);
    try {
      const store = reader(source, generation);
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

function checkCounts(store: Store | PiledStore, counts: Counts | undefined): void {
  if (counts === undefined) return;
  const messages = "pile" in store ? store.pile.count : store.messages.length;
  if (counts.channels !== store.channels.length || counts.messages !== messages) {
    throw new Damage("the numbers of channels and messages are not those of the header");
  }
}

function* warningsOf(store: Store | PiledStore): Generator<string> {
  const { channels, next } = store;
  if ("messages" in store) yield* homeless(store);
  for (const { record, extension } of channels) {
    const type = extension?.["channel_type"];
    if (type !== undefined) yield `channel ${record.id} is of the type ${type}, taken for a group`;
  }
  const above = countersOf(store);
  for (const kind of ["channel", "message", "subscription"] as const) {
    if (above[kind] !== next[kind]) yield `the next ${kind} id is raised to ${above[kind]}`;
  }
}

/** A pile has none of these. */
function* homeless({ channels, messages }: Store): Generator<string> {
  const known = new Set(channels.map(({ record }) => record.id));
  const lost = messages.filter((kept) => !known.has(channelIdOf(kept)));
  const [first] = lost;
  if (first === undefined) return;
  const { id, channel_id } = first.record;
  yield `${lost.length} of the messages are in channels that are not there, first message ${id}` +
    ` in channel ${channel_id}`;
}
