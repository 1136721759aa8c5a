// Somebody who has just heard of hcom: an empty home, npm with a global folder of its own, and a
// fresh clone. npm keeps its registry and its cache, because they are the machine's.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "./code-blocks.ts";

export interface Said {
  out: string;
  err: string;
  code: number | null;
}

export interface Stranger extends Disposable {
  home: string;
  prefix: string;
  clone: string;
  env: Record<string, string>;
  /** A line as it is typed at a shell, in the clone without `cwd`. */
  types(line: string, options?: { cwd?: string; env?: Record<string, string> }): Promise<Said>;
}

export function newStranger(): Stranger {
  // Not below /tmp, where some programs behave differently.
  const root = realpathSync(mkdtempSync("/var/tmp/hn-"));
  const [home, prefix, clone] = ["home", "prefix", "hcom"].map((name) => join(root, name));
  if (home === undefined || prefix === undefined || clone === undefined) throw new Error("no root");
  mkdirSync(home);
  copyCheckout(clone);
  const around = machine();
  const env: Record<string, string> = {
    ...around,
    HOME: home,
    npm_config_prefix: prefix,
    PATH: `${join(prefix, "bin")}:${around["PATH"]}`,
  };
  return {
    home,
    prefix,
    clone,
    env,
    async types(line, options = {}) {
      const child = Bun.spawn(["bash", "-c", line], {
        cwd: options.cwd ?? clone,
        env: { ...env, ...options.env },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      await child.exited;
      return { out, err, code: child.exitCode };
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What git would give: a clone, or the files that it knows where something is not committed. */
function copyCheckout(to: string): void {
  const git = (...words: string[]) => {
    const run = Bun.spawnSync(["git", "-C", repository, ...words]);
    return run.exitCode === 0 ? run.stdout.toString() : undefined;
  };
  if (git("status", "--porcelain") === "") {
    if (git("clone", "--quiet", repository, to) !== undefined) return;
  }
  const listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard");
  if (listed === undefined) {
    const isOurs = (path: string) => !/\/(node_modules|dist)$/.test(path);
    cpSync(repository, to, { recursive: true, filter: isOurs });
    return;
  }
  for (const path of listed.split("\0").filter((one) => one !== "")) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    // A tracked file may have been deleted.
    cpSync(join(repository, path), join(to, path), { force: true, errorOnExist: false });
  }
}

/** The environment without what npm, an agent program or hcom put into it. */
function machine(): Record<string, string> {
  const foreign = /^(npm_|HCOM_|CLAUDE|CODEX_|TMUX|BUN_|NODE_ENV$|INIT_CWD$|XDG_)/i;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !foreign.test(name)) env[name] = value;
  }
  const folders = (process.env["PATH"] ?? "").split(":");
  return {
    ...env,
    PATH: folders.filter((one) => !/\/node_modules\/|node-gyp-bin/.test(one)).join(":"),
    npm_config_userconfig: npmSetting("userconfig"),
    npm_config_cache: npmSetting("cache"),
    npm_config_update_notifier: "false",
  };
}

function npmSetting(name: string): string {
  const given = process.env[`npm_config_${name}`];
  if (given !== undefined && given !== "") return given;
  return Bun.spawnSync(["npm", "config", "get", name]).stdout.toString().trim();
}
