// A package that was built in one place and installed in another: what it writes into the settings
// of others, and what it runs, is where it is now.
import { expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const built = join(import.meta.dir, "../..");

test("hooks of a package name the package, wherever it was built", () => {
  const home = mkdtempSync("/tmp/hw-");
  try {
    const copy = join(home, "hcom");
    for (const part of ["bin", "dist", "package.json"]) {
      cpSync(join(built, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(built, "node_modules"), join(copy, "node_modules"));
    const child = Bun.spawnSync(["sh", join(copy, "bin/hcom"), "hooks", "add", "claude"], {
      env: { HOME: home, PATH: "/usr/bin:/bin" },
      cwd: home,
    });
    expect([child.exitCode, child.stderr.toString()]).toEqual([0, ""]);
    const settings = readFileSync(join(home, ".claude/settings.json"), "utf8");
    expect(settings).toContain(`${copy}/dist/main.js`);
    expect(settings).not.toContain(`${built}/src`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("no bundle holds the directory that it was built in", () => {
  const dist = join(built, "dist");
  const files = readdirSync(dist).filter((name) => /\.(?:js|jsc|mjs)$/.test(name));
  expect(files.length).toBeGreaterThan(20);
  const telling = files.filter((name) => readFileSync(join(dist, name)).includes(built));
  expect(telling).toEqual([]);
});
