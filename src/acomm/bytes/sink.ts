// Writing bincode's primitives (fixed width, little-endian) into memory that grows as needed.

export interface Sink {
  bytes: Buffer<ArrayBuffer>;
  view: DataView;
  at: number;
}

export function sinkOf(capacity: number): Sink {
  const bytes = Buffer.allocUnsafeSlow(capacity);
  return { bytes, view: viewOf(bytes), at: 0 };
}

export function written(sink: Sink): Uint8Array<ArrayBuffer> {
  return sink.bytes.subarray(0, sink.at);
}

/** Gives the memory back at once: the collector would let several of these pile up. */
export function release(bytes: Uint8Array): void {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
  if (isWhole && buffer.byteLength >= worthwhile) buffer.transfer(0);
}

/** With all that is in the same memory. */
export function releaseAround({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= worthwhile) buffer.transfer(0);
}

/** Also more than the runtime ever shares between small buffers. */
const worthwhile = 65_536;

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Makes room for `count` bytes and says where they begin. */
function give(sink: Sink, count: number): number {
  const at = sink.at;
  if (at + count > sink.bytes.length) grow(sink, count);
  sink.at = at + count;
  return at;
}

function grow(sink: Sink, count: number): void {
  const bytes = Buffer.allocUnsafeSlow(Math.max(sink.bytes.length * 2, sink.at + count));
  sink.bytes.copy(bytes, 0, 0, sink.at);
  sink.bytes = bytes;
  sink.view = viewOf(bytes);
}

export function writeFlag(sink: Sink, value: boolean): void {
  const at = give(sink, 1);
  sink.bytes[at] = value ? 1 : 0;
}

export function writeU32(sink: Sink, value: number): void {
  const at = give(sink, 4);
  sink.view.setUint32(at, value, true);
}

/** A whole number from 0 to 2^53-1. */
export function writeU64(sink: Sink, value: number): void {
  const at = give(sink, 8);
  sink.view.setUint32(at, value >>> 0, true);
  sink.view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

export function writeBigU64(sink: Sink, value: bigint): void {
  const at = give(sink, 8);
  sink.view.setBigUint64(at, value, true);
}

export function writeF32(sink: Sink, value: number): void {
  const at = give(sink, 4);
  sink.view.setFloat32(at, value, true);
}

export function writeF64(sink: Sink, value: number): void {
  const at = give(sink, 8);
  sink.view.setFloat64(at, value, true);
}

export function writeBytes(sink: Sink, bytes: Uint8Array): void {
  const at = give(sink, bytes.length);
  sink.bytes.set(bytes, at);
}

export function writeText(sink: Sink, text: string): void {
  // A character takes at most 3 bytes per UTF-16 unit; what is not needed is given back.
  const at = give(sink, 8 + text.length * 3);
  const length = sink.bytes.write(text, at + 8, "utf8");
  sink.view.setUint32(at, length, true);
  sink.view.setUint32(at + 4, 0, true);
  sink.at = at + 8 + length;
}
