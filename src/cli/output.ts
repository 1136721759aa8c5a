// Standard output and error. `process.stdout` is never touched: only looking at it costs several
// milliseconds, and it cuts long texts at exit. A reader that went away is no error.
import { Refusal } from "../core/refusal.ts";
import { isHeard } from "../sys/heard.ts";
import type { Out } from "./command.ts";

export function output(): Out {
  let pending = "";
  let remarks = "";
  return {
    line: (text) => {
      pending += `${text}\n`;
    },
    raw: (text) => {
      pending += text;
    },
    json: (value) => {
      pending += `${JSON.stringify(value)}\n`;
    },
    note: (text) => {
      remarks += `${text}\n`;
    },
    flush: async () => {
      const [out, err] = [pending, remarks];
      pending = "";
      remarks = "";
      const isTaken = out === "" || ((await write(Bun.stdout, out)) && isHeard(1));
      if (err !== "") await write(Bun.stderr, err);
      return isTaken;
    },
  };
}

/** False when nobody reads any more, or the stream was closed before we started. */
async function write(to: Bun.BunFile, text: string): Promise<boolean> {
  try {
    await Bun.write(to, text);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EPIPE" || code === "EBADF") return false;
    throw new Refusal({
      code: "output_failed",
      message: `cannot write the output: ${error instanceof Error ? error.message : String(error)}`,
      hint: "check where the output goes",
    });
  }
}
