// A message's metadata: a map of texts that our records hold as an object. An object puts keys that
// look like numbers first, so where that differs from the file the file's order is kept beside it.
import type { Json } from "../core/json.ts";
import { Damage } from "./bytes/damage.ts";
import type { Sink } from "./bytes/sink.ts";
import { writeText, writeU64 } from "./bytes/sink.ts";
import type { Source } from "./bytes/source.ts";
import { readCount, readText } from "./bytes/source.ts";

export interface Metadata {
  metadata: Record<string, string>;
  /** The keys in the file's order, where the object has another one. */
  order?: string[];
}

export function readMetadata(source: Source): Metadata {
  const metadata: Record<string, string> = {};
  const count = readCount(source, 16);
  if (count === 0) return { metadata };
  const order: string[] = [];
  for (let left = count; left > 0; left--) {
    const key = readText(source);
    if (Object.hasOwn(metadata, key)) throw new Damage("a message's metadata has a key twice");
    put(metadata, key, readText(source));
    order.push(key);
  }
  const isInOrder = Object.keys(metadata).every((key, at) => key === order[at]);
  return isInOrder ? { metadata } : { metadata, order };
}

/** As strict as reading it; most have none. */
export function skipMetadata(source: Source): void {
  const start = source.at;
  if (readCount(source, 16) === 0) return;
  source.at = start;
  readMetadata(source);
}

/** Assigning to `__proto__` would set what it stands for and not a key of that name. */
function put(metadata: Record<string, string>, key: string, value: string): void {
  if (key !== "__proto__") metadata[key] = value;
  else {
    const own = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(metadata, key, own);
  }
}

export function writeMetadata(
  sink: Sink,
  metadata: Record<string, string>,
  order: Json | undefined,
): void {
  const keys = Object.keys(metadata);
  const wanted = Array.isArray(order) && hasSame(keys, order) ? order : keys;
  writeU64(sink, keys.length);
  for (const key of wanted) {
    if (typeof key !== "string") continue;
    writeText(sink, key);
    writeText(sink, metadata[key] ?? "");
  }
}

function hasSame(keys: readonly string[], order: readonly Json[]): boolean {
  const all = new Set<Json>(order);
  return all.size === keys.length && order.length === all.size && keys.every((key) => all.has(key));
}
