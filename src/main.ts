// The program: arguments to a hook or a command, and to an exit code. Hooks come first and stay
// small; everything else is loaded when it is asked for.
import { runHook } from "./hooks/run.ts";
import { returnToCaller } from "./sys/caller.ts";
import { realSystem, type System } from "./sys/system.ts";
import { toolOfHook } from "./tools/index.ts";

async function main(argv: readonly string[], system: System): Promise<number> {
  const [first = ""] = argv;
  if (toolOfHook(first) !== undefined) {
    if (isFormersHook(system)) return 0;
    // Whatever happens here, the agent goes on.
    return runHook(first, system).catch(() => 0);
  }
  const { dispatch } = await import("./commands/index.ts");
  return dispatch(argv, system);
}

/**
 * An earlier program's hooks run the word `hcom`, ours inside agents that we launched. These
 * have hooks of ours, which skip the launcher: the same event must not be answered twice.
 */
function isFormersHook({ env }: System): boolean {
  return env["HCOM_LAUNCHED"] === "1" && process.argv[1]?.endsWith("/dist/hcom.js") === true;
}

// No top-level await: the bundle is CommonJS, which alone takes precompiled code without an
// executable (Bun 1.4).
void main(process.argv.slice(2), realSystem(returnToCaller())).then((code) => process.exit(code));
