// What a launch passes to Codex, read back from Codex itself: hooks it trusts, and the owner's
// sandbox with our directory in it. No model and no terminal is needed.
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareRun } from "../../src/hooks/per-run.ts";
import { askServer } from "../../src/hooks/tool-server.ts";
import { realSystem } from "../../src/sys/system.ts";
import { configIn, listedHooks } from "../../src/tools/codex/run/answers.ts";
import { isOurCommand } from "../../src/tools/codex/settings-hooks.ts";
import { tools } from "../../src/tools/index.ts";
import { findVendor } from "../kit/vendor.ts";
import { vendorPackages } from "../kit/vendor-versions.ts";

// Codex' sandbox lets everybody write below /tmp.
const root = mkdtempSync("/var/tmp/hs-");
afterAll(() => rmSync(root, { recursive: true, force: true }));
let serial = 0;

/** A home whose Codex has this configuration, and a run that hcom prepares there. */
async function launched(version: "newest" | "pin", config: string, userArgs: string[] = []) {
  const home = join(root, String(++serial));
  for (const folder of [".codex", "project", ".hcom"]) {
    mkdirSync(join(home, folder), { recursive: true });
  }
  writeFileSync(join(home, ".codex/config.toml"), config);
  const directory = join(home, "project");
  const env = { HOME: home, PATH: process.env["PATH"] ?? "" };
  const system = { ...realSystem(), env, home, cwd: directory };
  const binary = findVendor("codex", version) ?? "";
  const codex = await tools.codex();
  const launch = { binary, version: vendorPackages.codex.versions[version], directory, userArgs };
  const run = await prepareRun(system, codex, launch);
  const added = run.added(() => "").args;
  const { trust } = await codex.settings();
  if (trust === undefined) throw new Error("Codex asks for trust");
  const configDir = join(home, ".codex");
  const flags = added.filter((flag, at) => flag === "-c" || added[at - 1] === "-c");
  const question = { trust, binary, configDir, directory, args: flags };
  const answers = (await askServer(system, codex, question)) ?? new Map();
  const given = userArgs.filter((flag, at) => flag === "-c" || userArgs[at - 1] === "-c");
  // `codex sandbox` takes a mode from its arguments only.
  const mode = /^sandbox_mode = .*$/m.exec(config)?.slice(0, 1) ?? [];
  const modeFlags = mode.flatMap((line) => ["-c", line]);
  const writes = (path: string) => {
    const words = [binary, "sandbox", ...modeFlags, ...given, ...flags, "--", "touch", path];
    Bun.spawnSync(words, { cwd: directory, env, stdin: "ignore" });
    return existsSync(path);
  };
  return { home, run, answers, writes };
}

describe.each(["newest", "pin"] as const)("Codex %s", (version) => {
  const there = test.skipIf(findVendor("codex", version) === null);

  there("trusts our hooks of the run, and no file of its owner changed", async () => {
    const { home, answers, run } = await launched(version, "");
    const hooks = listedHooks(answers).filter((hook) => isOurCommand(hook.command));
    expect(hooks.length).toBeGreaterThan(5);
    expect(hooks.every((hook) => hook.isTrusted && hook.isEnabled)).toBe(true);
    expect(run.notes).toEqual([]);
    expect(readdirSync(join(home, ".codex"))).not.toContain("hooks.json");
    expect(readdirSync(join(home, ".codex"))).not.toContain("rules");
  });

  there("keeps the owner's mode, network and roots", async () => {
    const roots = '[sandbox_workspace_write]\nwritable_roots = ["/srv/data"]\n';
    const owner = `sandbox_mode = "workspace-write"\n${roots}network_access = false\n`;
    const { home, answers, writes } = await launched(version, owner);
    expect(configIn(answers)).toMatchObject({
      sandbox_mode: "workspace-write",
      sandbox_workspace_write: {
        writable_roots: ["/srv/data", join(home, ".hcom")],
        network_access: false,
      },
    });
    expect([writes(join(home, ".hcom/x")), writes(join(home, "x"))]).toEqual([true, false]);
  });

  there("stays read-only where it is, and that is said", async () => {
    const closed = 'sandbox_mode = "read-only"\napproval_policy = "never"\n';
    const { home, run, writes } = await launched(version, closed);
    expect(run.notes.join()).toContain("read-only");
    expect(writes(join(home, ".hcom/x"))).toBe(false);
  });

  there("keeps roots that the user gives on the command line", async () => {
    const own = ["-c", 'sandbox_workspace_write.writable_roots=["/srv"]', "-a", "never"];
    const mode = 'sandbox_mode = "workspace-write"\n';
    const { home, answers, writes } = await launched(version, mode, own);
    const workspace = configIn(answers)?.["sandbox_workspace_write"];
    expect(workspace).toMatchObject({ writable_roots: ["/srv", join(home, ".hcom")] });
    expect(writes(join(home, ".hcom/x"))).toBe(true);
  });

  there("says that hooks are off where their owner switched them off", async () => {
    const { run } = await launched(version, "[features]\nhooks = false\n");
    expect(run.notes.join()).toContain("features.hooks = false");
  });
});

test.skipIf(findVendor("codex", "newest") === null)(
  "a permission profile of the owner is widened by our directory alone",
  async () => {
    const own = '[permissions.mine.filesystem]\n"/" = "read"\n":workspace_roots" = "write"\n';
    for (const [name, profile] of [
      ["mine", own],
      [":workspace", ""],
    ]) {
      const config = `default_permissions = "${name}"\n${profile}`;
      const { home, writes } = await launched("newest", config);
      expect([writes(join(home, ".hcom/x")), writes(join(home, "x"))]).toEqual([true, false]);
    }
  },
);
