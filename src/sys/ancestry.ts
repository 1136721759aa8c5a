// Where this process stands in the tree of processes: a program that an agent started inherits the
// agent's environment, and only the tree tells it from the agent itself.
import { fs } from "./fs.ts";
import { processStart } from "./process.ts";

const deepest = 64;

/**
 * Is there, between this process and its ancestor `pid`, another process of the same program? Then
 * whoever called us is not `pid` itself but one that it started. False where it cannot be told.
 * `restartsItself`: a child of `pid` that is the same program is still the same run of it.
 */
export function isNestedBelow(pid: number, restartsItself: boolean): boolean {
  const program = programOf(pid);
  if (program === undefined) return false;
  let at = process.ppid;
  for (let depth = 0; depth < deepest && at > 1; depth++) {
    if (at === pid) return false;
    const parent = parentOf(at);
    const isItself = restartsItself && parent === pid;
    if (!isItself && programOf(at) === program) return true;
    at = parent;
  }
  return false;
}

/** Did the process `pid` that began at `start` (see `processStart`) start us, however far up? */
export function isBelow(pid: number, start: string): boolean {
  let at = process.ppid;
  for (let depth = 0; depth < deepest && at > 1; depth++) {
    if (at === pid) return processStart(pid) === start;
    at = parentOf(at);
  }
  return false;
}

/** What a process was started with; later changes of its own environment do not show. */
export interface Started {
  env: Readonly<Record<string, string>>;
  words: readonly string[];
}

/** The nearest of the processes above us whose start is such; undefined where none can be read. */
export function surroundingStart(isWanted: (one: Started) => boolean): Started["env"] | undefined {
  let at = process.ppid;
  for (let depth = 0; depth < deepest && at > 1; depth++) {
    const words = listOf(at, "cmdline");
    const env = Object.fromEntries(
      listOf(at, "environ").flatMap((line) => {
        const end = line.indexOf("=");
        return end > 0 ? [[line.slice(0, end), line.slice(end + 1)]] : [];
      }),
    );
    if (isWanted({ env, words })) return env;
    at = parentOf(at);
  }
  return undefined;
}

// proc(5): entries end with a NUL byte; only our own user's are readable.
function listOf(pid: number, what: "cmdline" | "environ"): string[] {
  try {
    const text = fs().readFileSync(`/proc/${pid}/${what}`, "utf8");
    return text.split("\0").filter((one) => one !== "");
  } catch {
    return [];
  }
}

function programOf(pid: number): string | undefined {
  try {
    return fs().readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

// proc(5): the parent is the second field behind the program's name in parentheses.
function parentOf(pid: number): number {
  try {
    const stat = fs().readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}
