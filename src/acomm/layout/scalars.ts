// How single values are read and written, one codec for each kind of scalar shape.
import type { Json } from "../../core/json.ts";
import { Damage } from "../bytes/damage.ts";
import type { Sink } from "../bytes/sink.ts";
import {
  writeBigU64,
  writeBytes,
  writeF32,
  writeF64,
  writeFlag,
  writeText,
  writeU32,
  writeU64,
} from "../bytes/sink.ts";
import type { Source } from "../bytes/source.ts";
import { readCount, readFlag, readText, readU32, readU64, take } from "../bytes/source.ts";

export interface Codec {
  read(source: Source): Json;
  /** A value that is missing or of another layout is written as what stands for none. */
  write(sink: Sink, value: Json | undefined): void;
  /** The least number of bytes that a value takes. */
  readonly smallest: number;
}

const u32: Codec = {
  smallest: 4,
  read: readU32,
  write: (sink, value) => writeU32(sink, typeof value === "number" ? value : 0),
};

const u64: Codec = {
  smallest: 8,
  read: readU64,
  write(sink, value) {
    if (typeof value === "string" && /^\d{1,20}$/.test(value)) writeBigU64(sink, BigInt(value));
    else writeU64(sink, typeof value === "number" ? value : 0);
  },
};

const bool: Codec = {
  smallest: 1,
  read: readFlag,
  write: (sink, value) => writeFlag(sink, value === true),
};

const text: Codec = {
  smallest: 8,
  read: readText,
  write: (sink, value) => writeText(sink, typeof value === "string" ? value : ""),
};

const f32: Codec = {
  smallest: 4,
  read(source) {
    const at = take(source, 4);
    const value = source.view.getFloat32(at, true);
    return isPlain(value) ? value : bits(source.view.getUint32(at, true), 8);
  },
  write(sink, value) {
    if (typeof value === "string") writeU32(sink, Number(bitsOf(value)));
    else writeF32(sink, typeof value === "number" ? value : 0);
  },
};

const f64: Codec = {
  smallest: 8,
  read(source) {
    const at = take(source, 8);
    const value = source.view.getFloat64(at, true);
    return isPlain(value) ? value : bits(source.view.getBigUint64(at, true), 16);
  },
  write(sink, value) {
    if (typeof value === "string") writeBigU64(sink, bitsOf(value));
    else writeF64(sink, typeof value === "number" ? value : 0);
  },
};

/** What JSON gives back as it was: no infinity, no NaN, no negative zero. */
function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function bits(value: number | bigint, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

function bitsOf(value: string): bigint {
  return /^0x[\da-f]{1,16}$/.test(value) ? BigInt(value) : 0n;
}

const uuid: Codec = {
  smallest: 24,
  read(source) {
    if (readCount(source, 1) !== 16) throw new Damage("a UUID has not 16 bytes");
    const at = take(source, 16);
    const hex = source.bytes.toString("hex", at, at + 16);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  },
  write(sink: Sink, value: Json | undefined) {
    const hex = typeof value === "string" ? value.replaceAll("-", "") : "";
    writeU64(sink, 16);
    writeBytes(sink, Buffer.from(hex.padEnd(32, "0"), "hex"));
  },
};

export const scalars = { u32, u64, bool, text, f32, f64, uuid };
