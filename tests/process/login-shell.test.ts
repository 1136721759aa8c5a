// Codex runs its agents' commands with the PATH of a login shell, in which npm's folder may be
// missing. The program here is a script that prints what it was given.
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hcom, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

async function instructionsOf(profile: string): Promise<string> {
  using dir = tempDir();
  const bin = join(dir.path, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "codex"), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  writeFileSync(join(dir.path, ".profile"), profile);
  const env = { ...plainEnv(dir.path), PATH: `${bin}:/usr/bin:/bin`, SHELL: "/bin/sh" };
  const { out, code } = await hcom(env, ["codex", "exec", "hi"]);
  expect(code).toBe(0);
  return /developer_instructions=.*/.exec(out)?.[0] ?? "";
}

test("an agent whose shell does not find hcom is told what to write instead", async () => {
  const told = await instructionsOf("PATH=/usr/bin:/bin\n");
  expect(told).toContain(`not on PATH: write \`${launcher}\` instead`);
});

test("an agent whose shell finds hcom is not told where it is", async () => {
  const told = await instructionsOf(`PATH=${dirname(launcher)}:/usr/bin:/bin\n`);
  expect(told).toContain("You are connected");
  expect(told).not.toContain(launcher);
});

test("a profile that hangs holds no launch up for long", async () => {
  expect(await instructionsOf("sleep 4\n")).not.toContain(launcher);
});
