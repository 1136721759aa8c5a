// Ending what a test started, by process id and nothing else: other sessions run the same programs.

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

/** It waits for something: one that only lacks a processor is ready to run and does not sleep. */
export function isAsleep(pid: number): boolean {
  const { stdout } = Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)]);
  return stdout.toString().startsWith("S");
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
