// `hcom hooks add` and `remove` on settings files as people have them: what they wrote comes back
// byte for byte, and a file that cannot be read is refused and left alone.
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Env, hcom, plainEnv, tempDir } from "./lab.ts";

function place(dir: string): { env: Env; claude: string; codex: string } {
  const claude = join(dir, "claude");
  const codex = join(dir, "codex");
  for (const folder of [claude, codex]) mkdirSync(folder);
  const env = { ...plainEnv(dir), CLAUDE_CONFIG_DIR: claude, CODEX_HOME: codex };
  return { env, claude, codex };
}

const foreign = '{ "hooks": [{ "type": "command", "command": "say done" }] }';
const rich = `{
  // my own words
  "model": "opus", /* inline */
  "unknownKey": { "b": [1, 2.50, 1e3], "a": null },
  "hooks": {
    "Stop": [${foreign}],
    "PreCompact": [ ${foreign} ]
  },
  "permissions": { "allow": ["Bash(ls:*)"], "deny": [ ] },
  "env": { "A": "1" }
}
`;

const claudeFiles: Record<string, string> = {
  "comments, unknown keys and foreign hooks": rich,
  CRLF: rich.replaceAll("\n", "\r\n"),
  "no final newline": rich.trimEnd(),
  tabs: rich.replaceAll("  ", "\t"),
  "one line": `{"model":"opus","hooks":{"Stop":[${foreign}]}}`,
  "empty object": "{}\n",
  "empty file": "",
};

const codexToml = `# my own words
model = "gpt-5.5"   # inline
unknown_key = { a = 1, b = [1, 2] }

[features]
something = true

[mcp_servers.other]
command = "other"
`;

const codexFiles: Record<string, Record<string, string>> = {
  "comments and unknown keys": { "config.toml": codexToml },
  CRLF: { "config.toml": codexToml.replaceAll("\n", "\r\n") },
  "no final newline": { "config.toml": codexToml.trimEnd() },
  "foreign hooks": {
    "config.toml": codexToml,
    "hooks.json": `{\n  "hooks": { "Stop": [${foreign}] },\n  "unknown": 1.0\n}`,
  },
};

test.each(Object.entries(claudeFiles))("claude, byte for byte: %s", async (_what, text) => {
  using dir = tempDir();
  const { env, claude } = place(dir.path);
  const path = join(claude, "settings.json");
  writeFileSync(path, text);
  await roundTrip(env, "claude", () => readFileSync(path, "utf8"), text);
  // Somebody edited the file meanwhile: the copy of the original is of no use then.
  expect((await hcom(env, ["hooks", "add", "claude"])).code).toBe(0);
  const edited = (now: string) => `${now}\n \n`;
  writeFileSync(path, edited(readFileSync(path, "utf8")));
  expect((await hcom(env, ["hooks", "remove", "claude"])).code).toBe(0);
  if (text !== "") expect(readFileSync(path, "utf8")).toBe(edited(text));
});

test.each(Object.entries(codexFiles))("codex, byte for byte: %s", async (_what, files) => {
  using dir = tempDir();
  const { env, codex } = place(dir.path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(codex, name), text);
  const names = ["config.toml", "hooks.json", "rules/hcom.rules"];
  const look = () =>
    names.map((name) => {
      const path = join(codex, name);
      return existsSync(path) ? readFileSync(path, "utf8") : null;
    });
  const before = look();
  await roundTrip(env, "codex", look, before);
});

async function roundTrip<T>(env: Env, tool: string, look: () => T, before: T): Promise<void> {
  const added = await hcom(env, ["hooks", "add", tool]);
  expect([added.code, added.err]).toEqual([0, ""]);
  const installed = look();
  expect(installed).not.toEqual(before);
  const again = await hcom(env, ["hooks", "add", tool]);
  expect(again.out).toMatch(/already installed|in its settings/);
  expect(look()).toEqual(installed);
  expect((await hcom(env, ["hooks", "remove", tool])).code).toBe(0);
  expect(look()).toEqual(before);
}

test("hooks of an earlier place of the program do not come back", async () => {
  using dir = tempDir();
  const { env, claude } = place(dir.path);
  const path = join(claude, "settings.json");
  writeFileSync(path, rich);
  expect((await hcom(env, ["hooks", "add", "claude"])).code).toBe(0);
  // The program has moved since, and the owner has written into the file.
  const moved = readFileSync(path, "utf8").replaceAll("/dist/main.js", "/was/here/main.js");
  writeFileSync(path, `${moved}\n`);
  expect((await hcom(env, ["hooks", "add", "claude"])).code).toBe(0);
  expect(readFileSync(path, "utf8")).not.toContain("/was/here/");
  expect((await hcom(env, ["hooks", "remove", "claude"])).code).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(`${rich}\n`);
});

test("no file before, none afterwards", async () => {
  using dir = tempDir();
  const { env, claude, codex } = place(dir.path);
  expect((await hcom(env, ["hooks", "add", "all"])).code).toBe(0);
  expect(existsSync(join(claude, "settings.json"))).toBe(true);
  expect((await hcom(env, ["hooks", "remove", "all"])).code).toBe(0);
  expect(existsSync(join(claude, "settings.json"))).toBe(false);
  expect(existsSync(join(codex, "hooks.json"))).toBe(false);
  expect(existsSync(join(codex, "config.toml"))).toBe(false);
});

const broken: [tool: string, file: string, text: string][] = [
  ["claude", "settings.json", '{ "hooks": '],
  ["claude", "settings.json", "not json at all"],
  ["codex", "hooks.json", '{ "hooks": {'],
  ["codex", "config.toml", "model = \n[broken"],
];

test.each(broken)("%s: a broken %s is refused and untouched: %s", async (tool, file, text) => {
  using dir = tempDir();
  const { env, path } = placeWith(dir.path, tool, file, text);
  for (const verb of ["add", "remove"]) {
    const run = await hcom(env, ["hooks", verb, tool]);
    expect([verb, run.code, readFileSync(path, "utf8")]).toEqual([verb, 1, text]);
    expect(run.err).toContain(path);
  }
});

const odd: typeof broken = [
  ["claude", "settings.json", '{ "hooks": [] }'],
  ["codex", "hooks.json", '{ "hooks": { "Stop": 1 } }'],
];

test.each(odd)("%s: a %s of another shape is left alone: %s", async (tool, file, text) => {
  using dir = tempDir();
  const { env, path } = placeWith(dir.path, tool, file, text);
  const added = await hcom(env, ["hooks", "add", tool]);
  expect([added.code, readFileSync(path, "utf8")]).toEqual([1, text]);
  expect(added.err).toContain(path);
  // It can be read, and nothing of ours is in it.
  const removed = await hcom(env, ["hooks", "remove", tool]);
  expect([removed.code, readFileSync(path, "utf8")]).toEqual([0, text]);
});

function placeWith(dir: string, tool: string, file: string, text: string) {
  const { env, claude, codex } = place(dir);
  const path = join(tool === "claude" ? claude : codex, file);
  writeFileSync(path, text);
  return { env, path };
}

test("hooks that Claude skips with the whole file are not called installed", async () => {
  using temp = tempDir();
  const { env, claude } = place(temp.path);
  writeFileSync(join(claude, "settings.json"), '{ "model": "opus", }\n');
  await hcom(env, ["hooks", "add", "claude"]);
  const asked = await hcom(env, ["hooks", "status", "claude", "--json"]);
  expect(JSON.parse(asked.out)).toMatchObject([{ tool: "claude", state: "not_running" }]);
  const status = await hcom(env, ["status", "--json"]);
  expect(JSON.parse(status.out).tools.claude.hooks).toBe("not_running");
  expect((await hcom(env, ["hooks", "status", "claude"])).out).toContain("trailing comma");
});

test("where every hook is off, those of a launch are not promised", async () => {
  using temp = tempDir();
  const { env, claude } = place(temp.path);
  writeFileSync(join(claude, "settings.json"), '{ "disableAllHooks": true }\n');
  const { out } = await hcom(env, ["hooks", "status", "claude"]);
  expect(out).toContain("claude: no hooks in its settings\n");
  expect(out).toContain("a launch's do not run either: ");
  expect(out).toContain('says "disableAllHooks": true');
  expect(out).not.toContain("get theirs anyway");
});

test("an agent that cannot write its program's settings is sent to its person", async () => {
  using temp = tempDir();
  const { env, codex } = place(temp.path);
  rmSync(codex, { recursive: true, force: true });
  writeFileSync(codex, "where a folder should be\n");
  const { code, err } = await hcom({ ...env, CODEX_THREAD_ID: "some-thread" }, ["start"]);
  expect(code).toBe(1);
  expect(err).toContain("codex runs without hcom's hooks");
  expect(err).toContain("in a terminal of your own: hcom hooks add codex; then restart codex");
});
