// Turns a shape of one generation into a pair of functions that read and write it. Values are plain
// JSON: maps are lists of [key, value] in the file's order, because objects would reorder keys;
// variants are their name, or { name: payload }; integers above 2^53-1 and floats that JSON cannot
// say are texts.
import type { Json } from "../../core/json.ts";
import { Damage } from "../bytes/damage.ts";
import { writeFlag, writeU32, writeU64 } from "../bytes/sink.ts";
import { readCount, readFlag, readIndex } from "../bytes/source.ts";
import type { Codec } from "./scalars.ts";
import { scalars } from "./scalars.ts";
import type { Field, Shape, Variant } from "./shape.ts";
import { fillOf } from "./shape.ts";

export function codecOf(shape: Shape, generation: number): Codec {
  switch (shape.kind) {
    case "optional":
      return optionalCodec(codecOf(shape.of, generation));
    case "list":
      return listCodec(codecOf(shape.of, generation));
    case "map":
      return mapCodec(shape.key, codecOf(shape.of, generation));
    case "struct":
      return structCodec(shape.fields, generation);
    case "variant":
      return variantCodec(shape.variants, generation);
    default:
      return scalars[shape.kind];
  }
}

function optionalCodec(of: Codec): Codec {
  return {
    smallest: 1,
    read: (source) => (readFlag(source) ? of.read(source) : null),
    write(sink, value) {
      const isGiven = value !== undefined && value !== null;
      writeFlag(sink, isGiven);
      if (isGiven) of.write(sink, value);
    },
  };
}

function listCodec(of: Codec): Codec {
  return {
    smallest: 8,
    read(source) {
      const items: Json[] = [];
      for (let left = readCount(source, of.smallest); left > 0; left--) items.push(of.read(source));
      return items;
    },
    write(sink, value) {
      const items = Array.isArray(value) ? value : [];
      writeU64(sink, items.length);
      for (const item of items) of.write(sink, item);
    },
  };
}

function mapCodec(keyed: "text" | "u64", of: Codec): Codec {
  const key = scalars[keyed];
  return {
    smallest: 8,
    read(source) {
      const entries: Json[] = [];
      const seen = new Set<Json>();
      for (let left = readCount(source, key.smallest + of.smallest); left > 0; left--) {
        const name = key.read(source);
        if (seen.size === seen.add(name).size) throw new Damage("a map has the same key twice");
        entries.push([name, of.read(source)]);
      }
      return entries;
    },
    write(sink, value) {
      const entries = Array.isArray(value) ? value.filter((entry) => Array.isArray(entry)) : [];
      writeU64(sink, entries.length);
      for (const [name, item] of entries) {
        key.write(sink, name);
        of.write(sink, item);
      }
    },
  };
}

function structCodec(all: readonly Field[], generation: number): Codec {
  const fields = all
    .filter((one) => one.since <= generation)
    .map((one) => ({ name: one.name, fill: fillOf(one), codec: codecOf(one.shape, generation) }));
  return {
    smallest: fields.reduce((sum, one) => sum + one.codec.smallest, 0),
    read(source) {
      const value: { [name: string]: Json } = {};
      for (const one of fields) value[one.name] = one.codec.read(source);
      return value;
    },
    write(sink, value) {
      const given = typeof value === "object" && !Array.isArray(value) ? value : null;
      for (const one of fields) one.codec.write(sink, given?.[one.name] ?? one.fill);
    },
  };
}

function variantCodec(all: readonly Variant[], generation: number): Codec {
  const variants = all
    .filter((one) => one.since <= generation)
    .map(({ name, payload }) => ({
      name,
      payload: payload === undefined ? undefined : codecOf(payload, generation),
    }));
  const indices = new Map(variants.map((one, index) => [one.name, index]));
  return {
    smallest: 4,
    read(source) {
      const variant = variants[readIndex(source, variants.length)];
      if (variant?.payload === undefined) return variant?.name ?? null;
      return { [variant.name]: variant.payload.read(source) };
    },
    write(sink, value) {
      const [name, payload] = partsOf(value);
      // A variant that this generation does not know becomes the first one: see `losses.ts`.
      const index = indices.get(name) ?? 0;
      writeU32(sink, index);
      variants[index]?.payload?.write(sink, payload);
    },
  };
}

/** A variant's name and, when it has one, its payload. */
export function partsOf(value: Json | undefined): [name: string, payload: Json | undefined] {
  if (typeof value === "string") return [value, undefined];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return ["", undefined];
  return Object.entries(value)[0] ?? ["", undefined];
}

/** A struct that was read, as the extension of a record. */
export function isExtension(value: Json): value is { [field: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
