// The lines of a file, also of one that was compressed when it was laid aside (`.zst`).
import { Refusal } from "../../core/refusal.ts";
import { fileSize } from "../file-find.ts";
import { type LinesRead, readLines } from "../file-lines.ts";
import { linesOf } from "../stream-lines.ts";

/** A longer line is passed over, as `readLines` does. */
const longestLineBytes = 64 << 20;

/** As `readLines`, from the beginning. What was compressed grows no more: nothing is left over. */
export async function readAnyLines(
  path: string,
  take: (line: string) => void,
): Promise<LinesRead | undefined> {
  if (!path.endsWith(".zst")) return readLines(path, 0, take);
  const bytes = fileSize(path);
  if (bytes === undefined) return undefined;
  const decoder = new TextDecoder();
  try {
    const opened = new DecompressionStream("zstd") as unknown as ReadableWritablePair<Uint8Array>;
    const reader = Bun.file(path).stream().pipeThrough(opened).getReader();
    for await (const line of linesOf(reader, longestLineBytes)) {
      take(line.kind === "line" ? decoder.decode(line.bytes) : "");
    }
    return { next: bytes, rest: "" };
  } catch (error) {
    // Of whoever takes the lines.
    if (error instanceof Refusal) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal({ code: "unreadable_file", message: `cannot read ${path}: ${reason}` });
  }
}
