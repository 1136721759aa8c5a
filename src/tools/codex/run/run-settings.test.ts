import { expect, test } from "bun:test";
import { hookCommand } from "../../hook-command.ts";
import type { RunOptions } from "../../tool.ts";
import { obstacles } from "./obstacles.ts";
import { perRun } from "./run-settings.ts";

const program = ["/bun", "/main.js"];
const run: RunOptions = {
  ...{ program, autoApprove: true, commandWord: "hcom", version: "0.171.0" },
  ...{ configDir: "/c", directory: "/d", args: [], env: {}, arePassed: false },
  answers: undefined,
  readFile: () => undefined,
  ...{ hcomDir: "/home/me/.hcom", sandboxMode: "none", autoTrust: false },
};

/** As Codex reads our `-c` flags. */
function flagsOf(changes: Partial<RunOptions>): {
  config: object;
  rest: string[];
  notes: string[];
} {
  const { added, notes } = perRun.settings({ ...run, ...changes });
  const flags = added("");
  const settings = flags.flatMap((flag, at) => (flags[at - 1] === "-c" ? [flag] : []));
  const rest = flags.filter((flag) => flag !== "-c" && !settings.includes(flag));
  return { config: Bun.TOML.parse(settings.join("\n")), rest, notes };
}

const answering = (config: object, hooks: object[] = []) =>
  new Map<unknown, unknown>([
    [2, { result: { data: [{ hooks }] } }],
    [3, { result: { config } }],
  ]);
const roots = (...writable_roots: string[]) => ({ sandbox_workspace_write: { writable_roots } });
const dir = run.hcomDir;

test("our directory joins the owner's roots, and nothing else of the sandbox changes", () => {
  const owner = { sandbox_mode: "workspace-write", ...roots("/srv/data") };
  for (const args of [[], ["--add-dir", "/srv"], ["-a", "never"], ["--approve-for-me"]]) {
    const found = flagsOf({ args, answers: answering(owner) });
    expect(found).toEqual({ config: roots("/srv/data", dir), rest: [], notes: [] });
  }
  expect(flagsOf({ args: ["--full-auto"], answers: answering({}) }).config).toEqual(roots(dir));
});

test("where the owner's mode writes nothing, or everything, nothing is added", () => {
  const readOnly = flagsOf({ answers: answering({ sandbox_mode: "read-only", ...roots("/x") }) });
  expect(readOnly.config).toEqual({});
  expect(readOnly.notes.join()).toContain("read-only");
  expect(flagsOf({ args: ["-s", "read-only"], answers: answering({}) }).config).toEqual({});
  expect(flagsOf({ args: ["--yolo"], answers: answering({}) }).config).toEqual({});
  expect(flagsOf({ answers: answering({ sandbox_mode: "danger-full-access" }) }).config).toEqual(
    {},
  );
});

test("a permission profile of the owner is widened, or left alone where it writes nothing", () => {
  const mine = { filesystem: { ":workspace_roots": "write" } };
  const own = { default_permissions: "mine", permissions: { mine } };
  expect(flagsOf({ answers: answering(own) }).config).toEqual({
    permissions: { mine: { filesystem: { [dir]: "write" } } },
  });
  expect(flagsOf({ answers: answering({ default_permissions: ":workspace" }) }).config).toEqual({
    default_permissions: "hcom",
    permissions: { hcom: { extends: ":workspace", filesystem: { [dir]: "write" } } },
  });
  const closed = { default_permissions: "mine", permissions: { mine: { filesystem: {} } } };
  const found = flagsOf({ answers: answering(closed) });
  expect([found.config, found.notes.length]).toEqual([{}, 1]);
});

test("without an answer of Codex the owner's own files count", () => {
  const files: Record<string, string> = {
    "/c/config.toml": '[sandbox_workspace_write]\nwritable_roots = ["/srv"]\n',
    "/c/work.config.toml": 'sandbox_mode = "read-only"\n',
  };
  const readFile = (path: string) => files[path];
  expect(flagsOf({ readFile }).config).toEqual(roots("/srv", dir));
  expect(flagsOf({ readFile, args: ["-p", "work"] }).config).toEqual({});
});

test("hcom's own setting is passed only where the user chose no mode", () => {
  expect(flagsOf({ sandboxMode: "workspace" }).rest).toEqual(["--sandbox", "workspace-write"]);
  expect(flagsOf({ sandboxMode: "workspace", args: ["-s", "read-only"] }).rest).toEqual([]);
  expect(flagsOf({ sandboxMode: "danger-full-access" }).rest).toEqual([
    "--dangerously-bypass-approvals-and-sandbox",
  ]);
  const untrusted = (version: string) => flagsOf({ sandboxMode: "untrusted", version }).rest;
  expect(untrusted("0.171.0").slice(2)).toEqual(["-a", "on-request"]);
  expect(untrusted("0.145.0").slice(2)).toEqual(["-a", "untrusted"]);
});

test("a directory is trusted only when configured, and that is said", () => {
  const found = flagsOf({ autoTrust: true, directory: '/a.b/"c"' });
  expect(found.config).toMatchObject({ projects: { '/a.b/"c"': { trust_level: "trusted" } } });
  expect(found.notes.join()).toContain("auto_trust_workspace");
  expect(flagsOf({}).config).not.toHaveProperty("projects");
});

test("hooks come with the hash that Codex tells, and with the user's own of the same event", () => {
  const key = "/<session-flags>/config.toml:stop:1:0";
  const command = hookCommand(program, "codex-stop", { ends: "0" });
  const listed = { key, command, source: "sessionFlags", enabled: true, currentHash: "sha256:1" };
  const foreign = { ...listed, key: "/x:stop:0:0", command: "say", currentHash: "sha256:2" };
  const args = ["-c", 'hooks.Stop=[{hooks=[{type="command",command="say"}]},]'];
  const answers = answering({}, [listed, foreign]);
  const { config } = flagsOf({ arePassed: true, args, answers });
  expect(config).toMatchObject({
    hooks: {
      Stop: [{ hooks: [{ command: "say" }] }, { hooks: [{ command }] }],
      state: { [key]: { trusted_hash: "sha256:1" } },
    },
  });
  expect(JSON.stringify(config)).not.toContain("sha256:2");
  expect(perRun.serverArgs({ ...run, args, arePassed: true }).slice(0, 2)).toEqual(args);
});

test("what Codex itself says against hooks is told", () => {
  const place = { ...run, answers: answering({ features: { hooks: false } }) };
  expect(obstacles(place).join()).toContain("features.hooks = false");
  const hook = { command: hookCommand(program, "codex-stop", { ends: "0" }), source: "user" };
  const modified = answering({}, [{ ...hook, trustStatus: "modified" }]);
  expect(obstacles({ ...run, answers: modified }).join()).toContain("does not trust 1");
  const off = answering({}, [{ ...hook, trustStatus: "trusted", enabled: false }]);
  expect(obstacles({ ...run, answers: off }).join()).toContain("switched off");
  const broken = new Map([[3, { error: { message: "config.toml:1:7: unclosed array" } }]]);
  expect(obstacles({ ...run, answers: broken }).join()).toContain("unclosed array");
});
