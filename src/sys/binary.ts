// Finding another program and its version.
import type { Env } from "../core/env.ts";
import { fs } from "./fs.ts";

/** Absolute path from PATH, else from the places below the home directory. */
export function findBinary(
  wanted: { name: string; fallbacks: readonly string[] },
  env: Env,
): string | undefined {
  const folders = (env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
  const places = [
    ...folders.map((folder) => `${folder}/${wanted.name}`),
    ...wanted.fallbacks.map((path) => `${env["HOME"] ?? ""}/${path}`),
  ];
  return places.find(isExecutable);
}

/** The first thing that looks like a version in what `--version` prints. */
export function versionOf(binary: string, env?: Env): string | undefined {
  try {
    const run = Bun.spawnSync([binary, "--version"], {
      ...(env === undefined ? {} : { env }),
      stdin: "ignore",
      stderr: "ignore",
      timeout: 10_000,
    });
    return /\d+\.\d+\.\d+/.exec(run.stdout.toString())?.[0];
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    fs().accessSync(path, fs().constants.X_OK);
    return fs().statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The shell of the user who runs us: the system knows it where SHELL is unset. */
export async function loginShell(env: Env): Promise<string> {
  if (env["SHELL"]) return env["SHELL"];
  const { userInfo } = await import("node:os");
  try {
    return userInfo().shell ?? "/bin/sh";
  } catch {
    // A uid without an entry, as in containers.
    return "/bin/sh";
  }
}
