// `acomm rpc`: channels for programs in any language. Newline-delimited JSON-RPC 2.0 on standard
// input and output, one method for each operation, on stores that the client opens. Calls are
// answered one after the other, and each is kept before its answer is written. Who sends on and on
// without reading is not read from either.
import { exitCode, Refusal } from "../core/refusal.ts";
import { linesOf } from "../sys/stream-lines.ts";
import type { System } from "../sys/system.ts";
import { openClient } from "./rpc/client.ts";
import { answerLine } from "./rpc/json-rpc.ts";

/** A message of 1 MiB may be six times as long once it is escaped. */
const longestLine = 16_777_216;

/** Until the input ends, or nobody reads the answers any more: then the client is gone. */
export async function runRpc(argv: readonly string[], system: System): Promise<number> {
  if (argv.length > 0) {
    throw new Refusal({
      code: "usage",
      message: `acomm rpc takes no arguments, not ${argv[0]}`,
      hint: "it reads JSON-RPC from standard input",
      exit: exitCode.usage,
    });
  }
  using client = openClient(system);
  for await (const line of linesOf(Bun.stdin.stream().getReader(), longestLine)) {
    const answer = await answerLine(line, client);
    if (answer !== undefined && !(await isTaken(`${answer}\n`))) break;
  }
  return exitCode.ok;
}

async function isTaken(text: string): Promise<boolean> {
  try {
    await Bun.write(Bun.stdout, text);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EPIPE" || code === "EBADF" || code === "ECONNRESET") return false;
    throw error;
  }
}
