import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hookCommand, hookOfCommand } from "./hook-command.ts";

test("our command is recognised, whatever program it runs", () => {
  for (const program of [["/bun", "--config=/dev/null", "/a b/it's.js"], ["/usr/bin/hcom"]]) {
    expect(hookOfCommand(hookCommand(program, "post"))).toBe("post");
  }
});

test("the command lines of older versions are ours", () => {
  for (const variables of ["BUN_JSC_useJIT=0 ", ""]) {
    const older = `[ -e /bun ] && [ -e /main.js ] || exit 0; ${variables}exec /bun /main.js post`;
    expect(hookOfCommand(older)).toBe("post");
    expect(hookOfCommand(`${older} --more`)).not.toBe("post");
  }
});

test("nothing else is ours", () => {
  const ours = hookCommand(["/bun", "/main.js"], "post");
  for (const other of ["post", `${ours} && true`, ours.replace("-e", "-x"), `${ours} "post"`, ""]) {
    expect(hookOfCommand(other)).not.toBe("post");
  }
});

test("it runs the program, and is silent once the program is gone", () => {
  const folder = mkdtempSync(join(tmpdir(), "it's a "));
  const program = join(folder, "run");
  writeFileSync(program, '#!/bin/sh\necho "got $1 $2"\n');
  chmodSync(program, 0o755);
  const run = () => {
    const child = Bun.spawnSync(["/bin/sh", "-c", hookCommand([program, "--x"], "post")]);
    return [child.exitCode, child.stdout.toString(), child.stderr.toString()];
  };
  expect(run()).toEqual([0, "got --x post\n", ""]);
  rmSync(folder, { recursive: true });
  expect(run()).toEqual([0, "", ""]);
});
