// `hcom run` with scripts of the owner's, and `hcom docs`, which is made of what help is made of.
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandHelp } from "../../src/cli/help.ts";
import { commands } from "../../src/commands/registry/all.ts";
import { settingRows } from "../../src/core/setting.ts";
import { type Env, hcom, plainEnv, tempDir } from "./lab.ts";

const scripts = {
  "greet.ts": `#!/usr/bin/env bun
// Greets whoever calls. More about it.
import { type Session, session } from "hcom";
const me: Session = await session();
console.log(me.name, process.cwd(), import.meta.main, process.argv.slice(2).join(" "));
process.exitCode = 7;
`,
  "plain.js": `/* In plain JavaScript */
import { HcomError, instances } from "hcom";
await instances("nobody").catch((error) => {
  console.log(error instanceof HcomError, error.code);
  process.exit(4);
});
`,
  "here.sh":
    '#!/bin/bash\n# Says where it runs.\necho "$HCOM_DIR" "$@"\nhcom --version >&2\nexit 5\n',
  "args.py": '"""Prints its\narguments."""\nimport sys\nprint(sys.argv[1:])\nsys.exit(9)\n',
  "debate.sh": "# Mine\necho mine\n",
  "_part.ts": "// Not a script\n",
  ".hidden.sh": "# Not a script\n",
  "notes.txt": "not a script\n",
};

function place(dir: string): Env {
  const env = plainEnv(dir);
  const folder = join(dir, ".hcom/scripts");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, name), text);
  return env;
}

test("a script has its caller's arguments, and its exit code is passed on", async () => {
  using dir = tempDir();
  const env = place(dir.path);
  expect(await hcom(env, ["run", "greet", "a", "--", "--json"])).toEqual({
    out: `bigboss ${dir.path} true a -- --json\n`,
    err: "",
    code: 7,
  });
  expect(await hcom(env, ["run", "plain"])).toEqual({ out: "true not_found\n", err: "", code: 4 });
  const shell = await hcom(env, ["run", "here", "--flag", "x y"]);
  expect([shell.out, shell.code]).toEqual([`${env["HCOM_DIR"]} --flag x y\n`, 5]);
  expect(shell.err).toStartWith("hcom ");
});

const python = Bun.which("python3");

test.skipIf(python === null)(
  "a script in Python runs, and gets the name that stood in front",
  async () => {
    using dir = tempDir();
    const env = place(dir.path);
    const run = await hcom(env, ["--name", "luna", "run", "args", "--go", "-h"]);
    expect(run).toEqual({ out: "['--name', 'luna', '--go', '-h']\n", err: "", code: 9 });
    const without = { ...env, PATH: join(dir.path, "nothing") };
    const missing = Bun.spawnSync(["/bin/sh", "bin/hcom", "run", "args"], { env: without });
    expect([missing.exitCode, missing.stderr.toString()]).toEqual([
      3,
      expect.stringContaining("needs python3 or python"),
    ]);
  },
);

test("one's own scripts have a line in the list and stand in front of ours", async () => {
  using dir = tempDir();
  const env = place(dir.path);
  const listed = JSON.parse((await hcom(env, ["run", "--json"])).out);
  const own = listed.filter((one: { origin: string }) => one.origin === "own");
  expect(own.map(({ name, about }: { name: string; about: string }) => [name, about])).toEqual([
    ["args", "Prints its arguments"],
    ["debate", "Mine"],
    ["greet", "Greets whoever calls"],
    ["here", "Says where it runs"],
    ["plain", "In plain JavaScript"],
  ]);
  expect((await hcom(env, ["run", "debate"])).out).toBe("mine\n");
  expect((await hcom(env, ["run", "here", "--source"])).out).toBe(scripts["here.sh"]);
  const unknown = await hcom(env, ["run", "wacher"]);
  expect(unknown).toMatchObject({ code: 3, out: "" });
  expect(unknown.err).toContain("did you mean watcher?");
  expect((await hcom(env, ["run", "--flag"])).code).toBe(2);
});

test("docs holds all of help, every setting, the library and the scripts", async () => {
  using dir = tempDir();
  const env = place(dir.path);
  const sections = ["cli", "config", "api", "scripts"];
  const [cli = "", config = "", api = "", own = ""] = await Promise.all(
    sections.map(async (name) => (await hcom(env, ["docs", `--${name}`])).out),
  );
  for (const one of await commands()) {
    if (one.isHidden === true) continue;
    const help = commandHelp(one, 76).replace(/^(?=.)/gm, "    ");
    expect([one.name, cli.includes(help)]).toEqual([one.name, true]);
  }
  for (const { key, env: variable } of settingRows()) {
    expect([key, config.includes(`## ${key}\n`), config.includes(variable)]).toEqual([
      key,
      true,
      true,
    ]);
  }
  const calls =
    "name info send messages events wait subscribe subscriptions unsubscribe transcript";
  for (const word of [...calls.split(" "), "stop"])
    expect(api).toMatch(new RegExp(`^ +${word}\\(|${word}:`, "m"));
  expect(own).toContain("debate      Mine");
  expect((await hcom(env, ["run", "docs"])).out).toBe(
    [cli, config, api, own]
      .map((text) => text.trimEnd())
      .join("\n\n\n")
      .concat("\n"),
  );
  expect(await hcom(env, ["docs", "--apy"])).toMatchObject({ code: 2, out: "" });
});
