import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathsOf } from "../config/paths.ts";
import { realSystem, type System } from "../sys/system.ts";
import { tools } from "../tools/index.ts";
import { hooksShown, hooksStatus, installHooks, removeHooks } from "./install.ts";
import { hookObstacles } from "./per-run.ts";
import { writeSettings } from "./settings-edit.ts";

interface Home extends Disposable {
  dir: string;
  system: System;
  put(path: string, text: string): string;
  read(path: string): string | undefined;
}

function home(): Home {
  const dir = mkdtempSync(join(tmpdir(), "hcom-hooks-"));
  for (const folder of [".claude", ".codex", "dotfiles"]) mkdirSync(join(dir, folder));
  const env = { HOME: dir, PATH: "/usr/bin:/bin" };
  return {
    dir,
    system: { ...realSystem(), env, home: dir, cwd: dir },
    put: (path, text) => {
      writeFileSync(join(dir, path), text);
      return join(dir, path);
    },
    read: (path) =>
      existsSync(join(dir, path)) ? readFileSync(join(dir, path), "utf8") : undefined,
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

const settings = ".claude/settings.json";

test("a file moved behind a link keeps the link, and loses our entries", async () => {
  using at = home();
  await installHooks(at.system, ["claude"]);
  renameSync(join(at.dir, settings), join(at.dir, "dotfiles/claude.json"));
  symlinkSync("../dotfiles/claude.json", join(at.dir, settings));
  expect((await removeHooks(at.system, ["claude"]))[0]?.error).toBeUndefined();
  expect(readlinkSync(join(at.dir, settings))).toBe("../dotfiles/claude.json");
  expect(at.read("dotfiles/claude.json")).toBe("{}\n");
});

test("a file that is no UTF-8 is refused, and keeps every byte", async () => {
  using at = home();
  for (const [tool, path, text] of [
    ["claude", settings, '{ "model": "caf\xe9" }\n'],
    ["codex", ".codex/config.toml", "# caf\xe9\n[features]\nhooks = false\n"],
  ] as const) {
    const latin1 = Buffer.from(text, "latin1");
    writeFileSync(join(at.dir, path), latin1);
    const [result] = await installHooks(at.system, [tool]);
    expect([tool, result?.error?.message]).toEqual([
      tool,
      expect.stringContaining("is not UTF-8, and stays as it is"),
    ]);
    expect(readFileSync(join(at.dir, path))).toEqual(latin1);
  }
});

test("a dangling link dangles again afterwards", async () => {
  using at = home();
  symlinkSync("../dotfiles/none.json", join(at.dir, settings));
  await installHooks(at.system, ["claude"]);
  expect(at.read("dotfiles/none.json")).toContain("sessionstart");
  await removeHooks(at.system, ["claude"]);
  expect(lstatSync(join(at.dir, settings)).isSymbolicLink()).toBe(true);
  expect(at.read("dotfiles/none.json")).toBeUndefined();
});

test("a refusal of one file leaves all files as they are, and names the owner's line", async () => {
  using at = home();
  const config = "# mine\n\nhooks = { SessionStart = [] }\n";
  at.put(".codex/config.toml", config);
  const [result] = await installHooks(at.system, ["codex"]);
  expect(result?.error?.message).toContain('"hooks" at line 3, column 1');
  expect(at.read(".codex/config.toml")).toBe(config);
  expect(readdirSync(join(at.dir, ".codex"))).toEqual(["config.toml"]);
});

test("when one of several files cannot be written, those before it are put back", () => {
  using at = home();
  const paths = pathsOf(at.system.env, at.dir);
  const first = at.put("first", "a\n");
  at.put("file", "");
  const edit = (path: string, before: string | undefined) => ({
    ...{ path, before, next: "ours\n", record: undefined },
  });
  const edits = [edit(first, "a\n"), edit(join(at.dir, "file/below"), undefined)];
  expect(() => writeSettings(paths, edits)).toThrow();
  expect(at.read("first")).toBe("a\n");
});

test("what somebody wrote at that very moment is not overwritten", () => {
  using at = home();
  const path = at.put("settings", "theirs\n");
  const paths = pathsOf(at.system.env, at.dir);
  const edit = { path, before: "old\n", next: "ours\n", record: undefined };
  expect(() => writeSettings(paths, [edit])).toThrow("written by somebody else");
  expect(at.read("settings")).toBe("theirs\n");
});

test("rules that the owner had before us stay, ours go", async () => {
  using at = home();
  const own = '{\n  "permissions": {\n    "allow": [\n      "Bash(hcom list:*)"\n    ]\n  }\n}\n';
  at.put(settings, own);
  await installHooks(at.system, ["claude"]);
  const now = JSON.parse(at.read(settings) ?? "");
  at.put(settings, `${JSON.stringify({ ...now, model: "opus" }, null, 2)}\n`);
  await removeHooks(at.system, ["claude"]);
  const wanted = { permissions: { allow: ["Bash(hcom list:*)"] }, model: "opus" };
  expect(at.read(settings)).toBe(`${JSON.stringify(wanted, null, 2)}\n`);
});

test("nothing is ours where hcom never was", async () => {
  using at = home();
  const config = 'notify = ["agent-deck", "codex-notify"]\n[features]\ncodex_hooks = true\n';
  const claude = '{"permissions":{"allow":["Bash(hcom send:*)"]},"env":{"HCOM":"hcom"}}';
  at.put(".codex/config.toml", config);
  at.put(settings, claude);
  await removeHooks(at.system);
  expect([at.read(".codex/config.toml"), at.read(settings)]).toEqual([config, claude]);
});

test("temporary files of an interrupted edit are told, and go with the next one", async () => {
  using at = home();
  await installHooks(at.system, ["claude"]);
  const left = at.put(`${settings}.hcom-999999999-abc`, "{");
  const foreign = at.put(`${settings}.hcom-mine`, "mine");
  expect((await hooksStatus(at.system, ["claude"]))[0]?.problems.join()).toContain(left);
  await removeHooks(at.system, ["claude"]);
  expect([existsSync(left), existsSync(foreign)]).toEqual([false, true]);
});

test("the folders that were made for our files go with them", async () => {
  using at = home();
  rmSync(join(at.dir, ".claude"), { recursive: true });
  await installHooks(at.system, ["claude"]);
  await removeHooks(at.system, ["claude"]);
  expect(existsSync(join(at.dir, ".claude"))).toBe(false);
});

test("what is written is shown, and nothing else", async () => {
  using at = home();
  at.put(settings, '{\n  "model": "opus"\n}\n');
  expect(await hooksShown(at.system, ["claude"])).toEqual([]);
  await installHooks(at.system, ["claude"]);
  const [shown] = await hooksShown(at.system, ["claude"]);
  expect(shown?.path).toBe(join(at.dir, settings));
  expect(shown?.lines.join("\n")).toContain("Bash(hcom send:*)");
  expect(shown?.lines.join("\n")).not.toContain("opus");
});

const obstacles: [text: string, reason: string][] = [
  ['{ "disableAllHooks": true }', "disableAllHooks"],
  ['{\n  // mine\n  "cleanupPeriodDays": 30\n}', "comments or a trailing comma"],
  ['{ "cleanupPeriodDays": 30, }', "comments or a trailing comma"],
];

test.each(obstacles)("hooks in %s are said not to run", async (text, reason) => {
  using at = home();
  at.put(settings, text);
  await installHooks(at.system, ["claude"]);
  const claude = await tools.claude();
  const found = await hookObstacles(at.system, claude, { directory: at.dir });
  expect(found.join("\n")).toContain(reason);
});

test("a program behind installed hooks that is cut off, or another one, is noticed", async () => {
  using at = home();
  await installHooks(at.system, ["claude"]);
  const claude = await tools.claude();
  const place = { directory: at.dir };
  expect(await hookObstacles(at.system, claude, place)).toEqual([]);
  const text = at.read(settings) ?? "";
  const main = /exec .* (\/\S+\/main\.(?:ts|js)) /.exec(text)?.[1] ?? "none";
  const broken = at.put("main.js", "export const cut = (");
  at.put(settings, text.replaceAll(main, broken));
  expect((await hookObstacles(at.system, claude, place)).join()).toContain("damaged or no hcom");
  const bun = at.put("bun", "#!/bin/sh\nexit 0\n");
  chmodSync(bun, 0o755);
  at.put(settings, text.replaceAll(process.execPath, bun));
  expect((await hookObstacles(at.system, claude, place)).join()).toContain("damaged or no hcom");
});

/** As earlier programs of this name wrote them: one line that tests whether the program is there. */
const guarded = (hook: string) => [
  `hcom ${hook}`,
  `\${HCOM:-hcom} ${hook}`,
  `c="\${HCOM:-hcom}"; command -v "\${c%% *}" >/dev/null 2>&1 && exec $c ${hook} || exit 0`,
  `set -- \${HCOM:-hcom}; command -v "$1" >/dev/null 2>&1 || exit 0; exec "$@" ${hook}`,
  `sh -c 'command -v hcom >/dev/null 2>&1 && exec hcom ${hook} || exit 0'`,
];

const theirs: [tool: "claude" | "codex" | "gemini", path: string, event: string, hook: string][] = [
  ["claude", settings, "Stop", "poll"],
  ["codex", ".codex/hooks.json", "Stop", "codex-stop"],
  ["gemini", ".gemini/settings.json", "AfterAgent", "gemini-afteragent"],
];

test.each(theirs)(
  "what an earlier program left for %s in %s is replaced, and goes",
  async (...one) => {
    const [tool, path, event, hook] = one;
    for (const command of guarded(hook)) {
      using at = home();
      mkdirSync(join(at.dir, ".gemini"), { recursive: true });
      const foreign = { type: "command", command: "mine" };
      const groups = [{ hooks: [{ type: "command", command }] }, { hooks: [foreign] }];
      at.put(path, JSON.stringify({ hooks: { [event]: groups } }));
      const [status] = await hooksStatus(at.system, [tool]);
      expect([command, status?.isPresent]).toEqual([command, true]);
      const [added] = await installHooks(at.system, [tool]);
      // Trust wants the real program.
      expect([command, added?.error?.code ?? "", added?.problems ?? []]).toEqual([
        command,
        expect.not.stringContaining("hooks_missing"),
        expect.anything(),
      ]);
      const text = at.read(path) ?? "";
      expect([command, text.includes(JSON.stringify(command).slice(1, -1))]).toEqual([
        command,
        false,
      ]);
      await removeHooks(at.system, [tool]);
      expect(JSON.parse(at.read(path) ?? "{}").hooks).toEqual({ [event]: [{ hooks: [foreign] }] });
    }
  },
);

test("permissions of an earlier program without its hooks are no hindrance, and stay", async () => {
  using at = home();
  const allow = ["Bash(hcom term:*)", "Bash(hcom send:*)", "Bash(ls)"];
  const text = `${JSON.stringify({ permissions: { allow } }, null, 2)}\n`;
  at.put(settings, text);
  const [added] = await installHooks(at.system, ["claude"]);
  expect([added?.error, added?.problems]).toEqual([undefined, []]);
  expect((await hooksStatus(at.system, ["claude"]))[0]?.problems).toEqual([]);
  await removeHooks(at.system, ["claude"]);
  expect(at.read(settings)).toBe(text);
});

test("hooks of the owner that only speak of hcom stay", async () => {
  const theirs = [
    "notify hcom",
    "post hcom",
    '[ -n "$HCOM" ] && notify',
    "FOO=hcom; pre $FOO",
    "hcom; pre",
    "hcom | poll",
    "echo hcom post",
    "poll",
  ];
  for (const command of theirs) {
    using at = home();
    const text = JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: "command", command }] }] } });
    at.put(settings, text);
    await installHooks(at.system, ["claude"]);
    expect([command, at.read(settings)]).toEqual([
      ...[command, expect.stringContaining(JSON.stringify(command))],
    ]);
    await removeHooks(at.system, ["claude"]);
    expect([command, at.read(settings)]).toEqual([command, text]);
  }
});
