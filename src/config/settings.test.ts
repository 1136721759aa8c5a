import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { settingRows } from "../core/setting.ts";
import { pathsOf } from "./paths.ts";
import { effective, lazySettings, type Settings } from "./settings.ts";
import { sayUnused } from "./unused.ts";

const root = mkdtempSync(`${tmpdir()}/hcom-settings-`);
afterAll(() => rmSync(root, { recursive: true, force: true }));
let serial = 0;

interface Layers {
  env?: Record<string, string>;
  toml?: string;
  old?: string;
}

function settingsOf(layers: Layers): Settings {
  const dir = `${root}/${++serial}`;
  mkdirSync(dir);
  if (layers.toml !== undefined) writeFileSync(`${dir}/config.toml`, layers.toml);
  if (layers.old !== undefined) writeFileSync(`${dir}/config.env`, layers.old);
  const env = { HOME: root, HCOM_DIR: dir, ...layers.env };
  return lazySettings(pathsOf(env, root), env);
}

/** `value [source]`, as `hcom config` shows it. */
function shown(settings: Settings, key: string): string {
  const { value, source } = settings.of(key);
  return `${value} [${source}]`;
}

describe("precedence", () => {
  const env = { HCOM_TAG: "from-env" };
  const toml = '[launch]\ntag = "from-toml"\n';
  const old = "HCOM_TAG=from-old\n";
  test("the environment wins over config.toml over config.env over the default", () => {
    expect(shown(settingsOf({ env, toml, old }), "tag")).toBe("from-env [env]");
    expect(shown(settingsOf({ toml, old }), "tag")).toBe("from-toml [toml]");
    expect(shown(settingsOf({ old }), "tag")).toBe("from-old [config.env]");
    expect(shown(settingsOf({}), "tag")).toBe(" [default]");
  });
  test("is decided for each key by itself", () => {
    const settings = settingsOf({
      env: { HCOM_TIMEOUT: "5" },
      toml: '[launch]\nhints = "be short"\n',
      old: "HCOM_TAG=api\nHCOM_HINTS=be long\n",
    });
    expect(shown(settings, "timeout")).toBe("5 [env]");
    expect(shown(settings, "hints")).toBe("be short [toml]");
    expect(shown(settings, "tag")).toBe("api [config.env]");
    expect(shown(settings, "subagent_timeout")).toBe("30 [default]");
  });
  test("an empty variable of the environment is a value: nothing", () => {
    expect(shown(settingsOf({ env: { HCOM_TAG: "" }, toml }), "tag")).toBe(" [env]");
  });
  test("the name of an older generation counts in every layer, the new name first", () => {
    const older = { HCOM_DEFAULT_SUBSCRIPTIONS: "created" };
    expect(shown(settingsOf({ env: older }), "auto_subscribe")).toBe("created [env]");
    const both = { ...older, HCOM_AUTO_SUBSCRIBE: "stopped" };
    expect(shown(settingsOf({ env: both }), "auto_subscribe")).toBe("stopped [env]");
    const file = settingsOf({ old: "HCOM_DEFAULT_SUBSCRIPTIONS=created\n" });
    expect(shown(file, "auto_subscribe")).toBe("created [config.env]");
  });
});

test("every setting is read from its variable and from its place in config.toml", () => {
  const sample: Record<string, string> = { number: "77", flag: "false" };
  for (const row of settingRows()) {
    const [choice = ""] = row.values ?? ["words"];
    const text = sample[row.kind] ?? (row.key === "terminal" ? "tmux" : choice);
    const value = row.check(text);
    const env = settingsOf({ env: { [row.env]: text } });
    expect({ key: row.key, ...env.of(row.key) }).toEqual({ key: row.key, value, source: "env" });
    const literal = typeof value === "string" ? JSON.stringify(value) : String(value);
    const path = row.toml.slice(0, -1).join(".");
    const toml = settingsOf({ toml: `[${path}]\n${row.toml.at(-1)} = ${literal}\n` });
    expect({ key: row.key, ...toml.of(row.key) }).toEqual({ key: row.key, value, source: "toml" });
  }
});

describe("an invalid value", () => {
  test("falls back to the next layer and is reported with its place", () => {
    const settings = settingsOf({
      env: { HCOM_TIMEOUT: "soon" },
      toml: "[preferences]\ntimeout = 99999999\n",
      old: "HCOM_TIMEOUT=60\n",
    });
    expect(shown(settings, "timeout")).toBe("60 [config.env]");
    const [env = "", toml = "", ...more] = settings.problems();
    expect(env).toMatch(/^timeout in the environment is ignored: .*not "soon"$/);
    expect(toml).toMatch(/^timeout in .*config\.toml is ignored: .*not "99999999"$/);
    expect(more).toEqual([]);
  });
  test("harms no other key", () => {
    const toml = '[preferences]\ntimeout = 0\n[launch]\ntag = "api"\n';
    const settings = settingsOf({ toml });
    expect(shown(settings, "timeout")).toBe("86400 [default]");
    expect(shown(settings, "tag")).toBe("api [toml]");
  });
  test("of the wrong shape is reported, not guessed", () => {
    const settings = settingsOf({ toml: '[launch.claude]\nargs = ["--model", "x"]\n' });
    expect(shown(settings, "claude_args")).toBe(" [default]");
    expect(settings.problems().join()).toMatch(/claude_args in .*config\.toml is ignored/);
  });
  test("that a shell would act on is refused where the value ends in a shell", () => {
    const settings = settingsOf({ env: { HCOM_TAG: "a;b", HCOM_HINTS: "a; b" } });
    expect(shown(settings, "tag")).toBe(" [default]");
    expect(shown(settings, "hints")).toBe("a; b [env]");
  });
});

test("a config.toml that is not TOML is reported and the other layers count", () => {
  const settings = settingsOf({ toml: "[launch\ntag = api", old: "HCOM_TAG=api\n" });
  expect(shown(settings, "tag")).toBe("api [config.env]");
  expect(settings.problems()).toHaveLength(1);
  expect(settings.problems()[0]).toMatch(/config\.toml is not TOML and is ignored/);
});

test("a settings file that is a folder or a pipe is reported and the other layers count", () => {
  for (const name of ["config.env", "config.toml"]) {
    for (const make of ["mkdir", "mkfifo"]) {
      const dir = `${root}/${make}-${name}`;
      mkdirSync(dir);
      Bun.spawnSync([make, `${dir}/${name}`]);
      const env = { HOME: root, HCOM_DIR: dir, HCOM_TAG: "api" };
      const settings = lazySettings(pathsOf(env, root), env);
      expect(shown(settings, "tag")).toBe("api [env]");
      expect(settings.problems()).toHaveLength(1);
      expect(settings.problems()[0]).toContain(`${dir}/${name} `);
      expect(settings.problems()[0]).toContain("is ignored");
      expect(sayUnused(pathsOf(env, root))).toEqual([]);
    }
  }
});

test("unknown keys and tables are left alone", () => {
  expect(settingsOf({ toml: '[later]\nx = 1\n[launch]\nnew = "y"\n' }).problems()).toEqual([]);
});

test("no file is read before somebody asks", () => {
  const dir = `${root}/late`;
  const env = { HOME: root, HCOM_DIR: dir };
  const settings = lazySettings(pathsOf(env, root), env);
  mkdirSync(dir);
  writeFileSync(`${dir}/config.toml`, '[launch]\ntag = "late"\n');
  expect(settings.text("tag")).toBe("late");
});

test("a key is found in any spelling, and a wrong one is answered with the nearest", () => {
  const settings = settingsOf({ env: { HCOM_TAG: "api" } });
  for (const key of ["tag", "TAG", "HCOM_TAG", "hcom_tag"]) {
    expect(effective(settings, key)).toMatchObject({ value: "api", source: "env" });
  }
  expect(() => effective(settings, "tga")).toThrow(/no setting "tga" - did you mean tag\?/);
});

test("values come as what they are", () => {
  const settings = settingsOf({ env: { HCOM_TIMEOUT: "7", HCOM_AUTO_APPROVE: "off" } });
  expect(settings.number("timeout")).toBe(7);
  expect(settings.flag("auto_approve")).toBe(false);
  expect(settings.flag("auto_trust_workspace")).toBe(false);
});
