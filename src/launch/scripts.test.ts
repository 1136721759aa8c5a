// Which scripts there are, over a folder of the owner's.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { pathsOf } from "../config/paths.ts";
import { Refusal } from "../core/refusal.ts";
import { findScript, scriptsOf } from "./scripts.ts";

const home = mkdtempSync(`${tmpdir()}/hcom-scripts-`);
const paths = pathsOf({ HOME: home }, home);

beforeAll(() => {
  mkdirSync(`${paths.scripts}/folder.sh`, { recursive: true });
  writeFileSync(`${paths.scripts}/mine.sh`, "#!/bin/sh\n# Does what I want.\n");
  symlinkSync("/nowhere.sh", `${paths.scripts}/lost.sh`);
  Bun.spawnSync(["mkfifo", `${paths.scripts}/pipe.sh`]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function refusal(name: string): Refusal {
  try {
    findScript(paths, name);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`found: ${name}`);
}

test("a script is found by its name and by its file's", () => {
  for (const name of ["mine", "mine.sh"]) {
    expect(findScript(paths, name)).toMatchObject({ name: "mine", about: "Does what I want" });
  }
});

test("a name with a slash, a folder and what is not there are no scripts", () => {
  for (const name of ["../scripts/mine", "/etc/passwd", "folder", "", ".", "mine.ts"]) {
    expect([name, refusal(name).code]).toEqual([name, "unknown_script"]);
  }
});

test("what cannot be read says so, and hides no other one", () => {
  const about = new Map(scriptsOf(paths).map((one) => [one.name, one.about]));
  for (const name of ["lost", "pipe"]) {
    expect([name, about.get(name)]).toEqual([name, "cannot be read"]);
    expect(refusal(name)).toMatchObject({ code: "unreadable_script", exit: 3 });
  }
  expect(about.get("mine")).toBe("Does what I want");
});

test("a directory that is refused as ours has no scripts", () => {
  const foreign = pathsOf({ HOME: home, HCOM_DIR: `${home}/foreign` }, home);
  mkdirSync(foreign.scripts, { recursive: true });
  writeFileSync(`${foreign.scripts}/evil.sh`, "# Does what it wants.\n");
  const own = () => scriptsOf(foreign).filter(({ origin }) => origin === "own");
  expect(own().map(({ name }) => name)).toEqual(["evil"]);
  writeFileSync(`${foreign.dir}/report.pdf`, "x");
  expect(own()).toEqual([]);
});
