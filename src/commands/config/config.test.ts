// The settings file in an editor, and what an agent is told, over a directory of their own.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { bootstrapOf } from "../../bus/agents/bootstrap.ts";
import { openBus } from "../../bus/bus.ts";
import { start } from "../../bus/life/start.ts";
import type { Call, Out } from "../../cli/command.ts";
import { parse } from "../../cli/parse.ts";
import { painted } from "../../cli/style.ts";
import { forPeople, forScripts } from "../../core/printable.ts";
import { Refusal } from "../../core/refusal.ts";
import { settingRows } from "../../core/setting.ts";
import { installHooks } from "../../hooks/install.ts";
import { getInstance } from "../../store/instances.ts";
import { realSystem, type System } from "../../sys/system.ts";
import command from "../config.ts";

let home = "";
let system: System;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-config-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom`, PATH: "/usr/bin:/bin" };
  system = { ...realSystem(), env, home, cwd: home, log: () => {} };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<{ code: number; text: string; notes: string }> {
  let [text, notes] = ["", ""];
  const out: Out = {
    view: { isForPeople: false, isColoured: false, width: Number.POSITIVE_INFINITY },
    line: (...parts) => {
      text += `${painted(parts, false, forPeople)}\n`;
    },
    framedNote: () => {},
    framed: () => {},
    note: (...parts) => {
      notes += `${painted(parts, false, forPeople)}\n`;
    },
    json: (value) => {
      text += `${forScripts(value)}\n`;
    },
    flush: () => Promise.resolve(true),
  };
  const { words, rest, flags } = parse(command, argv);
  const given = { name: flags.value("name"), go: false, json: flags.has("json") };
  const call: Call = { system, words, rest, flags, argv, out, ...given };
  const code = await command.run(call);
  return { code, text, notes };
}

async function refusal(...argv: string[]): Promise<Refusal> {
  const error: unknown = await run(...argv).catch((caught: unknown) => caught);
  if (error instanceof Refusal) return error;
  throw new Error(`not refused: ${String(error)}`);
}

/** An editor is a program that changes the file. */
function editor(script: string): void {
  writeFileSync(`${home}/editor`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  system = { ...system, env: { ...system.env, EDITOR: `${home}/editor --wait` } };
}

const file = () => readFileSync(`${home}/.hcom/config.toml`, "utf8");

test("the editor gets the file, with its own arguments, and what it wrote holds", async () => {
  editor('[ "$1" = --wait ] && printf "[launch]\\ntag = \\"api\\"\\n" >> "$2"');
  const { code, text } = await run("--edit");
  expect([code, text]).toEqual([0, expect.stringContaining("config.toml is right")]);
  expect(file()).toMatch(/^# Settings of hcom\..*\n\[launch\]\ntag = "api"\n$/);
  expect((await run("tag")).text).toBe("api\n");
});

test("what stands in it is kept, and what is not valid is said", async () => {
  await run("tag", "api");
  editor('printf "\\n[preferences]\\ntimeout = \\"soon\\"\\n" >> "$2"');
  const before = file();
  const { code, notes } = await run("--edit");
  expect([code, notes]).toEqual([1, expect.stringMatching(/^not valid: timeout in /)]);
  expect(file()).toStartWith(before);
  editor('echo "[[[" > "$2"');
  const broken = JSON.parse((await run("--edit", "--json")).text);
  expect(broken.problems[0]).toContain("is not TOML");
});

test("an editor that fails, and none at all, are refusals", async () => {
  editor("exit 3");
  expect((await refusal("--edit")).message).toContain("ended with 3");
  expect((await refusal("--edit", "tag")).code).toBe("usage");
});

test("the parts of what an agent is told are shown, one or all", async () => {
  const { text, notes } = await run("bootstrap");
  expect(text).toContain("## You");
  expect(notes).toContain("parts: you, messages, delivery, commands");
  const { text: one } = await run("bootstrap", "show", "delivery");
  expect(one).toStartWith("## Delivery");
  expect(one).not.toContain("## Commands");
  expect((await refusal("bootstrap", "show", "delivry")).message).toContain("delivery");
  expect((await refusal("bootstrap", "draw")).exit).toBe(2);
});

test("what is left out reaches no agent, and the name always does", async () => {
  using bus = openBus(system);
  start(bus, { tool: "claude", as: "luna" });
  const whole = (await run("bootstrap", "render", "luna")).text;
  expect(whole).toBe(`${bootstrapOf(bus, getInstance(bus.db, "luna")!)}\n`);
  await run("bootstrap_exclude", "messages,commands");
  const { text } = await run("bootstrap", "render", "luna");
  for (const title of ["## Messages", "## Commands"]) {
    expect([title, whole.includes(title), text.includes(title)]).toEqual([title, true, false]);
  }
  expect(text).toContain("[hcom:luna]");
  expect(text).toContain("## Delivery");
  expect((await run("bootstrap", "show", "messages")).notes).toContain("is left out");
  expect((await refusal("bootstrap_exclude", "you")).exit).toBe(2);
  expect((await refusal("bootstrap", "render", "zora")).exit).toBe(3);
});

test("approvals that were switched off in the editor are out of the tools' settings", async () => {
  await installHooks(system, ["claude"]);
  const approved = () =>
    readFileSync(`${home}/.claude/settings.json`, "utf8").includes("hcom send");
  expect(approved()).toBe(true);
  editor('printf "\\n[preferences]\\nauto_approve = false\\n" >> "$2"');
  expect((await run("--edit")).code).toBe(0);
  expect(approved()).toBe(false);
});

test("every listed setting explains itself, with the mark of the list", async () => {
  system = { ...system, env: { ...system.env, HCOM_TAG: "api" } };
  await run("title_mode", "off");
  const { text } = await run();
  const listed = [...text.matchAll(/^ {2}([a-z_]+) .*(\[[a-z.]+\])$/gm)];
  expect(listed.map(([, key]) => key)).toEqual(settingRows().map(({ key }) => key));
  for (const [, key = "", mark] of listed)
    expect((await run(key, "--info")).text).toContain(mark ?? "?");
  const marks = Object.fromEntries(listed.map(([, key, mark]) => [key, mark]));
  expect(marks).toMatchObject({
    ...{ tag: "[environment]", title_mode: "[config.toml]", hints: "[default]" },
  });
});
