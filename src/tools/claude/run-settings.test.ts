import { expect, test } from "bun:test";
import { asObject, parseJson } from "../../core/json.ts";
import type { RunOptions } from "../tool.ts";
import { obstacles } from "./obstacles.ts";
import { perRun } from "./run-settings.ts";

const run: RunOptions = {
  ...{ program: ["/bun", "/main.js"], autoApprove: true, commandWord: "hcom" },
  version: undefined,
  ...{ configDir: "/c", directory: "/d", args: [], env: {}, arePassed: true },
  answers: undefined,
  readFile: () => undefined,
  ...{ hcomDir: "/home/me/.hcom", sandboxMode: "none", autoTrust: false },
};
const fileOf = (changes: Partial<RunOptions>) =>
  asObject(parseJson(perRun.settings({ ...run, ...changes }).file ?? ""));

test("hooks, rules and our directory for the sandbox come in one file of ours", () => {
  const { userArgs, added } = perRun.settings({ ...run, args: ["--model", "x"] });
  expect([userArgs, added("/f.json")]).toEqual([
    ["--model", "x"],
    ["--settings", "/f.json"],
  ]);
  const file = fileOf({});
  expect(file).toMatchObject({ sandbox: { filesystem: { allowWrite: [run.hcomDir] } } });
  expect(Object.keys(asObject(file["hooks"]))).toContain("SessionStart");
  expect(JSON.stringify(file["permissions"])).toContain("Bash(hcom send:*)");
});

test("where hooks stand in the owner's file they are not passed a second time", () => {
  expect(Object.keys(fileOf({ arePassed: false }))).toEqual(["sandbox"]);
});

test("a --settings of the user is taken along: Claude reads the last one alone", () => {
  const own = { model: "opus", permissions: { allow: ["Read"], deny: ["Bash"] } };
  const readFile = (path: string) => (path === "/d/mine.json" ? JSON.stringify(own) : undefined);
  for (const args of [["--settings", JSON.stringify(own)], ["--settings=mine.json"]]) {
    const changes = { args: [...args, "--", "--settings"], readFile };
    expect(perRun.settings({ ...run, ...changes }).userArgs).toEqual(["--", "--settings"]);
    const file = fileOf(changes);
    expect(file).toMatchObject({ model: "opus", permissions: { deny: ["Bash"] } });
    expect(JSON.stringify(file["permissions"])).toContain('["Read","Bash(hcom send:*)"');
  }
  const broken = perRun.settings({ ...run, args: ["--settings", "none.json"] });
  expect([broken.userArgs, broken.added(""), broken.notes.length]).toEqual([
    ["--settings", "none.json"],
    [],
    1,
  ]);
});

test("what keeps hooks from running is found in every file that counts, and in the flags", () => {
  const saying = (path: string, text: string) => ({
    ...run,
    readFile: (asked: string) => (asked === path ? text : undefined),
  });
  const off = '{"disableAllHooks":true}';
  for (const path of ["/c/settings.json", "/d/.claude/settings.json"]) {
    expect(obstacles(saying(path, off)).join()).toContain(path);
  }
  const managed = "/etc/claude-code/managed-settings.json";
  expect(obstacles(saying(managed, '{"allowManagedHooksOnly":true}')).join()).toContain(managed);
  expect(obstacles({ ...run, args: ["--safe-mode"] }).join()).toContain("--safe-mode");
  expect(obstacles({ ...run, args: ["--", "--bare"] })).toEqual([]);
  const skipped = saying("/c/settings.json", '{ // mine\n "a": 1 }');
  // Hooks that a launch passes do not stand in that file.
  expect(obstacles(skipped)).toEqual([]);
  expect(obstacles({ ...skipped, arePassed: false }).join()).toContain("comments");
});
