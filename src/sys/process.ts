// Who a pid is: a pid alone may be reused by a stranger, a pid with its start time may not.
// Also signals to whole process groups.
import { fs } from "./fs.ts";

/**
 * When the process started, in the kernel's own words: clock ticks since boot on Linux, a date on
 * macOS. Undefined when there is no such process, or only its corpse.
 */
export function processStart(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? startFromProc(pid) : startFromPs(pid);
}

/** Is `pid` still the process that started at `start`? Without a recorded start: is it there? */
export function isSameProcess(pid: number, start: string | undefined): boolean {
  const now = processStart(pid);
  return now !== undefined && (start === undefined || start === "" || now === start);
}

/** The same, without the file system module, which costs who needs nothing else of it 2 ms. */
export async function isStillSameProcess(pid: number, start: string | undefined): Promise<boolean> {
  if (process.platform !== "linux") return isSameProcess(pid, start);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const stat = await Bun.file(`/proc/${pid}/stat`)
    .text()
    .catch(() => undefined);
  const now = stat === undefined ? undefined : startIn(fieldsOf(stat));
  return now !== undefined && (start === undefined || start === "" || now === start);
}

/**
 * Did this pid belong at that time (epoch seconds) to the process that has it now? The clock of
 * starts is a second coarse, so a pid that was reused within that second counts as the old one.
 */
export function isRunningSince(pid: number, epochSeconds: number): boolean {
  const started = startedAt(pid);
  return started !== undefined && started <= epochSeconds + 1.5;
}

/**
 * Can this be the process of somebody of whom only the number is known, who was begun and last seen
 * then (epoch seconds)? One that is older or younger than that has the number by chance.
 */
export function mayBeOf(pid: number, { begun, seen }: { begun: number; seen: number }): boolean {
  const started = startedAt(pid);
  // A row may be made, or taken up again, a while before its program starts.
  return started !== undefined && started >= begun - 60 && started <= seen + 1.5;
}

function startedAt(pid: number): number | undefined {
  const start = processStart(pid);
  if (start === undefined || process.platform !== "linux") {
    return start === undefined ? undefined : Date.parse(start) / 1000;
  }
  // proc(5): start times count in ticks of 10 ms from the boot, which /proc/stat tells.
  const boot = /^btime (\d+)/m.exec(fs().readFileSync("/proc/stat", "latin1"))?.[1];
  return Number(boot) + Number(start) / 100;
}

/** Is it there, and stopped by a signal of job control? */
export function isStopped(pid: number): boolean {
  if (process.platform === "linux") return statFields(pid)?.[0] === "T";
  const ps = Bun.spawnSync(["ps", "-o", "state=", "-p", String(pid)], { stderr: "ignore" });
  return ps.stdout.toString().startsWith("T");
}

/** May we use our terminal without being stopped for it? True without one, too. */
export function isInForeground(): boolean {
  const [own, front] = process.platform === "linux" ? groupsFromProc() : groupsFromPs();
  return own === front || front === undefined || Number(front) <= 0;
}

function groupsFromProc(): (string | undefined)[] {
  const fields = statFields(process.pid) ?? [];
  return [fields[2], fields[5]];
}

function groupsFromPs(): (string | undefined)[] {
  const ps = Bun.spawnSync(["ps", "-o", "pgid=,tpgid=", "-p", String(process.pid)]);
  return ps.stdout.toString().trim().split(/\s+/);
}

/** Pids mean something only to processes of the same namespace; a sandbox often has its own. */
export function pidNamespace(): string {
  try {
    return fs().readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** Signals every process of a group; false when the group is gone or not ours. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  return sendToGroup(leader, signal) === "sent";
}

export type GroupEnd =
  | "ended"
  /** Only SIGKILL did it. */
  | "forced"
  /** There was nothing to end. */
  | "gone"
  | "survived"
  /** It belongs to another user. */
  | "forbidden";

/** Ends a process group: the signal, and SIGKILL for what is left after `graceMs`. */
export async function endGroup(
  leader: number,
  options: { signal?: NodeJS.Signals; graceMs?: number } = {},
): Promise<GroupEnd> {
  if (!isGroupAlive(leader)) return "gone";
  const sent = sendToGroup(leader, options.signal ?? "SIGTERM");
  if (sent !== "sent") return sent;
  // What is stopped hears nothing else.
  sendToGroup(leader, "SIGCONT");
  if (await until(() => !isGroupAlive(leader), options.graceMs ?? 5000)) return "ended";
  sendToGroup(leader, "SIGKILL");
  return (await until(() => !isGroupAlive(leader), 2000)) ? "forced" : "survived";
}

function sendToGroup(leader: number, signal: NodeJS.Signals | 0): "sent" | "gone" | "forbidden" {
  // 0 and 1 would mean our own group and everybody.
  if (!Number.isInteger(leader) || leader <= 1) return "gone";
  try {
    process.kill(-leader, signal);
    return "sent";
  } catch (error) {
    const isForbidden = error instanceof Error && "code" in error && error.code === "EPERM";
    return isForbidden ? "forbidden" : "gone";
  }
}

// A corpse that nobody collects (init of a container may not) still takes signals.
function isGroupAlive(leader: number): boolean {
  if (sendToGroup(leader, 0) === "gone") return false;
  if (process.platform !== "linux" || processStart(leader) !== undefined) return true;
  return fs()
    .readdirSync("/proc")
    .some((entry) => {
      const fields = /^\d+$/.test(entry) ? statFields(Number(entry)) : undefined;
      return fields?.[2] === String(leader) && !isCorpse(fields);
    });
}

async function until(isDone: () => boolean, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!isDone()) {
    if (performance.now() > deadline) return false;
    await Bun.sleep(20);
  }
  return true;
}

function startFromProc(pid: number): string | undefined {
  const fields = statFields(pid);
  return fields === undefined ? undefined : startIn(fields);
}

function startIn(fields: readonly string[]): string | undefined {
  return isCorpse(fields) ? undefined : fields[19];
}

// proc(5): the second field is the program's name in parentheses and may hold anything, so fields
// are counted behind its last `)`: state, parent, group ... start time is the twentieth.
function statFields(pid: number): string[] | undefined {
  try {
    return fieldsOf(fs().readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function isCorpse(fields: readonly string[]): boolean {
  return fields[0] === "Z" || fields[0] === "X";
}

function startFromPs(pid: number): string | undefined {
  const ps = Bun.spawnSync(["ps", "-o", "stat=,lstart=", "-p", String(pid)], {
    env: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
    stderr: "ignore",
  });
  const [state, ...start] = ps.stdout.toString().trim().split(/\s+/);
  if (state === undefined || state === "" || state.startsWith("Z")) return undefined;
  return start.join(" ");
}

/** The command lines of everything that runs, as far as the system shows them. */
export function commandLines(): string {
  if (process.platform !== "linux") {
    return Bun.spawnSync(["ps", "-A", "-ww", "-o", "args="], {
      stderr: "ignore",
    }).stdout.toString();
  }
  return fs()
    .readdirSync("/proc")
    .map((entry) => {
      try {
        return /^\d+$/.test(entry) ? fs().readFileSync(`/proc/${entry}/cmdline`, "utf8") : "";
      } catch {
        return "";
      }
    })
    .join("\n");
}

/** Processes that this one has started and that still run; empty where the system does not tell. */
export function childPids(pid: number): number[] {
  try {
    const text = fs().readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
    return text.split(" ").map(Number).filter(Boolean);
  } catch {
    return [];
  }
}
