// HCOM_DIR is a directory of ours or none: what is somebody else's is refused before anything in it
// is made, changed or removed, and nothing else of the user's is touched either.
import { expect, test } from "bun:test";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkOwnDir } from "../../src/config/own-dir.ts";
import { pathsOf } from "../../src/config/paths.ts";
import { hcom, tempDir } from "./lab.ts";

/** Names, modes, sizes and times of all that is below, the directory itself included. */
function tree(dir: string): string[] {
  const lines: string[] = [];
  const visit = (path: string): void => {
    const stat = lstatSync(path);
    const link = stat.isSymbolicLink() ? readlinkSync(path) : "";
    lines.push([path, stat.mode.toString(8), stat.uid, stat.size, stat.mtimeMs, link].join(" "));
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  visit(dir);
  return lines;
}

const commands = [
  ["list"],
  ["start"],
  ["send", "-b", "--", "hello"],
  ["events"],
  ["status"],
  ["channel", "create", "ops"],
  ["config", "tag", "x"],
  ["hooks", "add"],
  ["hooks", "remove"],
  ["mcp", "install", "claude"],
  ["run"],
  ["run", "evil"],
  ["claude"],
  ["post"],
  ["sessionstart"],
];

test("a directory with files of others is refused and stays as it is", async () => {
  using dir = tempDir();
  const home = join(dir.path, "home");
  const shared = join(dir.path, "shared");
  for (const one of [home, shared, join(shared, "src")]) mkdirSync(one);
  writeFileSync(join(shared, "report.pdf"), "x");
  writeFileSync(join(home, ".profile"), "x");
  chmodSync(shared, 0o777);
  const env = { HOME: home, PATH: "/usr/bin:/bin" };
  const before = tree(dir.path);
  for (const [given, cwd] of [
    [shared, "/"],
    [".", shared],
    [home, "/"],
    ["~", "/"],
  ] as const) {
    for (const words of commands) {
      const run = await hcom({ ...env, HCOM_DIR: given }, words, { cwd, stdin: "{}" });
      const isHook = words.length === 1 && ["post", "sessionstart"].includes(words[0] ?? "");
      const told = [given, words.join(" "), run.code === 0];
      if (isHook) expect([...told, run.out + run.err]).toEqual([given, words.join(" "), true, ""]);
      else if (!["status", "hooks remove"].includes(words.join(" "))) {
        expect(told).toEqual([given, words.join(" "), false]);
        expect(run.err).toContain("HCOM_DIR=");
      }
      expect([words, tree(dir.path)]).toEqual([words, before]);
    }
  }
}, 60_000);

test("the root directory and a home are refused by name alone", () => {
  for (const dir of ["/", "/users/x/", "/users/x/x/.."]) {
    const paths = pathsOf({ HOME: "/users/x", HCOM_DIR: dir }, "/");
    expect(() => checkOwnDir(paths)).toThrow(/would be/);
  }
});

test("two directories whose names are no UTF-8 do not meet", async () => {
  using dir = tempDir();
  const env = { HOME: dir.path, PATH: "/usr/bin:/bin" };
  for (const byte of ["376", "377"]) {
    const sh = `HCOM_DIR="$HOME/$(printf '\\${byte}')" exec "$@"`;
    const run = await hcom(env, ["start"], { prefix: ["/bin/sh", "-c", sh, "sh"] });
    expect([run.code, run.err]).toEqual([1, expect.stringContaining("no valid UTF-8")]);
  }
  expect(readdirSync(dir.path)).toEqual([]);
});

test("a directory that was given keeps its mode; ours by name is private", async () => {
  using dir = tempDir();
  const team = join(dir.path, "team");
  const own = join(dir.path, ".hcom");
  for (const path of [team, own]) {
    mkdirSync(path);
    chmodSync(path, 0o775);
    const env = { HOME: dir.path, PATH: "/usr/bin:/bin", HCOM_DIR: path };
    expect((await hcom(env, ["start"])).code).toBe(0);
    expect((await hcom(env, ["status"])).code).toBe(0);
    expect(lstatSync(join(path, "hcom.db")).mode & 0o777).toBe(0o600);
  }
  expect(lstatSync(team).mode & 0o777).toBe(0o775);
  expect(lstatSync(own).mode & 0o777).toBe(0o700);
});

test("using hcom makes nothing outside its directory", async () => {
  using dir = tempDir();
  const env = { HOME: dir.path, PATH: "/usr/bin:/bin" };
  const outside = join(dir.path, "project");
  mkdirSync(outside);
  for (const words of [
    ["start"],
    ["send", "-b", "--", "x"],
    ["list"],
    ["channel", "create", "a"],
  ]) {
    await hcom(env, words, { cwd: outside });
  }
  expect(readdirSync(dir.path).sort()).toEqual([".hcom", "project"]);
  expect(readdirSync(outside)).toEqual([]);
});
