// A stream of bytes as lines. What is longer than a message can be is thrown away as it comes and
// reported, so that no client can fill our memory.

export type Line = { kind: "line"; bytes: Uint8Array } | { kind: "too_long" };

/** The part of a stream's reader that is needed; its types differ between Bun's and Node's. */
export interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
}

const newline = 0x0a;

export async function* linesOf(reader: ByteReader, longest: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const keep = (part: Uint8Array) => {
    length += part.length;
    if (length > longest) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const take = (): Line => {
    const line: Line =
      length > longest ? { kind: "too_long" } : { kind: "line", bytes: joined(parts, length) };
    parts = [];
    length = 0;
    return line;
  };
  for (;;) {
    const { value: chunk, done } = await reader.read();
    if (done || chunk === undefined) break;
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (length > 0) yield take();
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
