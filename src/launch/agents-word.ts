// Do an agent's commands find `hcom`? A launch puts it first on PATH, but a tool whose commands run
// in a login shell makes PATH anew, and the folder of a person's npm often stands only in what
// interactive shells read (nvm, Debian's .bashrc). Such an agent is told the whole path.

import { basename } from "node:path";
import type { Env } from "../core/env.ts";
import { loginShell } from "../sys/binary.ts";
import { ownBinDir } from "../sys/program.ts";
import type { Tool } from "../tools/tool.ts";

/** A profile may be slow, or ask something: then the word is believed to be there. */
const patienceMs = 1_500;
const shells = new Set(["bash", "zsh", "sh", "dash", "ksh"]);

/** The path that an agent has to write instead of `hcom`; undefined where the word is enough. */
export async function pathInsteadOfWord(tool: Tool, env: Env): Promise<string | undefined> {
  if (tool.launch.runsLoginShells !== true) return undefined;
  const shell = await loginShell(env);
  if (!shells.has(basename(shell))) return undefined;
  return (await findsWord(shell, env)) ? undefined : `${ownBinDir()}/hcom`;
}

async function findsWord(shell: string, env: Env): Promise<boolean> {
  try {
    const child = Bun.spawn([shell, "-lc", "command -v hcom"], {
      env: { ...env, PATH: `${ownBinDir()}:${env["PATH"] ?? ""}` },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      timeout: patienceMs,
      killSignal: "SIGKILL",
    });
    await child.exited;
    return child.signalCode !== null || child.exitCode === 0;
  } catch {
    return true;
  }
}
