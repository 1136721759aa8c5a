import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { findSetting } from "../core/setting.ts";
import { editSetting } from "./edit.ts";
import { type Paths, pathsOf } from "./paths.ts";
import { sayUnused } from "./unused.ts";

const root = mkdtempSync(`${tmpdir()}/hcom-unused-`);
afterAll(() => rmSync(root, { recursive: true, force: true }));
let serial = 0;

function place(files: Record<string, string>): Paths {
  const dir = `${root}/${++serial}`;
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${dir}/${name}`, text);
  return pathsOf({ HCOM_DIR: dir, HOME: root }, root);
}

/** All that the settings file of hcom 0.7 can hold and this program may not use. */
const theirs = `# mine, with care
[preferences]
timeout = 3600   # seconds

[launch]
tag = 123

[launch.kimi]
args = "--yolo"

[launch.omp]
args = ""

[relay]
url = "mqtts://host"
id = "r-1"
token = "TOKEN"
psk = "SECRET"
enabled = true

[terminal]
active = "mine"

[terminal.presets.mine]
binary = "mine"
open = ["mine", "-e", "{script}"]
close = "mine kill {pane_id}"
pane_id_env = "MINE_PANE"
`;

test("settings that only other versions use are named once, never their values", () => {
  const [line = "", ...more] = sayUnused(place({ "config.toml": theirs }));
  expect(more).toEqual([]);
  expect(line).toBe("kept, but without effect in this version: launch.kimi.args, launch.omp.args");
});

test("and they stay byte for byte when another setting is changed", () => {
  const paths = place({ "config.toml": theirs });
  editSetting(paths, findSetting("tag"), "api");
  const after = readFileSync(paths.configToml, "utf8");
  expect(after).toBe(theirs.replace("tag = 123", 'tag = "api"'));
});

test("a slip is answered with what was meant", () => {
  const toml = 'tag = "a"\nclaude_args = ""\n[launch]\ntagg = "x"\n[launch.codex]\narg = "-m x"\n';
  expect(sayUnused(place({ "config.toml": toml }))).toEqual([
    'no setting "tag" - did you mean launch.tag?',
    'no setting "claude_args" - did you mean launch.claude.args?',
    'no setting "launch.tagg" - did you mean launch.tag?',
    'no setting "launch.codex.arg" - did you mean launch.codex.args?',
  ]);
});

test("lines of the older file are named, too; what agents are given is none", () => {
  const old = "HCOM_TAG=a\nHCOM_DEFAULT_SUBSCRIPTIONS=stopped\nHCOM_RELAY=https://x\nMODEL=opus\n";
  expect(sayUnused(place({ "config.env": old }))).toEqual([
    "kept, but without effect in this version: HCOM_RELAY",
  ]);
});

test("nothing is said where there is nothing, or nothing that can be read", () => {
  expect(sayUnused(place({}))).toEqual([]);
  expect(sayUnused(place({ "config.toml": "[launch\nx = 1" }))).toEqual([]);
});
