// Another agent program is one folder and one line: with both, everything that goes by the registry
// knows it. Built in a copy of the program, where it is Claude's folder under another name.
import { expect, test } from "bun:test";
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hooks } from "../../src/tools/claude/identity.ts";
import { fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { until } from "../kit/until.ts";
import { tempDir } from "./lab.ts";

const root = join(import.meta.dir, "../..");

/** The program with one folder and one line more; it runs from its source. */
function withFifth(dir: string): string {
  const copy = join(dir, "copy");
  for (const part of ["src", "bin", "package.json", "tsconfig.json"]) {
    cpSync(join(root, part), join(copy, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.includes("/fixtures") && !path.endsWith(".test.ts"),
    });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const folder = join(copy, "src/tools/fifth");
  cpSync(join(copy, "src/tools/claude"), folder, { recursive: true });
  for (const name of readdirSync(folder).filter((one) => one.endsWith(".ts"))) {
    const path = join(folder, name);
    writeFileSync(path, asFifth(readFileSync(path, "utf8")));
  }
  const list = join(copy, "src/tools/registered.ts");
  writeFileSync(list, `${readFileSync(list, "utf8")}export { fifth } from "./fifth/entry.ts";\n`);
  return join(copy, "bin/hcom");
}

/** Names of its own: the program's, its hook commands', and what proves that it is around. */
function asFifth(text: string): string {
  const names = Object.keys(hooks).join("|");
  return text
    .replace(new RegExp(`(?<=")(${names})(?=")`, "g"), "fifth-$1")
    .replace(new RegExp(`^( +)(${names})(?=: ")`, "gm"), '$1"fifth-$2"')
    .replace(/"(claude-pty|claude-code)"/g, '"fifth-$1"')
    .replace(").claude", ").fifth")
    .replace(/(?<![./])\bclaude\b(?!\/)/g, "fifth")
    .replace(/CLAUDECODE|CLAUDE_ENV_FILE|CLAUDE_PID/g, "FIFTH_$&");
}

test("a fifth program is launched, hears, and is ended, by a folder and a line", async () => {
  using dir = tempDir();
  const launcher = withFifth(dir.path);
  const agent = prepareFakeAgent({
    dir: dir.path,
    withInbox: false,
    version: fakeVersions.bell,
  });
  symlinkSync("claude", join(dir.path, "programs/fifth"));
  const run = async (...args: string[]) => {
    const child = Bun.spawn(["sh", launcher, ...args], {
      env: agent.env,
      cwd: agent.cwd,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { out, err, code };
  };
  expect((await run("--help")).out).toMatch(/fifth/);
  const status = await run("status");
  expect([status.err, status.out]).toEqual(["", expect.stringMatching(/^fifth:/m)]);
  const launched = await run("fifth", "--headless");
  expect([launched.code, launched.err]).toEqual([0, ""]);
  const name = /^Names: (\w+)$/m.exec(launched.out)?.[1] ?? "";
  expect((await run("send", `@${name}`, "--", "word-to-the-fifth")).code).toBe(0);
  await until(() => agent.context().some((one) => one.text.includes("word-to-the-fifth")) || null, {
    timeoutMs: 30_000,
    what: "the message",
    dump: async () => (await run("status", "--logs")).out,
  });
  expect((await run("list", name, "tool")).out).toBe("fifth\n");
  expect((await run("kill", name)).code).toBe(0);
}, 90_000);
