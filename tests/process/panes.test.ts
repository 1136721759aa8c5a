// Agents in tmux: beside the caller's pane, large enough to work in, and with a server of their own
// where none runs.
import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTmux } from "../kit/tmux.ts";
import { until } from "../kit/until.ts";
import { hcom, plainEnv, tempDir } from "./lab.ts";

/** Shows nothing and waits: a launch that nobody sees ready. */
function withProgram(dir: string): Record<string, string> {
  const bin = join(dir, "programs");
  mkdirSync(bin);
  const said = '#!/bin/sh\n[ "$1" = --version ] && { echo 2.1.100; exit 0; }\nexec sleep 120\n';
  writeFileSync(join(bin, "claude"), said, { mode: 0o755 });
  const env = plainEnv(dir);
  return { ...env, PATH: `${bin}:${env["PATH"]}`, TERM: "xterm-256color" };
}

function tmuxSays(socket: string[], ...words: string[]): string[] {
  const run = Bun.spawnSync(["tmux", ...socket, ...words]);
  return run.stdout.toString().trim().split("\n");
}

const format = "#{pane_id} #{pane_width} #{pane_height} #{session_name} #{pane_start_command}";

for (const count of [1, 3, 8]) {
  test.concurrent(`${count} agents open beside the caller, none smaller than 80x24`, async () => {
    using dir = tempDir();
    using tmux = startTmux();
    const socket = ["-S", tmux.variable.split(",")[0] ?? ""];
    const env: Record<string, string> = { ...withProgram(dir.path), TMUX: tmux.variable };
    const caller = tmux.newPane(["sh", "-c", "sleep 120"], env, dir.path);
    // What is looked at is another session.
    tmux.newPane(["sh", "-c", "sleep 120"], env, dir.path);
    const own = tmuxSays(socket, "list-panes", "-a", "-F", "#{pane_id} #{pane_pid} #{session_name}")
      .map((line) => line.split(" "))
      .find(([, pid]) => pid === String(caller.pid));
    env["TMUX_PANE"] = own?.[0] ?? "";
    const words = [String(count), "claude", "--no-run-here"];
    const launched = hcom(env, words, { cwd: dir.path });
    const panes = await until(
      () => {
        const all = tmuxSays(socket, "list-panes", "-a", "-F", format);
        return all.filter((line) => line.includes("/launch/")).length === count && all;
      },
      { timeoutMs: 15_000, what: `${count} panes`, dump: async () => (await launched).err },
    );
    for (const line of panes) {
      const [, cols, rows] = line.split(" ").map(Number);
      expect([line, Number(cols) >= 80 && Number(rows) >= 24]).toEqual([line, true]);
      if (line.includes("/launch/")) expect(line.split(" ")[3]).toBe(own?.[2] ?? "");
    }
    const { code, out, err } = await launched;
    expect(out).toMatch(/^Names: (\w+ ?)+$/m);
    expect(out).toMatch(/^Batch id: \w+$/m);
    expect([code, err]).toEqual([2, expect.stringContaining("still starting: ")]);
  });
}

test.concurrent("without a server --terminal tmux starts one, with nobody's identity", async () => {
  using dir = tempDir();
  const env: Record<string, string> = {
    ...withProgram(dir.path),
    TMUX_TMPDIR: dir.path,
    HCOM_PROCESS_ID: "somebody",
    CLAUDE_CODE_ENTRYPOINT: "cli",
  };
  const launched = hcom(env, ["2", "claude", "--terminal", "tmux", "--go"], { cwd: dir.path });
  const tmux = (...words: string[]) => {
    const run = Bun.spawnSync(["tmux", "-f", "/dev/null", ...words], { env });
    return run.stdout.toString().trim();
  };
  try {
    await until(() => tmux("list-windows", "-a", "-F", "#{window_id}").split("\n").length === 2, {
      timeoutMs: 15_000,
      what: "two windows",
      dump: async () => JSON.stringify(await launched),
    });
    expect(tmux("show-environment", "-g")).not.toContain("somebody");
    expect((await launched).out).toMatch(/^Look: tmux attach -t %\d+$/m);
  } finally {
    tmux("kill-server");
  }
});

test.concurrent("a small pane that was asked for is made", async () => {
  using dir = tempDir();
  using tmux = startTmux();
  const socket = ["-S", tmux.variable.split(",")[0] ?? ""];
  const env: Record<string, string> = { ...withProgram(dir.path), TMUX: tmux.variable };
  tmux.newPane(["sh", "-c", "sleep 120"], env, dir.path);
  env["TMUX_PANE"] = tmuxSays(socket, "list-panes", "-a", "-F", "#{pane_id}")[0] ?? "";
  const words = ["claude", "--terminal", "tmux-split"];
  void hcom(env, words, { cwd: dir.path });
  await until(() => tmuxSays(socket, "list-panes", "-a", "-F", format).length === 2, {
    timeoutMs: 15_000,
    what: "a second pane",
  });
  const sizes = tmuxSays(socket, "list-panes", "-a", "-F", "#{window_id}");
  expect(new Set(sizes).size).toBe(1);
});
