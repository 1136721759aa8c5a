import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Each case asks from a process of its own, because ours is what the question is about.
const root = mkdtempSync(`${tmpdir()}/hcom-base-`);
afterAll(() => rmSync(root, { recursive: true, force: true }));
const asker = join(root, "asker.ts");
const home = { HOME: root, PATH: `/usr/bin:/bin:${join(process.execPath, "..")}` };
beforeAll(() => {
  const from = (path: string) => JSON.stringify(join(import.meta.dir, path));
  writeFileSync(
    asker,
    `import { baseOf, personsEnvironment } from ${from("base-of.ts")};
    import { pathsOf } from ${from("../../config/paths.ts")};
    import { lazySettings } from ${from("../../config/settings.ts")};
    import { tools } from ${from("../../tools/index.ts")};
    const env = process.env;
    const paths = pathsOf(env, "/");
    const bus = { system: { env }, paths, settings: lazySettings(paths, env) };
    const tool = await tools[process.argv[3] ?? "claude"]();
    const person = await personsEnvironment(env);
    const { env: base } = baseOf(bus, { tool, isHere: process.argv[2] === "here", person });
    console.log(JSON.stringify(base));`,
  );
});

function ask(env: Record<string, string>, words: string[]): Record<string, string> {
  const run = Bun.spawnSync(words, { env: { ...home, ...env }, stdin: "ignore" });
  return JSON.parse(run.stdout.toString() || run.stderr.toString());
}

const words = ["bun", asker, "elsewhere"];
/** Something with an agent program's name, whose commands get more than it was started with. */
function insideAgent(env: Record<string, string>): Record<string, string> {
  mkdirSync(join(root, "bin"), { recursive: true });
  const program = join(root, "bin/claude");
  const given = "CLAUDECODE=1 HCOM_TOOL=claude GIT_EDITOR=true LANG=C TOKEN_OF_TOOL=1";
  const run = `env -u NODE_CHANNEL_FD ${given} HCOM_NOTES=said ${words.join(" ")}`;
  writeFileSync(program, `#!/bin/sh\nsh -c '${run}; true'\n`, { mode: 0o755 });
  return ask(env, [program]);
}

describe("what an agent inherits", () => {
  test("inside of an agent is what that one's person had, and what is said to hcom", () => {
    const base = insideAgent({
      LANG: "de_DE",
      MY_KEY: "k",
      HCOM_PROCESS_ID: "p",
      HCOM_TOOL: "claude",
    });
    expect(base).toMatchObject({
      LANG: "de_DE",
      MY_KEY: "k",
      HCOM_NOTES: "said",
    });
    const names = [
      "NODE_CHANNEL_FD",
      "GIT_EDITOR",
      "TOKEN_OF_TOOL",
      "CLAUDECODE",
      "HCOM_PROCESS_ID",
    ];
    expect(names.filter((name) => name in base)).toEqual([]);
  });

  test("is what the login shell knows where nothing tells how that agent was started", () => {
    writeFileSync(join(root, ".bash_profile"), "export LANG=fr_FR PATH=/shells:$PATH\n");
    const around = { SHELL: "/bin/bash", LANG: "C", MY_KEY: "k", GIT_EDITOR: "true" };
    const base = ask({ ...around, CLAUDECODE: "1", CLAUDE_CODE_ENTRYPOINT: "cli" }, words);
    expect(base).toMatchObject({ LANG: "fr_FR", MY_KEY: "k" });
    expect(base["PATH"]?.split(":")[0]).toBe("/shells");
    expect(base["PATH"]).toEndWith(join(process.execPath, ".."));
    expect(["GIT_EDITOR", "CLAUDE_CODE_ENTRYPOINT"].filter((name) => name in base)).toEqual([]);
  });

  test("is no job of a build machine, whose other variables stay", () => {
    const ci = {
      CI: "true",
      GITHUB_ACTIONS: "true",
      npm_lifecycle_event: "x",
      CARGO_PKG_NAME: "x",
    };
    const kept = {
      ANTHROPIC_API_KEY: "k",
      GITHUB_TOKEN: "t",
      CARGO_HOME: "/c",
      npm_config_prefix: "/n",
    };
    const base = ask({ ...ci, ...kept }, words);
    expect(base).toMatchObject(kept);
    expect(Object.keys(ci).filter((name) => name in base)).toEqual([]);
  });

  test("in this terminal is all that stands in it", () => {
    const around = { CI: "true", GIT_EDITOR: "true", TERM_PROGRAM: "x" };
    expect(ask(around, ["bun", asker, "here"])).toMatchObject(around);
  });
});

describe("where the agent programs have their settings", () => {
  const project = { HCOM_DIR: join(root, "project/.hcom") };

  test("is at home, whatever HCOM_DIR is", () => {
    expect("CLAUDE_CONFIG_DIR" in ask(project, words)).toBe(false);
  });

  test("is beside HCOM_DIR where its owner wants that", () => {
    const beside = { ...project, HCOM_CONFIG_DIRS: "beside" };
    const of = (tool: string) => ask(beside, [...words, tool]);
    expect(of("claude")["CLAUDE_CONFIG_DIR"]).toBe(join(root, "project/.claude"));
    expect(of("codex")["CODEX_HOME"]).toBe(join(root, "project/.codex"));
    expect(of("gemini")["GEMINI_CLI_HOME"]).toBe(join(root, "project"));
    expect("HCOM_MOVED_DIRS" in of("gemini")).toBe(false);
    // Its logins and conversations go along; its commands are not to get those variables.
    expect(of("opencode")).toMatchObject({
      XDG_CONFIG_HOME: join(root, "project/.config"),
      XDG_DATA_HOME: join(root, "project/.local/share"),
      XDG_STATE_HOME: join(root, "project/.local/state"),
      HCOM_MOVED_DIRS: "XDG_CONFIG_HOME:XDG_DATA_HOME:XDG_STATE_HOME",
    });
    const shared = ask({ ...beside, XDG_DATA_HOME: "/mine" }, [...words, "opencode"]);
    expect(shared["XDG_DATA_HOME"]).toBe("/mine");
    expect(shared["HCOM_MOVED_DIRS"]).toBe("XDG_CONFIG_HOME:XDG_STATE_HOME");
    const own = { ...beside, CLAUDE_CONFIG_DIR: "/mine" };
    expect(ask(own, words)["CLAUDE_CONFIG_DIR"]).toBe("/mine");
    expect("CLAUDE_CONFIG_DIR" in ask({ HCOM_CONFIG_DIRS: "beside" }, words)).toBe(false);
  });
});
