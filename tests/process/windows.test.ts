// Agents in windows of a desktop, in commands of their owner's, and on paper.
import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchContextOf } from "../../src/core/instance.ts";
import { getInstance } from "../../src/store/instances.ts";
import { type FakeAgent, fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { hcom, openLog, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

function fakeIn(dir: string, env: Record<string, string> = {}): FakeAgent {
  return prepareFakeAgent({ dir, withInbox: false, version: fakeVersions.bell, env });
}

function contextOf(env: Record<string, string>, name: string) {
  using bus = openLog(env);
  const row = getInstance(bus.db, name);
  return row === undefined ? undefined : launchContextOf(row);
}

const namesIn = (out: string) => /^Names: (.*)$/m.exec(out)?.[1]?.split(" ") ?? [];

const isGone = (pid: number | undefined) => {
  try {
    process.kill(pid ?? 0, 0);
    return false;
  } catch {
    return true;
  }
};

interface Display extends Disposable {
  name: string;
}

/** Of our own: the server chooses a number that is free. */
async function openDisplay(dir: string): Promise<Display> {
  const said = join(dir, "display");
  const words = ["sh", "-c", `exec Xvfb -displayfd 3 -screen 0 900x600x24 3>${said} 2>/dev/null`];
  const server = Bun.spawn(words, { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  const number = await until(
    () => (existsSync(said) && readFileSync(said, "utf8").trim()) || null,
    {
      timeoutMs: 20_000,
      what: "a display",
    },
  );
  return { name: `:${number}`, [Symbol.dispose]: () => server.kill("SIGKILL") };
}

const lacks = (...programs: string[]) => programs.some((one) => Bun.which(one) === null);

describe("on a desktop", () => {
  for (const [word, name] of [
    ["xterm", "xterm"],
    ["kitty", "kitty-window"],
    ["xterm -title {instance_name} -e {script}", "xterm"],
  ] as const) {
    test.skipIf(lacks("Xvfb", word.split(" ")[0] ?? ""))(`${word} opens and ends`, async () => {
      using dir = tempDir();
      using display = await openDisplay(dir.path);
      const { env, cwd, hcomDir } = fakeIn(dir.path, { DISPLAY: display.name });
      const { out, err, code } = await hcom(env, ["claude", "--terminal", word], { cwd });
      expect([code, err]).toEqual([0, ""]);
      const [agent = ""] = namesIn(out);
      expect(out).toContain(`Ready: ${agent}`);
      const context = contextOf(env, agent);
      expect(context?.terminal_preset_effective).toBe(name);
      expect(readdirSync(`${hcomDir}/.tmp/launch`)).toEqual([]);
      const killed = await hcom(env, ["kill", agent]);
      expect(killed.code).toBe(0);
      await until(() => isGone(context?.wrapper_pid), { timeoutMs: 5000, what: "its end" });
    });
  }

  test.skipIf(lacks("Xvfb", "kitty"))("inside of kitty several agents get a tab each", async () => {
    using dir = tempDir();
    using display = await openDisplay(dir.path);
    const { env, cwd } = fakeIn(dir.path, { DISPLAY: display.name });
    const { said, kitty } = inKitty(dir.path, env, cwd);
    try {
      await until(() => existsSync(`${said}.code`), { timeoutMs: 30_000, what: "a launch" });
      const out = readFileSync(said, "utf8");
      const agents = namesIn(out);
      expect([agents.length, out]).toEqual([2, expect.stringMatching(/^Ready: \w+ \w+$/m)]);
      const contexts = agents.map((agent) => contextOf(env, agent));
      expect(new Set(contexts.map((one) => one?.pane_id)).size).toBe(2);
      for (const one of contexts) {
        expect(one?.terminal_preset_effective).toBe("kitty-tab");
        expect(one?.pane_id).toBe(one?.terminal_id ?? "");
      }
      const killed = await hcom(env, ["kill", ...agents, "--json"]);
      expect(JSON.parse(killed.out)).toMatchObject({ ok: true });
    } finally {
      kitty.kill("SIGKILL");
    }
  });

  test("a window that cannot open is a failed launch that leaves nothing", async () => {
    using dir = tempDir();
    const { env, cwd, hcomDir } = fakeIn(dir.path);
    writeFileSync(
      join(dir.path, "programs/alacritty"),
      "#!/bin/sh\necho no display >&2\nexit 3\n",
      {
        mode: 0o755,
      },
    );
    const { err, code } = await hcom(env, ["claude", "--terminal", "alacritty"], { cwd });
    expect([code, err]).toEqual([1, expect.stringContaining("alacritty failed: no display")]);
    expect(readdirSync(`${hcomDir}/.tmp/launch`)).toEqual([]);
    expect((await hcom(env, ["list", "--names"])).out).toBe("");
  });
});

/** A launch of two agents typed inside a kitty that takes orders. */
function inKitty(dir: string, env: Record<string, string>, cwd: string) {
  const said = join(dir, "said");
  const launch = `sh '${launcher}' 2 claude > ${said} 2>&1; echo $? > ${said}.code; sleep 60`;
  const socket = `unix:${dir}/kitty`;
  const words = ["kitty", "--config=NONE", "-o", "allow_remote_control=yes", "--listen-on", socket];
  const kitty = Bun.spawn([...words, "sh", "-c", launch], {
    env,
    cwd,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  return { said, kitty };
}

test("a pane that tmux would keep is closed by kill", async () => {
  using dir = tempDir();
  // This server keeps panes whose program has ended.
  using tmux = startTmux();
  const socket = tmux.variable.split(",")[0] ?? "";
  const { env, cwd } = fakeIn(dir.path, { TMUX: tmux.variable, TMUX_PANE: "" });
  tmux.newPane(["sleep", "120"], env, cwd);
  const panes = () => {
    const run = Bun.spawnSync(["tmux", "-S", socket, "list-panes", "-a", "-F", "#{pane_id}"]);
    return run.stdout.toString().trim().split("\n");
  };
  const before = panes();
  const { out } = await hcom(env, ["claude", "--terminal", "tmux"], { cwd });
  expect(panes().length).toBe(before.length + 1);
  const { TMUX: _tmux, ...elsewhere } = env;
  expect((await hcom(elsewhere, ["kill", ...namesIn(out)])).code).toBe(0);
  expect(panes()).toEqual(before);
});

test("a launch script holds no variable of the agent", async () => {
  using dir = tempDir();
  const { env, cwd } = fakeIn(dir.path, { MY_TOKEN: "very-secret" });
  const { out, err, code } = await hcom(env, ["claude", "--terminal", "print"], { cwd });
  expect([code, err]).toEqual([0, expect.stringMatching(/^\w+ starts where you run this, once/)]);
  expect(out).toMatch(/^exec /m);
  expect(out).not.toContain("very-secret");
  const name = err.split(" ")[0] ?? "";
  // In a terminal of its owner's: here one of tmux.
  writeFileSync(join(dir.path, "script.sh"), out);
  using tmux = startTmux();
  tmux.newPane(["sh", join(dir.path, "script.sh")], { PATH: env["PATH"] ?? "" }, dir.path);
  const ready = await hcom(env, ["events", "--agent", name, "--action", "ready", "--wait", "20"]);
  expect(ready.code).toBe(0);
  const { wrapper_pid } = contextOf(env, name) ?? {};
  expect(readFileSync(`/proc/${wrapper_pid}/environ`, "utf8")).toContain("MY_TOKEN=very-secret");
  expect((await hcom(env, ["kill", name])).code).toBe(0);
});

test("a terminal from the settings opens, and a missing one is passed over aloud", async () => {
  using dir = tempDir();
  const { env, cwd, hcomDir } = fakeIn(dir.path);
  mkdirSync(hcomDir, { mode: 0o700 });
  const open = `["sh", "-c", "exec script -qec {script} /dev/null > /dev/null"]`;
  const gone = `open = "no-such-program {script}"`;
  const tables = ["[terminal.presets.mine]", `open = ${open}`, "[terminal.presets.gone]", gone];
  writeFileSync(join(hcomDir, "config.toml"), tables.join("\n"));
  const mine = await hcom(env, ["claude", "--terminal", "mine"], { cwd });
  expect([mine.code, mine.err]).toEqual([0, ""]);
  using tmux = startTmux();
  tmux.newPane(["sleep", "120"], env, cwd);
  const inside = { ...env, TMUX: tmux.variable, TMUX_PANE: "%0" };
  const other = await hcom(inside, ["claude", "--terminal", "gone"], { cwd });
  expect([other.code, other.err.trim()]).toEqual([
    0,
    "no-such-program is not installed: opening in tmux-split instead of gone",
  ]);
  const config = await hcom(env, ["config"]);
  expect(config.err).toBe("");
  expect((await hcom(env, ["kill", "all", "--go"])).code).toBe(0);
});
