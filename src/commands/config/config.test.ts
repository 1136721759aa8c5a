// The settings file in an editor, and what an agent is told, over a directory of their own.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { call, refusalOf } from "../../../tests/kit/call.ts";
import { bootstrapOf } from "../../bus/agents/bootstrap.ts";
import { openBus } from "../../bus/bus.ts";
import { start } from "../../bus/life/start.ts";
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

const run = (...argv: string[]) => call(system, command, argv);
const refusal = (...argv: string[]) => refusalOf(run(...argv));

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
});

test("what is no settings file is not taken: the old text holds, the new one lies by", async () => {
  await run("tag", "api");
  const before = file();
  const edited = () => readFileSync(`${home}/.hcom/config.toml.edited`, "utf8");
  const faults: [string, RegExp, string][] = [
    ['echo "[[[" > "$2"', /is not TOML: .*as it was before/, "[[[\n"],
    ['printf "\\000\\377" > "$2"', /is not TOML/, "\0\ufffd"],
    ['echo "half" > "$2"; exit 3', /ended with 3; .*as it was before/, "half\n"],
    ['rm "$2"', /has deleted it; .*as it was before/, "half\n"],
  ];
  for (const [script, message, kept] of faults) {
    editor(script);
    const { code, message: said } = await refusal("--edit");
    expect([script, code, said, file()]).toEqual([
      ...[script, "settings_kept", expect.stringMatching(message), before],
    ]);
    expect(edited()).toBe(kept);
  }
  expect((await run("tag")).text).toBe("api\n");
});

test("an editor that fails before it has written, and none at all, are refusals", async () => {
  editor("exit 3");
  const { message, hint } = await refusal("--edit");
  expect([message, hint]).toEqual([
    expect.stringContaining("ended with 3"),
    expect.not.stringContaining(".edited"),
  ]);
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

test("terminal --setup says where agents open, what is there and what is to be done", async () => {
  mkdirSync(`${home}/bin`);
  for (const name of ["kitty", "tmux"]) {
    writeFileSync(`${home}/bin/${name}`, "#!/bin/sh\n", { mode: 0o755 });
  }
  const env = { ...system.env, PATH: `${home}/bin`, KITTY_WINDOW_ID: "1" };
  system = { ...system, env };
  const found = async (...words: string[]) =>
    JSON.parse((await run("terminal", ...words, "--setup", "--json")).text);
  const before = await found();
  expect(before).toMatchObject({ terminal: "default", opens: "kitty-window", why_not: null });
  expect(before.installed).toContain("tmux");
  expect(before.missing).toContain("alacritty");
  expect(before.to_do).toEqual([
    {
      terminal: "kitty-split",
      file: "~/.config/kitty/kitty.conf",
      lines: ["allow_remote_control yes", expect.stringContaining("listen_on ")],
    },
  ]);
  const { text } = await run("terminal", "--setup");
  expect(text).toContain("allow_remote_control yes");
  expect(text).toMatch(/^opens in: +kitty-window$/m);
  system = { ...system, env: { ...env, KITTY_LISTEN_ON: "unix:/x" } };
  expect((await found()).to_do).toEqual([]);
  expect(await found("tmux")).toMatchObject({ terminal: "tmux", opens: "tmux" });
  expect((await run("terminal")).text).toBe("tmux\n");
  expect((await refusal("terminal", "nosuch", "--setup")).exit).toBe(2);
  expect((await refusal("tag", "--setup")).exit).toBe(2);
});

test("what only the original has is said to be that", async () => {
  const { code, text, notes } = await run("dev_root");
  expect([code, text]).toEqual([0, "(not set)\n"]);
  expect(notes).toContain("the checkout whose bin/hcom is called");
  expect((await refusal("HCOM_DEV_ROOT", "/x")).exit).toBe(2);
});

test("a person sees what is set first, what does nothing last", async () => {
  await run("title_mode", "off");
  const { text } = await call(system, command, [], { isForPeople: true });
  const rows = text.matchAll(/^ {2}([a-z_]+) .*\[[a-z.]+\]$/gm);
  const keys = [...rows].map(([, key]) => key);
  expect([keys[0], keys.at(-1)]).toEqual(["title_mode", "timeout"]);
  expect(text).toMatch(/timeout +86400 seconds \(no effect\)/);
  expect((await run()).text).not.toContain("no effect");
});
