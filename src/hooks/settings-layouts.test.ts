// What owners have, then `hooks add`, then what the vendor's own program writes into the file, then
// `hooks remove`: byte for byte what the vendor would have made of the owner's file without us.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { realSystem, type System } from "../sys/system.ts";
import { installHooks, removeHooks } from "./install.ts";

let root: string;
let serial = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "hcom-layouts-"));
});
afterAll(() => rmSync(root, { recursive: true }));

function systemAt(dir: string): System {
  const env = { HOME: dir, PATH: "/usr/bin:/bin" };
  return { ...realSystem(), env, home: dir, cwd: dir };
}

type Write = (text: string | undefined) => string;

/** The file afterwards, and what the vendor alone would have made of it. */
async function roundTrip(tool: string, file: string, text: string | undefined, vendor: Write) {
  const dir = join(root, String(++serial));
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  if (text !== undefined) writeFileSync(path, text);
  const read = () => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  const system = systemAt(dir);
  const [added] = await installHooks(system, [tool]);
  expect(added?.error).toBeUndefined();
  writeFileSync(path, vendor(read()));
  const [removed] = await removeHooks(system, [tool]);
  expect(removed?.error).toBeUndefined();
  return { left: read(), wanted: vendor(text) };
}

/** Claude Code writes its settings anew, with two blanks and a final line end. */
const claudeWrites: Record<string, (value: Record<string, unknown>) => object> = {
  "a new key": (value) => ({ ...value, model: "opus" }),
  "a rule that was allowed": (value) => {
    const permissions: object = value["permissions"] ?? {};
    const allow: unknown = Reflect.get(permissions, "allow") ?? [];
    const more = [...(Array.isArray(allow) ? allow : []), "Bash(make:*)"];
    // What is new stands in front, as where our list was there already.
    const changed = { ...{ allow: [] }, ...permissions };
    return { ...{ permissions: {} }, ...value, permissions: { ...changed, allow: more } };
  },
  "a plugin switched on": (value) => ({ ...value, enabledPlugins: { "a@b": true } }),
};

const theirHook = { hooks: [{ type: "command", command: "say done" }] };
const claudeLayouts: readonly (object | undefined)[] = [
  undefined,
  {},
  { theme: "dark" },
  { hooks: {} },
  { hooks: { Stop: [] } },
  { hooks: { Stop: [theirHook] }, theme: "dark" },
  { hooks: { PostToolUse: [{ matcher: "Bash", ...theirHook }] } },
  { permissions: {} },
  { permissions: { allow: [] } },
  { permissions: { allow: ["Bash(ls:*)"], deny: ["Read(.env)"] } },
  { permissions: { allow: ["Bash(hcom send:*)", "Bash(hcom kill:*)"] } },
  { permissions: { defaultMode: "plan" }, hooks: { SessionStart: [theirHook] } },
  { env: { A: "1", HCOM_DIR: "/x" } },
  { env: {}, statusLine: { type: "command", command: "date" } },
  { sandbox: { enabled: true }, hooks: { Stop: [theirHook, theirHook] } },
  { disableAllHooks: true, permissions: { ask: ["Bash"] } },
];

describe("Claude Code's settings.json", () => {
  for (const [at, layout] of claudeLayouts.entries()) {
    for (const unit of [2, 4, 0]) {
      const text = layout === undefined ? undefined : JSON.stringify(layout, null, unit);
      for (const [what, change] of Object.entries(claudeWrites)) {
        test(`layout ${at}, indented by ${unit}, and ${what}`, async () => {
          const vendor: Write = (now) =>
            `${JSON.stringify(change(JSON.parse(now ?? "{}")), null, 2)}\n`;
          const { left, wanted } = await roundTrip("claude", ".claude/settings.json", text, vendor);
          expect(left).toBe(wanted);
        });
      }
    }
  }
});

/** Codex edits its config.toml in place: a pair in front of the tables, a table behind them. */
const codexWrites: Record<string, Write> = {
  "a table": (now = "") => {
    const end = now === "" || now.endsWith("\n") ? "" : "\n";
    return `${now}${end}\n[projects."/p"]\ntrust_level = "trusted"\n`;
  },
  "a pair": (now = "") => `model = "new"\n${now}`,
};

const codexLayouts: readonly (string | undefined)[] = [
  undefined,
  "# mine\n",
  'approval_policy = "never"\n',
  'approval_policy = "never"',
  "[features]\ncodex_hooks = true\n",
  "[features]\nhooks = true # mine\n",
  'notify = ["agent-deck", "codex-notify"]\n',
  '[mcp_servers.other]\ncommand = "x"\nargs = []\n',
  '[sandbox_workspace_write]\nwritable_roots = ["/srv"]\nnetwork_access = false\n',
  '[hooks.state."/other/hooks.json:stop:0:0"]\ntrusted_hash = "sha256:1"\n',
  '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "say"\n',
  '[profiles."a.b"]\nmodel = "y"\r\n',
  'text = """\n[features]\n"""\n[tui]\ntheme = "x"\n',
];

describe("Codex's config.toml", () => {
  for (const [at, layout] of codexLayouts.entries()) {
    for (const [what, vendor] of Object.entries(codexWrites)) {
      test(`layout ${at} and ${what}`, async () => {
        const { left, wanted } = await roundTrip("codex", ".codex/config.toml", layout, vendor);
        expect(left).toBe(wanted);
      });
    }
  }
});

const hookLayouts: readonly (object | undefined)[] = [
  { hooks: {} },
  { hooks: { Stop: [] } },
  { hooks: { Stop: [theirHook], PreToolUse: [{ matcher: "Bash", ...theirHook }] } },
  { note: 1 },
];

describe("Codex's hooks.json", () => {
  for (const [at, layout] of hookLayouts.entries()) {
    for (const unit of [2, "\t", 0]) {
      test(`layout ${at}, indented by ${JSON.stringify(unit)}, written by others`, async () => {
        const text = JSON.stringify(layout, null, unit);
        const vendor: Write = (now) =>
          `${JSON.stringify({ ...JSON.parse(now ?? "{}"), by: "others" }, null, 2)}\n`;
        const { left, wanted } = await roundTrip("codex", ".codex/hooks.json", text, vendor);
        expect(left).toBe(wanted);
      });
    }
  }
});
