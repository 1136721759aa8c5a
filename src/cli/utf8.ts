// Whether what we were given is text: arguments, and the bodies of messages. The runtime puts
// U+FFFD in place of bytes that are no UTF-8: stored like that, a message would be another one.
import { exitCode, Refusal } from "../core/refusal.ts";
import { fs } from "../sys/fs.ts";

/** Refuses what is no UTF-8. Where the system does not show us the bytes, nothing can be said. */
export function checkArguments(argv: readonly string[]): void {
  const doubtful = argv.filter((one) => one.includes("\ufffd"));
  if (doubtful.length === 0) return;
  const given = bytesOfArguments();
  const broken = given?.slice(-argv.length).find((bytes) => textOf(bytes) === undefined);
  if (broken === undefined) return;
  throw notUtf8(`the argument ${JSON.stringify(broken.toString("latin1").slice(0, 60))}`);
}

/** Undefined for what is no UTF-8. A byte order mark is kept, as whatever else was said. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** `what` begins the sentence. */
export function notUtf8(what: string): Refusal {
  return new Refusal({
    code: "not_utf8",
    exit: exitCode.usage,
    message: `${what} is not UTF-8`,
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
