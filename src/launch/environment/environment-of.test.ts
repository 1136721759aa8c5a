import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Bus } from "../../bus/bus.ts";
import { pathsOf } from "../../config/paths.ts";
import { lazySettings } from "../../config/settings.ts";
import type { System } from "../../sys/system.ts";
import { allMarkers, tools } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";
import { baseOf, personsEnvironment } from "./base-of.ts";
import { type AgentEnvironment, environmentOf } from "./environment-of.ts";

const root = mkdtempSync(`${tmpdir()}/hcom-environment-`);
afterAll(() => rmSync(root, { recursive: true, force: true }));
let claude: Tool;
let codex: Tool;
beforeAll(async () => {
  claude = await tools.claude();
  codex = await tools.codex();
});
let serial = 0;

interface Launch extends Partial<AgentEnvironment> {
  env?: Record<string, string>;
  isHere?: boolean;
  /** Text of the env file. */
  passed?: string;
  /** Text of the settings file of earlier versions. */
  old?: string;
  /** HCOM_DIR names the directory at home. */
  atHome?: boolean;
  /** HCOM_DIR is not set: our directory is at home. */
  isDefault?: boolean;
}

async function childOf(launch: Launch = {}): Promise<Record<string, string>> {
  const { env = {}, passed, old, isDefault = false, atHome = isDefault, ...rest } = launch;
  const { isHere = false, ...agent } = rest;
  const home = `${root}/${++serial}`;
  const dir = atHome ? `${home}/.hcom` : `${home}/project/.hcom`;
  mkdirSync(dir, { recursive: true });
  if (passed !== undefined) writeFileSync(`${dir}/env`, passed);
  if (old !== undefined) writeFileSync(`${dir}/config.env`, old);
  const whole = { HOME: home, PATH: "/bin", ...(isDefault ? {} : { HCOM_DIR: dir }), ...env };
  const system = { env: whole, home, cwd: home } as unknown as System;
  const paths = pathsOf(whole, home);
  const settings = lazySettings(paths, whole);
  const { tool = claude } = agent;
  const { env: base } = baseOf({ system, paths, settings } as Bus, {
    ...{ tool, isHere, person: await personsEnvironment(whole) },
  });
  return environmentOf(base, paths, settings, {
    name: "luna",
    processId: "p-1",
    tool: claude,
    tag: "",
    launchedBy: "user",
    batchId: "b-1",
    launchEventId: 42,
    logFile: undefined,
    kind: "interactive",
    ...agent,
  });
}

describe("an agent's environment", () => {
  test("says who it is", async () => {
    expect(await childOf({ tag: "api", logFile: "background_1.log" })).toMatchObject({
      HCOM_LAUNCHED: "1",
      HCOM_PROCESS_ID: "p-1",
      HCOM_INSTANCE_NAME: "luna",
      HCOM_TOOL: "claude",
      HCOM_LAUNCHED_BY: "user",
      HCOM_LAUNCH_BATCH_ID: "b-1",
      HCOM_LAUNCH_EVENT_ID: "42",
      HCOM_TAG: "api",
      HCOM_BACKGROUND: "background_1.log",
    });
  });
  test("keeps what is the user's", async () => {
    const env = { LANG: "de_DE", MY_TOKEN: "x", EDITOR: "vi", HCOM_HINTS: "short" };
    expect(await childOf({ env })).toMatchObject(env);
  });
  test("has no log and no tag when there is none", async () => {
    const env = await childOf();
    expect([env["HCOM_BACKGROUND"], env["HCOM_TAG"]]).toEqual([undefined, undefined]);
  });
});

describe("nothing of the parent agent is inherited:", () => {
  const identity = [
    "HCOM_PTY_MODE",
    "HCOM_BACKGROUND",
    "HCOM_IS_FORK",
    "HCOM_GO",
    "HCOM_PROCESS_ID",
    "HCOM_LAUNCHED_BY",
    "HCOM_LAUNCH_BATCH_ID",
    "HCOM_LAUNCH_EVENT_ID",
    "HCOM_INSTANCE_NAME",
    "HCOM_CLAUDE_ACTOR",
    "HCOM_CLAUDE_ACTOR_SESSION",
    "HCOM_CLAUDE_UNIX_SESSION_ID",
  ];
  for (const name of identity) {
    test(name, async () =>
      expect((await childOf({ env: { [name]: "parent" } }))[name]).not.toBe("parent"),
    );
  }
  test("markers of every agent program", async () => {
    const env = Object.fromEntries(allMarkers.map((marker) => [marker, "parent"]));
    const child = await childOf({ env, tool: codex });
    expect(allMarkers.filter((marker) => child[marker] === "parent")).toEqual([]);
  });
  test("what the same program keeps for its own children", async () => {
    const env = Object.fromEntries(claude.launch.stripEnv.map((name) => [name, "parent"]));
    expect(Object.keys(env).length).toBeGreaterThan(0);
    const child = await childOf({ env });
    expect(Object.keys(env).filter((name) => name in child)).toEqual([]);
  });
  const pane = { TMUX_PANE: "%1", TERM_PROGRAM: "x", KITTY_WINDOW_ID: "1", WT_SESSION: "w" };
  test("the caller's pane, where the agent lives elsewhere", async () => {
    const child = await childOf({ env: pane });
    expect(Object.keys(pane).filter((name) => name in child)).toEqual([]);
  });
  test("but the pane stays when it runs in this very terminal", async () => {
    expect(await childOf({ env: pane, isHere: true })).toMatchObject(pane);
  });
});

describe("the env file", () => {
  test("is passed on and wins over the caller's environment", async () => {
    const passed = "ANTHROPIC_MODEL=opus\nexport GREETING='a b'\n";
    const child = await childOf({ passed, env: { ANTHROPIC_MODEL: "haiku" } });
    expect(child).toMatchObject({ ANTHROPIC_MODEL: "opus", GREETING: "a b" });
  });
  test("is part of the older settings file where there is none", async () => {
    const old = "HCOM_TAG=api\nANTHROPIC_MODEL=opus\n";
    const child = await childOf({ old });
    expect([child["ANTHROPIC_MODEL"], child["HCOM_TAG"]]).toEqual(["opus", undefined]);
    expect((await childOf({ old, passed: "A=1\n" }))["ANTHROPIC_MODEL"]).toBeUndefined();
  });
  test("cannot set variables of ours", async () => {
    const passed = "HCOM_PROCESS_ID=evil\nHCOM_GO=1\nHCOM_ANY=1\n";
    const child = await childOf({ passed });
    expect(child["HCOM_PROCESS_ID"]).toBe("p-1");
    expect("HCOM_GO" in child || "HCOM_ANY" in child).toBe(false);
  });
});

describe("a given HCOM_DIR", () => {
  test("is absolute in the child, and the tools' settings and logins stay at home", async () => {
    const child = await childOf();
    expect(child["HCOM_DIR"]).toBe(`${child["HOME"]}/project/.hcom`);
    expect("CLAUDE_CONFIG_DIR" in child).toBe(false);
    expect("CODEX_HOME" in (await childOf({ tool: codex }))).toBe(false);
  });
  test("does not move settings that the user has placed", async () => {
    const env = { CLAUDE_CONFIG_DIR: "/elsewhere" };
    expect((await childOf({ env }))["CLAUDE_CONFIG_DIR"]).toBe("/elsewhere");
  });
  test("that is none leaves the tools at home", async () => {
    const child = await childOf({ isDefault: true });
    expect("CLAUDE_CONFIG_DIR" in child).toBe(false);
    expect(child["HCOM_DIR"]).toBe(`${child["HOME"]}/.hcom`);
  });
  test("at the place where it would be anyway leaves them there, too", async () => {
    expect("CLAUDE_CONFIG_DIR" in (await childOf({ atHome: true }))).toBe(false);
  });
});

describe("PATH", () => {
  test("begins with our own directory, once", async () => {
    const [own = "", ...rest] = ((await childOf())["PATH"] ?? "").split(":");
    expect(own).toEndWith("/bin");
    expect(rest).toEqual(["/bin"]);
    const again = (await childOf({ env: { PATH: `/bin:${own}` } }))["PATH"];
    expect(again).toBe(`${own}:/bin`);
  });
});

test("the name stands also in the variable that the user has chosen", async () => {
  expect(await childOf({ env: { HCOM_NAME_EXPORT: "WHO_AM_I" } })).toMatchObject({
    WHO_AM_I: "luna",
  });
});

test("that variable cannot be one that says who the agent is", async () => {
  const child = await childOf({ env: { HCOM_NAME_EXPORT: "HCOM_PROCESS_ID" } });
  expect(child["HCOM_PROCESS_ID"]).toBe("p-1");
});
