// Our process becomes the script: its terminal, its signals and its exit code are its own.
import type { Paths } from "../config/paths.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { become } from "../sys/become.ts";
import { findBinary } from "../sys/binary.ts";
import { apart } from "../sys/caller.ts";
import { ownBinDir, ownLibrary, scriptProgram } from "../sys/program.ts";
import type { System } from "../sys/system.ts";
import type { Ending, Script } from "./scripts.ts";

export function startScript(
  system: System,
  paths: Paths,
  { script, args }: { script: Script; args: readonly string[] },
): never {
  const { env } = system;
  const argv = [...interpreterOf(script.ending, env), script.path, ...args];
  const shared = {
    ...env,
    HCOM_DIR: paths.dir,
    PATH: `${ownBinDir()}:${env["PATH"] ?? ""}`,
  };
  const [path = ""] = argv;
  if (script.ending === "py" || script.ending === "sh") {
    return become({ path, argv, env: shared, directory: system.cwd });
  }
  // Bun reads what it finds where it is started; the prelude goes back (`sys/caller.ts`).
  const inRoot = { ...apart(shared, system.cwd), HCOM_LIBRARY: ownLibrary() };
  return become({ path, argv, env: inRoot, directory: "/" });
}

const foreign = { py: ["python3", "python"], sh: ["bash", "sh"] } as const;

function interpreterOf(ending: Ending, env: System["env"]): string[] {
  if (ending !== "py" && ending !== "sh") return scriptProgram();
  for (const name of foreign[ending]) {
    const found = findBinary({ name, fallbacks: [] }, env);
    if (found !== undefined) return [found];
  }
  throw new Refusal({
    code: "no_interpreter",
    exit: exitCode.notFound,
    message: `a script in .${ending} needs ${foreign[ending].join(" or ")}, which is not on PATH`,
    hint: "install it, or write the script in TypeScript, which hcom runs by itself",
  });
}
