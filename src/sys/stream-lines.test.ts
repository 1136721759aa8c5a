// Lines come out the same, however the bytes were cut on their way.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { type ByteReader, linesOf } from "./stream-lines.ts";

function readerOf(chunks: readonly Uint8Array[]): ByteReader {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return stream.getReader();
}

async function readAll(chunks: readonly Uint8Array[], longest: number): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for await (const line of linesOf(readerOf(chunks), longest)) {
    found.push(line.kind === "line" ? new TextDecoder().decode(line.bytes) : null);
  }
  return found;
}

function cut(text: string, sizes: readonly number[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

test("lines are what stands between newlines, in any cut", async () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n") }));
  const sizes = fc.array(fc.nat({ max: 7 }));
  await fc.assert(
    fc.asyncProperty(texts, sizes, async (parts, cuts) => {
      const text = parts.join("");
      const lines = text.split("\n");
      // What follows the last newline is a line only when there is something.
      if (lines.at(-1) === "") lines.pop();
      expect(await readAll(cut(text, cuts), 1000)).toEqual(lines);
    }),
  );
});

test("only what is too long is thrown away", async () => {
  const text = `${"x".repeat(5)}\n${"y".repeat(6)}\nz\n${"w".repeat(9)}`;
  for (const sizes of [[], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [7], [9, 3]]) {
    expect(await readAll(cut(text, sizes), 5)).toEqual(["xxxxx", null, "z", null]);
  }
});
