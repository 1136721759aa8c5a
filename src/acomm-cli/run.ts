// The program `acomm`: arguments to an operation on a store, its result as JSON to standard output.
// It stores first and prints then. Errors are one JSON object on standard error.

import { locateStore } from "../bus/channels/locate.ts";
import { openStore } from "../bus/channels/open-store.ts";
import type { Out } from "../cli/command.ts";
import { output } from "../cli/output.ts";
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
  let code: number;
  try {
    code = await start(argv, system, { out, neighbours });
  } catch (error) {
    code = report(error, { out, system });
  }
  await out.flush().catch(async (error: unknown) => {
    const failed = report(error, { out, system });
    code = code === exitCode.ok ? failed : code;
    // When that fails, too, there is nobody to tell.
    await out.flush().catch(() => {});
  });
  return code;
}

async function start(
  argv: readonly string[],
  system: System,
  { out, neighbours }: { out: Out; neighbours: Neighbours },
): Promise<number> {
  const typed = typedOf(argv, verbs);
  switch (typed.kind) {
    case "help":
      out.line(acommHelp(typed.topic, verbs));
      return exitCode.ok;
    case "version":
      out.line(`acomm ${version}`);
      return exitCode.ok;
    case "verb": {
      const { verb, args, choice } = typed;
      const store = () => locateStore(choice, system);
      if (verb.access === "serve") return await neighbours.rpc();
      out.line(forScripts(await result(verb, { args, system, store }), 2));
      return exitCode.ok;
    }
    default:
      return unreachable(typed);
  }
}

async function result(verb: Exclude<Verb, { access: "serve" }>, call: WideCall): Promise<unknown> {
  if (verb.access === "wide") return verb.run(call);
  using access = await openStore(call.system, call.store());
  return verb.access === "read"
    ? await access.read((store) => verb.run(store, call.args))
    : await access.write((store) => verb.run(store, call.args));
}

/** Says what went wrong and returns the exit code: 2 for wrong usage, 1 for all else. */
function report(error: unknown, { out, system }: { out: Out; system: System }): number {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refusal) {
    out.note(forScripts({ error: message, code: error.code.toUpperCase() }));
    return error.exit === exitCode.usage ? exitCode.usage : exitCode.error;
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
