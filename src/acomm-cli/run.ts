// The program `acomm`: arguments to an operation on a store, its result as JSON to standard output.
// It stores first and prints then. Errors are one JSON object on standard error.

import { locateStore } from "../bus/channels/locate.ts";
import { openStore } from "../bus/channels/open-store.ts";
import type { Out } from "../cli/command.ts";
import { output } from "../cli/output.ts";
import { checkArguments } from "../cli/utf8.ts";
import { forScripts } from "../core/printable.ts";
import { exitCode, Refusal, unreachable } from "../core/refusal.ts";
import { version } from "../core/version.ts";
import type { System } from "../sys/system.ts";
import { typedOf } from "./arguments.ts";
import { acommHelp } from "./help.ts";
import type { Verb, WideCall } from "./verb.ts";
import { verbs } from "./verbs.ts";

/** What is a door of its own and lives beside this one: whoever starts us hands it in. */
export interface Neighbours {
  /** `acomm rpc`: stores for other programs, until standard input ends. */
  rpc(): Promise<number>;
}

export async function runAcomm(
  argv: readonly string[],
  system: System,
  neighbours: Neighbours,
): Promise<number> {
  const out = output(system.env);
  let done: Done;
  try {
    done = await start(argv, system, { out, neighbours });
  } catch (error) {
    done = { code: report(error, { out, system }), isStored: false };
  }
  await out.flush().catch(async (error: unknown) => {
    done = unsaid(done, error, { out, system });
    // When that fails, too, there is nobody to tell.
    await out.flush().catch(() => {});
  });
  return done.code;
}

interface Done {
  code: number;
  /** It changed a store: that holds, whatever becomes of the output. */
  isStored: boolean;
}

/** Doing it again would do it twice, so this is not the code of what failed. */
const storedUnsaid = 3;

function unsaid(done: Done, error: unknown, to: { out: Out; system: System }): Done {
  if (done.code !== exitCode.ok) return done;
  if (!done.isStored) return { ...done, code: report(error, to) };
  const reason = error instanceof Error ? error.message : String(error);
  to.out.note(JSON.stringify({ error: `stored, but ${reason}`, code: "STORED_UNSAID" }));
  return { ...done, code: storedUnsaid };
}

async function start(
  argv: readonly string[],
  system: System,
  { out, neighbours }: { out: Out; neighbours: Neighbours },
): Promise<Done> {
  checkArguments(argv);
  const typed = typedOf(argv, verbs);
  switch (typed.kind) {
    case "help":
      out.line(acommHelp(typed.topic, verbs));
      return told;
    case "version":
      out.line(`acomm ${version}`);
      return told;
    case "verb": {
      const { verb, args, choice } = typed;
      const store = () => locateStore(choice, system);
      if (verb.access === "serve") return { ...told, code: await neighbours.rpc() };
      out.line(forScripts(await result(verb, { args, system, store }), 2));
      return { ...told, isStored: isChanging(verb) };
    }
    default:
      return unreachable(typed);
  }
}

function isChanging(verb: Verb): boolean {
  return verb.access === "write" || (verb.access === "wide" && verb.isChanging === true);
}

const told: Done = { code: exitCode.ok, isStored: false };

async function result(verb: Exclude<Verb, { access: "serve" }>, call: WideCall): Promise<unknown> {
  try {
    if (verb.access === "wide") return await verb.run(call);
    using access = await openStore(call.system, call.store(), { isOnce: true });
    return verb.access === "read"
      ? await access.read((store) => verb.run(store, call.args))
      : await access.write((store) => verb.run(store, call.args));
  } catch (error) {
    throw error instanceof Refusal ? spelled(error, call.args.typed) : error;
  }
}

/** Numbers beyond what JavaScript counts to are named as they were typed, not rounded. */
function spelled(refusal: Refusal, typed: readonly string[]): Refusal {
  const { code, message, exit } = refusal;
  const beyond = typed.filter((one) => /^\d{16,20}$/.test(one) && String(Number(one)) !== one);
  if (beyond.length === 0) return refusal;
  const exact = beyond.reduce((text, one) => text.replaceAll(String(Number(one)), one), message);
  return new Refusal({ code, message: exact, exit });
}

/** What AgenticComm finds out in the operation, behind its command line: 1 for its scripts. */
const refusedByOperation = /^(invalid_(channel_name|content|sender|config)|unknown_)/;

/** Says what went wrong and returns the exit code: 2 for wrong usage, 1 for all else. */
function report(error: unknown, { out, system }: { out: Out; system: System }): number {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refusal) {
    out.note(forScripts({ error: message, code: error.code.toUpperCase() }));
    const isUsage = error.exit === exitCode.usage && !refusedByOperation.test(error.code);
    return isUsage ? exitCode.usage : exitCode.error;
  }
  system.log({
    level: "error",
    subsystem: "acomm",
    event: "bug",
    msg: error instanceof Error ? (error.stack ?? message) : message,
  });
  out.note(forScripts({ error: `acomm failed: ${message}`, code: "BUG" }));
  return exitCode.error;
}
