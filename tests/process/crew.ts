// Fake agents in the background, for what launches agents itself: a place with their rules, and
// everything that ran there ends with it.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import type { Rule } from "../kit/fake-agent/script.ts";
import type { Heard } from "../kit/fake-agent/transcript.ts";
import { type Env, hcom, type Run, tempDir } from "./lab.ts";

const checkout = join(import.meta.dir, "../..");

export interface Crew extends AsyncDisposable {
  env: Env;
  dir: string;
  /** Where agents work that are launched from here. */
  cwd: string;
  hcom(...args: string[]): Promise<Run>;
  /** What reached all of them. */
  context(): Heard[];
  /** Runs a program of ours that imports "hcom": with Bun, or with Node once types are off. */
  program(engine: "bun" | "node", path: string, args?: readonly string[]): Promise<Run>;
}

export function openCrew(rules: readonly Rule[]): Crew {
  const dir = tempDir();
  const options = { dir: dir.path, withInbox: true, version: fakeVersions.inbox, rules };
  const { env, cwd, context } = prepareFakeAgent(options);
  const run = (...args: string[]) => hcom(env, args, { cwd });
  mkdirSync(join(dir.path, "node_modules"));
  symlinkSync(checkout, join(dir.path, "node_modules/hcom"));
  return {
    env,
    dir: dir.path,
    cwd,
    hcom: run,
    context,
    async program(engine, path, args = []) {
      const text = await Bun.file(join(checkout, path)).text();
      const plain = new Bun.Transpiler({ loader: "ts" }).transformSync(text);
      const file = join(dir.path, engine === "bun" ? "program.ts" : "program.mjs");
      writeFileSync(file, engine === "bun" ? text : plain);
      const words = engine === "bun" ? [process.execPath, "--no-install", file] : ["node", file];
      const child = Bun.spawn([...words, ...args], { env, cwd, stdout: "pipe", stderr: "pipe" });
      const [out, err, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ]);
      return { out, err, code };
    },
    async [Symbol.asyncDispose]() {
      await run("kill", "all", "--go");
      dir[Symbol.dispose]();
    },
  };
}
