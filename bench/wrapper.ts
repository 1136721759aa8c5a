// What the wrapper of a launched agent holds while the agent waits: started by a real headless
// launch of a program that calls itself claude, prints a line, and waits.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asObject, parseJson } from "../src/core/json.ts";
import { processStart } from "../src/sys/process.ts";
import type { Lab, Room } from "./lab.ts";
import { atMost, type Measurement, measurementOf } from "./measure.ts";
import { cpuTicks, fieldOf } from "./processes.ts";

const fakeProgram = `#!/bin/sh
[ "$1" = --version ] && echo "2.1.329 (Claude Code)" && exit 0
printf 'ready\\r\\n> '
exec sleep 600
`;

export async function wrapper(lab: Lab): Promise<Measurement[]> {
  if (process.platform !== "linux") return [];
  const room = lab.room("wrapper");
  const pids = Array.from({ length: lab.isSmoke ? 1 : 3 }, (_, n) => launch(lab, room, n));
  try {
    await Bun.sleep(lab.isSmoke ? 1500 : 5000);
    const ticks = pids.map(cpuTicks);
    const seconds = lab.isSmoke ? 1 : 10;
    await Bun.sleep(seconds * 1000);
    const note = `${pids.length} at once`;
    const cpu = pids.map((pid, at) => (cpuTicks(pid) - (ticks[at] ?? 0)) / seconds);
    const rss = pids.map((pid) => fieldOf(pid, "status", "VmRSS"));
    const own = pids.map((pid) => fieldOf(pid, "smaps_rollup", "Private_Dirty"));
    const share = pids.map((pid) => fieldOf(pid, "smaps_rollup", "Pss"));
    return [
      measurementOf({ name: "wrapper, resident", unit: "MB", target: atMost(60), note }, rss),
      measurementOf({ name: "wrapper, its share (PSS)", unit: "MB", note }, share),
      measurementOf({ name: "wrapper, its own (private dirty)", unit: "MB", note }, own),
      // A tick is 10 ms: ticks per second are per cent of a core.
      measurementOf({ name: "wrapper, CPU while idle", unit: "%", note }, cpu),
    ];
  } finally {
    for (const pid of pids) process.kill(pid, "SIGTERM");
    await ended(pids);
  }
}

/** Returns the wrapper's pid, which the launch writes into the log. */
function launch(lab: Lab, room: Room, nth: number): number {
  const bin = join(room.folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "claude"), fakeProgram);
  chmodSync(join(bin, "claude"), 0o755);
  const env = { ...room.env, PATH: `${bin}:${room.env["PATH"]}`, TERM: "xterm-256color" };
  const run = Bun.spawnSync([...lab.program, "claude", "--headless"], { env, cwd: room.folder });
  // The program says nothing by which it could be seen to be ready: still starting is what we want.
  const isLaunched = run.exitCode === 0 || run.exitCode === 2;
  if (!isLaunched) throw new Error(`the launch failed: ${run.stderr.toString()}`);
  const log = readFileSync(join(room.folder, ".hcom/.tmp/logs/hcom.log"), "utf8");
  const started = log
    .split("\n")
    .map((line) => asObject(parseJson(line)))
    .filter((record) => record["event"] === "headless");
  const pid = Number(started[nth]?.["pid"]);
  if (processStart(pid) === undefined) throw new Error(`the wrapper ended at once: ${log}`);
  return pid;
}

async function ended(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + 5000;
  while (performance.now() < deadline && pids.some((pid) => processStart(pid) !== undefined)) {
    await Bun.sleep(50);
  }
}
