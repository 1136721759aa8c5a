// A stream of bytes as lines of at most so many bytes. What is longer is passed over up to its end,
// and reported in its place.

export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array | "too long"> {
  let pending: Uint8Array[] = [];
  let size = 0;
  const take = (): Uint8Array | "too long" => {
    const line = size > maxBytes ? "too long" : joined(pending);
    pending = [];
    size = 0;
    return line;
  };
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    add(chunk.subarray(from));
  }
  if (size > 0) yield take();

  function add(part: Uint8Array): void {
    size += part.length;
    if (size > maxBytes) pending = [];
    else if (part.length > 0) pending.push(part);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array()] = parts;
  return parts.length <= 1 ? first : Buffer.concat(parts);
}
