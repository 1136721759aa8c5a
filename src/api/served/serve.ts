// The helper behind the library: reads calls, answers each as soon as it can. A call that waits
// keeps no other one waiting.
import { exitCode } from "../../core/refusal.ts";
import { linesOf } from "../../sys/stream-lines.ts";
import type { System } from "../../sys/system.ts";
import { answerLine } from "../rpc/json-rpc.ts";
import { calleeOf } from "./calls.ts";

/** A message of 1 MiB may be six times as long once it is escaped. */
const longestLine = 16_777_216;

/** Until its caller is gone: then nobody reads what a pending call would say. */
export async function serveLibrary(system: System): Promise<number> {
  const callee = calleeOf(system);
  let written: Promise<unknown> = Promise.resolve();
  for await (const line of linesOf(Bun.stdin.stream().getReader(), longestLine)) {
    void answerLine(line, callee).then((answer) => {
      if (answer === undefined) return;
      written = written.then(() => Bun.write(Bun.stdout, `${answer}\n`)).catch(() => {});
    });
  }
  return exitCode.ok;
}
