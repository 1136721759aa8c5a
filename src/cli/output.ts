// Standard output and error. `process.stdout` is never touched: only looking at it costs several
// milliseconds, and it cuts long texts at exit. A reader that went away is no error.
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
      if (out !== "") await write(Bun.stdout, out);
      if (err !== "") await write(Bun.stderr, err);
    },
  };
}

async function write(to: Bun.BunFile, text: string): Promise<void> {
  try {
    await Bun.write(to, text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code !== "EPIPE") throw error;
  }
}
