// The program as the launcher starts it: arguments to a command, and to an exit code. Agents call
// it all the time, so it holds nothing but the way to the command.
import { dispatch } from "./commands/registry/dispatch.ts";
import { returnToCaller } from "./sys/caller.ts";
import { realSystem, type System } from "./sys/system.ts";
import { toolOfHook } from "./tools/index.ts";

async function main(argv: readonly string[], system: System): Promise<number> {
  const [first = ""] = argv;
  if (toolOfHook(first) === undefined) return dispatch(argv, system);
  return formersHook(first, system);
}

/**
 * An earlier program's hooks run the word `hcom`, ours inside agents that we launched. These have
 * hooks of ours, which skip the launcher: the same event must not be answered twice.
 */
async function formersHook(hook: string, system: System): Promise<number> {
  if (system.env["HCOM_LAUNCHED"] === "1") return 0;
  const { runHook } = await import("./hooks/run.ts");
  return runHook(hook, system).catch(() => 0);
}

void main(process.argv.slice(2), realSystem(returnToCaller())).then((code) => process.exit(code));
