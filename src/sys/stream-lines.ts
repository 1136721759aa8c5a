// A stream of bytes as lines. What is longer than a message can be is thrown away as it comes and
// reported, so that no client can fill our memory. Its ends are kept: they say who is to be told.

export type Line =
  | { kind: "line"; bytes: Uint8Array }
  /** `head` and `tail` as far as they are UTF-8. */
  | { kind: "too_long"; head: string; tail: string };

/** The part of a stream's reader that is needed; its types differ between Bun's and Node's. */
export interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
}

const newline = 0x0a;

export async function* linesOf(reader: ByteReader, longest: number): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let ends: Ends | undefined;
  const keep = (part: Uint8Array) => {
    if (part.length === 0) return;
    length += part.length;
    if (ends === undefined) parts.push(part);
    if (length <= longest) return;
    ends = ends === undefined ? endsOf(parts) : endsOf([ends.tail, part], ends.head);
    parts = [];
  };
  const take = (): Line => {
    const line: Line =
      ends === undefined
        ? { kind: "line", bytes: joined(parts, length) }
        : { kind: "too_long", head: lossy.decode(ends.head), tail: lossy.decode(ends.tail) };
    parts = [];
    length = 0;
    ends = undefined;
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

interface Ends {
  head: Uint8Array;
  tail: Uint8Array;
}

const endBytes = 4096;
const lossy = new TextDecoder();

function endsOf(parts: readonly Uint8Array[], head?: Uint8Array): Ends {
  const whole = joined(
    parts,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  // Copies: what they are cut from is large, and not ours.
  return { head: head ?? whole.slice(0, endBytes), tail: whole.slice(-endBytes) };
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
