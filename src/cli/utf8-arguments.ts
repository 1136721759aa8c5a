// Whether the arguments that we were given are text. The runtime puts U+FFFD in place of bytes that
// are no UTF-8: stored like that, a message would be another one than was said.
import { exitCode, Refusal } from "../core/refusal.ts";
import { fs } from "../sys/fs.ts";

/** Refuses what is no UTF-8. Where the system does not show us the bytes, nothing can be said. */
export function checkArguments(argv: readonly string[]): void {
  const doubtful = argv.filter((one) => one.includes("\ufffd"));
  if (doubtful.length === 0) return;
  const given = bytesOfArguments();
  const broken = given?.slice(-argv.length).find((bytes) => !isUtf8(bytes));
  if (broken === undefined) return;
  throw new Refusal({
    code: "not_utf8",
    exit: exitCode.usage,
    message: `an argument is not UTF-8: ${JSON.stringify(broken.toString("latin1").slice(0, 60))}`,
    hint: "convert it first, e.g. with iconv -f latin1 -t utf-8",
  });
}

/** Of this process, the program's own first. */
function bytesOfArguments(): Buffer[] | undefined {
  let all: Buffer;
  try {
    all = fs().readFileSync("/proc/self/cmdline");
  } catch {
    return undefined;
  }
  const parts: Buffer[] = [];
  for (let from = 0; from < all.length; ) {
    const end = all.indexOf(0, from);
    parts.push(all.subarray(from, end === -1 ? all.length : end));
    from = end === -1 ? all.length : end + 1;
  }
  return parts;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
