// A word too many is no decoration: it is meant, or refused before anything is touched.
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Env, hcom, tempDir } from "../process/lab.ts";

function home(dir: string): Env {
  return { HOME: dir, HCOM_DIR: join(dir, ".hcom"), PATH: "/usr/bin:/bin" };
}

test("hooks are put into each program that is named, or into none", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  const settings = join(dir.path, ".claude/settings.json");
  const refused = await hcom(env, ["hooks", "add", "claude", "nope"]);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('no tool "nope"')]);
  expect(existsSync(settings)).toBe(false);
  const added = await hcom(env, ["hooks", "add", "gemini", "claude", "--json"]);
  expect(JSON.parse(added.out).map((one: { tool: string }) => one.tool)).toEqual([
    ...["claude", "gemini"],
  ]);
  expect([existsSync(settings), existsSync(join(dir.path, ".gemini/settings.json"))]).toEqual([
    ...[true, true],
  ]);
  const removed = await hcom(env, ["hooks", "remove", "claude", "gemini", "--json"]);
  expect(JSON.parse(removed.out)).toHaveLength(2);
});

test("one setting is not mistaken for all of them", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  mkdirSync(env["HCOM_DIR"] ?? "", { mode: 0o700 });
  const config = join(env["HCOM_DIR"] ?? "", "config.toml");
  writeFileSync(config, '[launch]\ntag = "team"\nhints = "be brief"\n');
  const run = await hcom(env, ["config", "--reset", "tag"]);
  expect([run.code, run.err]).toEqual([2, expect.stringContaining("hcom config tag ''")]);
  expect(readFileSync(config, "utf8")).toContain("be brief");
});

test.each(["help send x", "version x", "term debug on x", "status x", "start x"])(
  "hcom %s is one word too many",
  async (line) => {
    using dir = tempDir();
    const run = await hcom(home(dir.path), line.split(" "));
    expect([run.code, run.out, run.err]).toEqual([2, "", expect.stringContaining('"x"')]);
  },
);
