// The program as hooks and wrappers start it: arguments to a hook or a command, to an exit code.
// Hooks come first and stay small; everything else is loaded when it is asked for.
import { runHook } from "./hooks/run.ts";
import { returnToCaller } from "./sys/caller.ts";
import { realSystem, type System } from "./sys/system.ts";
import { toolOfHook } from "./tools/index.ts";

async function main(argv: readonly string[], system: System): Promise<number> {
  const [first = ""] = argv;
  // Whatever happens here, the agent goes on.
  if (toolOfHook(first) !== undefined) return runHook(first, system).catch(() => 0);
  const { dispatch } = await import("./commands/registry/dispatch.ts");
  return dispatch(argv, system);
}

// No top-level await: the bundle is CommonJS, which alone takes precompiled code without an
// executable (Bun 1.4).
void main(process.argv.slice(2), realSystem(returnToCaller())).then((code) => process.exit(code));
