// Standard output and error: the only place where a command's words leave it, so every one of them
// passes one of the cleaners, and on its way to an agent loses what tools and we would act on.
// `process.stdout` is never touched: only looking at it costs several milliseconds, and it cuts
// long texts at exit. A reader that went away is no error.
import { inert } from "../core/mail/inert.ts";
import { forAgents, forPeople, forScripts } from "../core/printable.ts";
import { Refusal } from "../core/refusal.ts";
import { isHeard } from "../sys/heard.ts";
import type { System } from "../sys/system.ts";
import { isInsideTool } from "../tools/inside-tool.ts";
import type { Out } from "./command.ts";
import { wrapped } from "./person/wrap.ts";
import { type Part, painted, textOf } from "./style.ts";
import { type View, viewOf } from "./view.ts";

export function output(env: System["env"]): Out {
  let pending = "";
  let remarks = "";
  /** Where mail is among it. */
  const mail = { out: false, err: false };
  // As the launcher found it: here it looks like the null device.
  const isClosed = env["HCOM_OUTPUT"] === "closed";
  let isLost = false;
  const stdout = writerTo(Bun.stdout);
  const stderr = writerTo(Bun.stderr);
  const view = viewOf(1, env);
  const remarkView = viewOf(2, env);
  const isForAgent = isInsideTool(env);
  const said = (parts: readonly Part[], onto: View) => {
    const text = painted(parts, hasMarks(parts) && onto.isColoured, forPeople);
    return isForAgent ? inert(text) : text;
  };
  return {
    view,
    line: (...parts) => {
      pending += `${said(parts, view)}\n`;
    },
    framed: (text) => {
      pending += `${forPeople(text)}\n`;
      mail.out = true;
    },
    framedNote: (text) => {
      remarks += `${forPeople(text)}\n`;
      mail.err = true;
    },
    json: (value) => {
      pending += `${isForAgent ? forAgents(value) : forScripts(value)}\n`;
    },
    note: (...parts) => {
      for (const line of atTerminal(parts, remarkView)) remarks += `${said(line, remarkView)}\n`;
    },
    flush: async () => {
      const [out, err] = [isClosed ? "" : pending, remarks];
      isLost ||= isClosed && pending !== "";
      pending = "";
      remarks = "";
      const isTaken = out === "" || ((await write(stdout, out)) && isHeard(1));
      const isNoted = err === "" || ((await write(stderr, err)) && isHeard(2));
      const { out: isOut, err: isErr } = mail;
      mail.out = mail.err = false;
      if (isLost && !isErr) throw outputFailed("it is closed");
      // Mail beside an output that nobody reads has arrived all the same.
      return isErr && !isOut ? isNoted : isTaken && (isNoted || !isErr);
    },
  };
}

/** What any terminal shows in one line: for that nobody looks whether there is one. */
const narrow = 40;

/** A remark is a sentence: whoever sits there reads it broken between words. */
function atTerminal(parts: readonly Part[], onto: View): (readonly Part[])[] {
  if (parts.map(textOf).join("").length <= narrow || !onto.isForPeople) return [parts];
  const blanks = /^ */.exec(textOf(parts[0] ?? ""))?.[0].length ?? 0;
  return wrapped(parts, { width: onto.width, indent: blanks + 2 });
}

/** Where nothing can have a colour nobody looks whether there is a terminal. */
function hasMarks(parts: readonly unknown[]): boolean {
  return parts.some((part) => typeof part !== "string");
}

type Writer = (text: string) => Promise<unknown>;

/**
 * Into a file Bun writes on threads, and starting those costs 2 ms; its sink does so at once. Of a
 * pipe or a terminal that would make one that does not wait, for all who share it.
 */
function writerTo(to: Bun.BunFile): Writer {
  let sink: Bun.FileSink | undefined;
  return async (text) => {
    // Only a file has a size.
    if (to.size === Number.POSITIVE_INFINITY) return Bun.write(to, text);
    sink ??= to.writer();
    await sink.write(text);
    return sink.flush();
  };
}

/** False when nobody reads any more, or the stream was closed before we started. */
async function write(to: Writer, text: string): Promise<boolean> {
  try {
    await to(text);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EPIPE" || code === "EBADF") return false;
    throw outputFailed(error instanceof Error ? error.message : String(error));
  }
}

function outputFailed(why: string): Refusal {
  const hint = "check where the output goes";
  return new Refusal({ code: "output_failed", message: `cannot write the output: ${why}`, hint });
}
