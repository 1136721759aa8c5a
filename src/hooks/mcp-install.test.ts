import { expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { realSystem, type System } from "../sys/system.ts";
import { installHooks, removeHooks } from "./install.ts";
import { installMcp, mcpClientNames, mcpClientOf, mcpStatus, removeMcp } from "./mcp-install.ts";

const flags = ["--no-env-file", "--config=/dev/null", "--no-install"];
const program = ["/opt/bun", ...flags, "/opt/hcom/dist/hcom.js"];

interface Home extends Disposable {
  dir: string;
  system: System;
  put(path: string, text: string): string;
  read(path: string): string;
}

function home(env: Record<string, string> = {}): Home {
  const dir = mkdtempSync(join(tmpdir(), "hcom-mcp-"));
  return {
    dir,
    system: { ...realSystem(), env: { HOME: dir, ...env }, home: dir, cwd: dir },
    put: (path, text) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
      return join(dir, path);
    },
    read: (path) => readFileSync(join(dir, path), "utf8"),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

const places = {
  claude: ".claude.json",
  codex: ".codex/config.toml",
  gemini: ".gemini/settings.json",
  opencode: ".config/opencode/opencode.json",
} as const;

test.each(mcpClientNames)(
  "%s: installed, seen, removed; no file before, none after",
  async (name) => {
    using at = home();
    const path = join(at.dir, places[name]);
    expect(await mcpStatus(at.system, [name], program)).toMatchObject([
      { client: name, path, state: "not_installed", isChanged: false, command: [] },
    ]);
    const command = [...program, "mcp"];
    const installed = { path, state: "installed", command };
    expect(await installMcp(at.system, name, program)).toMatchObject({
      ...installed,
      isChanged: true,
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = at.read(places[name]);
    expect(await installMcp(at.system, name, program)).toMatchObject({
      ...installed,
      isChanged: false,
    });
    expect(at.read(places[name])).toBe(text);
    expect(await mcpStatus(at.system, [name], program)).toMatchObject([installed]);
    const elsewhere = ["/new/bun", ...flags, "/new/hcom.js"];
    expect(await mcpStatus(at.system, [name], elsewhere)).toMatchObject([{ state: "outdated" }]);
    expect(await removeMcp(at.system, name, program)).toMatchObject({
      path,
      state: "not_installed",
      isChanged: true,
    });
    expect(existsSync(path)).toBe(false);
    expect(await removeMcp(at.system, name, program)).toMatchObject({ isChanged: false });
  },
);

test("a link stays a link, a mode stays, and so does an empty object of the owner", async () => {
  using at = home();
  const text = '\ufeff{\r\n  "mcpServers": {\r\n  }\r\n}';
  const real = at.put("dotfiles/settings.json", text);
  chmodSync(real, 0o640);
  mkdirSync(join(at.dir, ".gemini"));
  symlinkSync(real, join(at.dir, places.gemini));
  await installMcp(at.system, "gemini", program);
  expect(at.read("dotfiles/settings.json")).toContain("/opt/bun");
  await removeMcp(at.system, "gemini", program);
  expect(at.read("dotfiles/settings.json")).toBe(text);
  expect(lstatSync(join(at.dir, places.gemini)).isSymbolicLink()).toBe(true);
  expect(statSync(real).mode & 0o777).toBe(0o640);
});

test("what others wrote meanwhile stays when the entry goes", async () => {
  using at = home();
  at.put(places.claude, '{"numStartups":1}');
  await installMcp(at.system, "claude", program);
  // As the program itself writes its file.
  const rewritten = { ...JSON.parse(at.read(places.claude)), numStartups: 2 };
  at.put(places.claude, JSON.stringify(rewritten, null, 2));
  await removeMcp(at.system, "claude", program);
  expect(at.read(places.claude)).toBe('{\n  "numStartups": 2\n}');
});

test("a second program replaces the first, and removal leaves neither", async () => {
  using at = home();
  const text = 'model = "x"\n';
  at.put(places.codex, text);
  await installMcp(at.system, "codex", program);
  // A change by its owner: the copy of the original is of no use then.
  at.put(places.codex, `${at.read(places.codex)}\n[other]\n`);
  const moved = ["/new/bun", ...flags, "/new/hcom.js"];
  await installMcp(at.system, "codex", moved);
  expect(at.read(places.codex)).not.toContain("/opt/");
  await removeMcp(at.system, "codex", moved);
  expect(at.read(places.codex)).toBe(`${text}\n[other]\n`);
});

const orders = [
  ["hooks+", "mcp+", "mcp-", "hooks-"],
  ["hooks+", "mcp+", "hooks-", "mcp-"],
  ["mcp+", "hooks+", "mcp-", "hooks-"],
  ["mcp+", "hooks+", "hooks-", "mcp-"],
  ["mcp+", "hooks+", "mcp-", "mcp+", "hooks-", "mcp-"],
] as const;

test.each(orders.map((steps) => [steps.join(" "), steps] as const))(
  "hooks in the same file come and go by themselves: %s",
  async (_what, steps) => {
    using at = home();
    const text = 'model = "x" # mine\n[features]\nhooks = false\n';
    at.put(places.codex, text);
    const present = new Set<string>();
    for (const step of steps) {
      if (step === "hooks+") await installHooks(at.system, ["codex"]);
      if (step === "hooks-") await removeHooks(at.system, ["codex"]);
      if (step === "mcp+") await installMcp(at.system, "codex", program);
      if (step === "mcp-") await removeMcp(at.system, "codex", program);
      if (step.endsWith("+")) present.add(step.slice(0, -1));
      else present.delete(step.slice(0, -1));
      const now = at.read(places.codex);
      expect([step, now.includes("[mcp_servers.hcom]")]).toEqual([step, present.has("mcp")]);
      expect([step, now.includes("hooks = true")]).toEqual([step, present.has("hooks")]);
    }
    expect(at.read(places.codex)).toBe(text);
  },
);

test.each(mcpClientNames)("%s: a broken file is refused and untouched", async (name) => {
  using at = home();
  const path = at.put(places[name], '{ "a": [');
  const refused = { code: "unparseable_settings", message: expect.stringContaining(path) };
  await expect(installMcp(at.system, name, program)).rejects.toMatchObject(refused);
  await expect(removeMcp(at.system, name, program)).rejects.toMatchObject(refused);
  expect(await mcpStatus(at.system, [name], program)).toMatchObject([
    { path, state: "unreadable", error: refused },
  ]);
  expect(at.read(places[name])).toBe('{ "a": [');
});

test("somebody else's server of our name is neither overwritten nor removed", async () => {
  using at = home();
  const text = '{"mcpServers":{"hcom":{"command":"hcom","args":["mcp"]}}}';
  at.put(places.claude, text);
  await expect(installMcp(at.system, "claude", program)).rejects.toMatchObject({
    code: "foreign_mcp_server",
    message: expect.stringContaining("which runs hcom mcp"),
  });
  expect(await removeMcp(at.system, "claude", program)).toMatchObject({
    state: "foreign",
    isChanged: false,
  });
  expect(at.read(places.claude)).toBe(text);
});

test("an entry is found in any file it stands in; a new one goes where comments may", async () => {
  using at = home();
  const plain = at.put(places.opencode, "{}");
  await installMcp(at.system, "opencode", program);
  at.put(".config/opencode/opencode.jsonc", "{ /* mine */ }");
  expect(await installMcp(at.system, "opencode", program)).toMatchObject({
    path: plain,
    isChanged: false,
  });
  await removeMcp(at.system, "opencode", program);
  expect(at.read(places.opencode)).toBe("{}");
  const { path } = await installMcp(at.system, "opencode", program);
  expect(path).toBe(join(at.dir, ".config/opencode/opencode.jsonc"));
  expect(at.read(".config/opencode/opencode.jsonc")).toContain("/* mine */");
});

const moves: [variables: Record<string, string>, name: keyof typeof places, path: string][] = [
  [{ CLAUDE_CONFIG_DIR: "/c" }, "claude", "/c/.claude.json"],
  [{ CODEX_HOME: "/c" }, "codex", "/c/config.toml"],
  [{ GEMINI_CLI_HOME: "/c" }, "gemini", "/c/.gemini/settings.json"],
  [{ XDG_CONFIG_HOME: "/c" }, "opencode", "/c/opencode/opencode.json"],
];

test.each(moves)("%j moves the file of %s to %s", async (variables, name, path) => {
  using at = home(variables);
  expect(await mcpStatus(at.system, [name], program)).toMatchObject([{ path }]);
});

test("a file that OpenCode is told to read comes first, when it is there", async () => {
  using at = home();
  const named = at.put("mine.json", "{}");
  const env = { ...at.system.env, OPENCODE_CONFIG: named };
  expect(await installMcp({ ...at.system, env }, "opencode", program)).toMatchObject({
    path: named,
  });
});

test("programs are found by name and alias, others are refused", () => {
  expect(mcpClientOf("claude-code")).toBe("claude");
  expect(mcpClientOf("gemini")).toBe("gemini");
  expect(() => mcpClientOf("toString")).toThrow('the MCP servers of "toString"');
});
