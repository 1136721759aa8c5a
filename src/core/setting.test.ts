import { describe, expect, test } from "bun:test";
import { Refusal } from "./refusal.ts";
import { findSetting, isShellUnsafe, type SettingValue, settingRows } from "./setting.ts";

describe("the table", () => {
  test("keys, variables and places are unique", () => {
    for (const list of [
      settingRows().flatMap((row) => [row.key, ...row.aliases]),
      settingRows().flatMap((row) => [row.env, ...row.envAliases]),
      settingRows().map((row) => row.toml.join(".")),
    ]) {
      expect(new Set(list).size).toBe(list.length);
    }
  });
  test("every default passes its own check and every row says what it is for", () => {
    for (const row of settingRows()) {
      expect(row.check(String(row.default))).toBe(row.default);
      expect(row.describe).toMatch(/^[A-Z].{20,100}\.$/);
    }
  });
  test("empty gives the default, only a flag is off", () => {
    for (const row of settingRows()) {
      const expected = {
        flag: false,
        number: row.default,
        choice: row.default,
        list: row.default,
        text: "",
      }[row.kind];
      expect(row.check("")).toBe(expected);
    }
  });
  test("places and variables are the documented ones", () => {
    const places = settingRows().map((row) => `${row.env} ${row.toml.join(".")} ${row.default}`);
    expect(places).toEqual([
      "HCOM_TIMEOUT preferences.timeout 86400",
      "HCOM_AUTO_APPROVE preferences.auto_approve true",
      "HCOM_NAME_EXPORT preferences.name_export ",
      "HCOM_WAKE preferences.wake auto",
      "HCOM_BROADCAST preferences.broadcast all",
      "HCOM_TAG launch.tag ",
      "HCOM_HINTS launch.hints ",
      "HCOM_NOTES launch.notes ",
      "HCOM_BOOTSTRAP_EXCLUDE launch.bootstrap_exclude none",
      "HCOM_SUBAGENT_TIMEOUT launch.subagent_timeout 30",
      "HCOM_CONFIG_DIRS launch.config_dirs home",
      "HCOM_AUTO_SUBSCRIBE launch.auto_subscribe collision",
      "HCOM_AUTO_TRUST_WORKSPACE launch.auto_trust_workspace false",
      "HCOM_CLAUDE_ARGS launch.claude.args ",
      "HCOM_CLAUDE_DELIVERY launch.claude.delivery hooks",
      "HCOM_CODEX_ARGS launch.codex.args ",
      "HCOM_CODEX_SYSTEM_PROMPT launch.codex.system_prompt ",
      "HCOM_CODEX_SANDBOX_MODE launch.codex.sandbox_mode none",
      "HCOM_GEMINI_ARGS launch.gemini.args ",
      "HCOM_GEMINI_SYSTEM_PROMPT launch.gemini.system_prompt ",
      "HCOM_OPENCODE_ARGS launch.opencode.args ",
      "HCOM_TERMINAL terminal.active default",
      "HCOM_TITLE_MODE terminal.title_mode combined",
      "HCOM_DASHBOARD_KEYS dashboard.keys ",
      "HCOM_DASHBOARD_NOTICE dashboard.notice desktop",
      "HCOM_DASHBOARD_MOUSE dashboard.mouse false",
    ]);
    expect(findSetting("auto_subscribe").envAliases).toEqual(["HCOM_DEFAULT_SUBSCRIPTIONS"]);
  });
});

describe("values", () => {
  function check(key: string, text: string, value: SettingValue): void {
    test(`${key} = ${text}`, () => expect(findSetting(key).check(text)).toBe(value));
  }
  function refused(key: string, text: string, reason: RegExp): void {
    test(`${key} = ${JSON.stringify(text)} is refused`, () => {
      expect(() => findSetting(key).check(text)).toThrow(Refusal);
      expect(() => findSetting(key).check(text)).toThrow(reason);
    });
  }
  check("timeout", "1", 1);
  check("timeout", " 60 ", 60);
  refused("timeout", "0", /timeout must be a whole number of seconds from 1 to 86400, not "0"/);
  refused("timeout", "86401", /86400/);
  refused("timeout", "1.5", /whole number/);
  for (const text of ["0", "false", "False", "no", "off"]) check("auto_approve", text, false);
  for (const text of ["1", "true", "Yes", "on"]) check("auto_approve", text, true);
  refused("auto_approve", "maybe", /true or false/);
  check("name_export", "MY_NAME", "MY_NAME");
  refused("name_export", "1X", /shell variable/);
  check("tag", "123", "123");
  refused("tag", "a_b", /letters, digits and hyphens/);
  refused("tag", "a;b", /free of/);
  check("hints", "use `rg`; not $(grep)", "use `rg`; not $(grep)");
  check("auto_subscribe", "Collision, stopped,stopped", "collision,stopped");
  check("auto_subscribe", "none", "none");
  for (const text of ["nothing", "idle", "collision,", "none,collision", "toString"]) {
    refused("auto_subscribe", text, /collision, created, stopped, blocked .*or none/);
  }
  check("claude_args", `--model "big one" 'x y' a\\ b`, `--model "big one" 'x y' a\\ b`);
  refused("claude_args", `--model "big`, /every quote closed/);
  refused("codex_args", "it's", /every quote closed/);
  refused("codex_args", "end\\", /every quote closed/);
  check("codex_sandbox_mode", "full-auto", "workspace");
  check("codex_sandbox_mode", "Danger-Full-Access", "danger-full-access");
  refused("codex_sandbox_mode", "constructor", /one of workspace, untrusted/);
  check("terminal", "HERE", "here");
  check("terminal", "kitty-tab", "kitty-tab");
  check("terminal", "xterm -e {script}", "xterm -e {script}");
  refused("terminal", "xterm -e", /\{script\}/);
  refused("terminal", "rm -rf x; {script}", /free of/);
  check("wake", "TCP", "tcp");
  refused("wake", "udp", /one of auto, watch, tcp/);
  check("title_mode", "label", "label");
});

describe("keys", () => {
  test("are found in any spelling", () => {
    for (const key of ["tag", "TAG", "HCOM_TAG", "hcom_tag"])
      expect(findSetting(key).key).toBe("tag");
    expect(findSetting("HCOM_DEFAULT_SUBSCRIPTIONS").key).toBe("auto_subscribe");
  });
  test("an unknown one is refused with the list and the nearest", () => {
    expect(() => findSetting("timout")).toThrow(/no setting "timout" - did you mean timeout\?$/);
    expect(() => findSetting("zzzzzz")).toThrow(
      expect.objectContaining({
        message: 'no setting "zzzzzz"',
        hint: expect.stringMatching(/^settings: timeout, .*dashboard_mouse$/),
        exit: 2,
      }),
    );
    expect(() => findSetting("")).toThrow(expect.objectContaining({ code: "unknown_setting" }));
  });
});

test("what a shell would act on", () => {
  for (const sign of "`$;|&\n\r") expect(isShellUnsafe(`a${sign}b`)).toBe(true);
  expect(isShellUnsafe("a 'b' \"c\" {script} <d> (e) * \\")).toBe(false);
});
