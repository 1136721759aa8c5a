// The environment that a new terminal would have: what the owner's login shell says it is. Asked
// only inside of an agent whose own start cannot be looked at.
import { basename } from "node:path";
import { loginShell } from "../../sys/binary.ts";
import { allMarkers } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A profile may be slow, or ask something. */
const patienceMs = 3_000;
const shells = new Set(["bash", "zsh", "sh", "dash", "ksh"]);
const mark = "--hcom-environment--";

/**
 * What the shell does not know stays as the caller has it: a login may be exported by hand. Not
 * what `inside` gives the commands of its agents.
 */
export async function shellEnvironment(env: Env, inside: Tool): Promise<Env> {
  const found = await ask(env);
  if (found === undefined) return env;
  const given = new Set([...allMarkers, ...inside.launch.stripEnv, ...ofCommands]);
  const kept = Object.entries(env).filter(([name, value]) => {
    return value !== "" && !given.has(name) && !name.startsWith("GIT_");
  });
  const path = [...(found["PATH"] ?? "").split(":"), ...(env["PATH"] ?? "").split(":")];
  return { ...Object.fromEntries(kept), ...found, PATH: [...new Set(path)].join(":") };
}

/**
 * Claude Code 2.1.332, Codex 0.171.0, Gemini CLI 0.61.0 and OpenCode 1.18.33 keep commands from
 * asking, paging and colouring with these, and with many of Git's.
 */
const ofCommands: readonly string[] = [
  ...["AI_AGENT", "AGENT", "COREPACK_ENABLE_AUTO_PIN", "NoDefaultCurrentDirectoryInExePath"],
  ...["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "COLORTERM"],
  ...["PAGER", "GH_PAGER", "GH_PROMPT_DISABLED", "GCM_INTERACTIVE", "SSH_ASKPASS"],
  ...["npm_config_user_agent", "CODEX_CI", "LC_ALL"],
];

async function ask(env: Env): Promise<Record<string, string> | undefined> {
  const shell = await loginShell(env);
  if (!shells.has(basename(shell))) return undefined;
  const seed = ["HOME", "USER", "LOGNAME", "TMPDIR", "SHELL"].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  try {
    const child = Bun.spawn([shell, "-lic", `printf %s ${mark}; env -0; printf %s ${mark}`], {
      env: { ...Object.fromEntries(seed), PATH: "/usr/local/bin:/usr/bin:/bin" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "ignore",
      // A session of its own: an interactive shell would take our terminal.
      detached: true,
    });
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      end(child.pid);
      late.resolve(undefined);
    }, patienceMs);
    try {
      return variablesIn(await between(child.stdout, late.promise));
    } finally {
      clearTimeout(timer);
    }
  } catch {
    return undefined;
  }
}

/** Up to the second mark: a daemon that the profile starts may hold the pipe for ever. */
async function between(
  stream: ReadableStream<Uint8Array>,
  late: Promise<undefined>,
): Promise<string | undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let said = "";
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), late]);
      if (read === undefined || read.done) return undefined;
      said += decoder.decode(read.value, { stream: true });
      const [, found, rest] = said.split(mark);
      if (rest !== undefined) return found;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** With all that it has started; it may have ended already. */
function end(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is there.
  }
}

function variablesIn(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined || text === "") return undefined;
  const pairs = text.split("\0").flatMap((line) => {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(line) ?? [];
    const isTold = name === undefined || ["_", "SHLVL", "PWD", "OLDPWD"].includes(name);
    return isTold || name.startsWith("HCOM_") ? [] : [[name, value ?? ""] as const];
  });
  return Object.fromEntries(pairs);
}
