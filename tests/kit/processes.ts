// Ending what a test started, by process id and nothing else: other sessions run the same programs.
import { existsSync, readdirSync, readlinkSync } from "node:fs";

/**
 * Ends a process and everything below it. The process itself is asked first, so that it can take
 * its sockets and registry entries away; what is left a second later is killed.
 */
export function killTree(pid: number): void {
  const tree = [pid, ...descendantsOf(pid)];
  signal(pid, "SIGTERM");
  const deadline = Date.now() + 1000;
  while (isAlive(pid) && Date.now() < deadline) Bun.sleepSync(20);
  for (const victim of tree.reverse()) signal(victim, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    // It ended on its own.
    return false;
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** Every process below `pid`, parents before children. */
export function descendantsOf(pid: number): number[] {
  const { stdout } = Bun.spawnSync(["ps", "-A", "-o", "pid=,ppid="]);
  const rows = stdout.toString().trim().split("\n").map(parseRow);
  const found = [pid];
  for (const parent of found) {
    found.push(...rows.filter((row) => row.parent === parent).map((row) => row.pid));
  }
  return found.slice(1);
}

function parseRow(line: string): { pid: number; parent: number } {
  const [pid, parent] = line.trim().split(/\s+/).map(Number);
  return { pid: pid ?? 0, parent: parent ?? 0 };
}

/** Whether it has a file of this name open: it has come so far. */
export function hasOpen(pid: number, name: string): boolean {
  if (!existsSync("/proc/self/fd")) {
    return Bun.spawnSync(["lsof", "-p", String(pid)])
      .stdout.toString()
      .includes(`/${name}`);
  }
  try {
    const paths = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    return paths.some((path) => path.endsWith(`/${name}`));
  } catch {
    // It is just opening or closing one.
    return false;
  }
}

/** The processes of a group, but for those that have ended and are only remembered. */
export function groupMembers(group: number): number[] {
  const { stdout } = Bun.spawnSync(["ps", "-A", "-o", "pid=,pgid=,stat="]);
  return stdout
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, own, state = ""]) => Number(own) === group && !state.startsWith("Z"))
    .map(([pid]) => Number(pid));
}
