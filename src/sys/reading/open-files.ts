// Which processes have a file open: on Linux the kernel lists it. Elsewhere nobody is named.
import { fs } from "../fs.ts";

export interface Holder {
  pid: number;
  /** Its program and first words, as far as we may see them. */
  command: string;
}

/** Those that still have one of these paths open though it is gone, or another file by now. */
export function holdersOfRemoved(paths: readonly string[]): Holder[] {
  return holdersOf(paths.map((path) => `${path} (deleted)`));
}

/** Other processes that have one of these paths open, links resolved. */
export function holdersOf(paths: readonly string[]): Holder[] {
  const wanted = new Set(paths);
  return pids()
    .filter((pid) => pid !== process.pid && openPaths(pid).some((path) => wanted.has(path)))
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

function pids(): number[] {
  try {
    return fs()
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** What another user's process has open is not shown to us. */
function openPaths(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return fs()
      .readdirSync(folder)
      .flatMap((fd) => linkOf(`${folder}/${fd}`));
  } catch {
    return [];
  }
}

function linkOf(path: string): string[] {
  try {
    return [fs().readlinkSync(path)];
  } catch {
    // Closed in the meantime.
    return [];
  }
}

function commandOf(pid: number): string {
  try {
    return shortCommand(fs().readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
  } catch {
    return "";
  }
}

const longest = 80;
const ownBundle = /\/(?:dist|src)\/(?:main-)?(hcom|main|acomm|mcp|agentic-comm-mcp)\.[jt]s$/;

/** As a person would type it: without our runtime and its flags, without the way to a program. */
export function shortCommand(words: readonly string[]): string {
  const at = words.findIndex((word) => ownBundle.test(word));
  const name = ownBundle.exec(words[at] ?? "")?.[1] ?? "";
  const program = at < 0 ? (words[0] ?? "").split("/").at(-1) : name.replace("main", "hcom");
  return [program, ...words.slice(Math.max(at, 0) + 1)].join(" ").trim().slice(0, longest);
}
