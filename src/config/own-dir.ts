// May this directory be hcom's? To be asked before the first thing is made in it: it becomes ours
// or was it before, but never somebody else's.
import { Refusal } from "../core/refusal.ts";
import { isMissingOrEmpty } from "../sys/files.ts";
import { dirState } from "../sys/own-dir.ts";
import type { Paths } from "./paths.ts";

/**
 * Throws Refusal `bad_hcom_dir`. Where our database is already, nobody is asked again: that costs a
 * look at one file.
 */
export function checkOwnDir(paths: Paths): void {
  checkSandbox(paths.dir);
  checkSpelling(paths);
  if (!isMissingOrEmpty(paths.db)) return;
  const { dir } = paths;
  if (dir === "/" || dir === paths.home) {
    throw refusal(`the hcom directory would be ${dir === "/" ? "/" : "your home directory"}`, dir);
  }
  const state = dirState(dir);
  if (state.kind === "unreadable") {
    throw refusal(`${dir} cannot be the hcom directory: ${state.reason}`, paths.home);
  }
  if (state.kind !== "foreign") return;
  const more = state.names.length > 3 ? ` and ${state.names.length - 3} more` : "";
  const names = `${state.names.slice(0, 3).join(", ")}${more}`;
  throw refusal(`${dir} holds files that are not hcom's (${names})`, dir);
}

/** The same as a finding, for those who only look. */
export function ownDirProblem(paths: Paths): Refusal | undefined {
  try {
    checkOwnDir(paths);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Our runtime reads each byte that is no UTF-8 as U+FFFD: two directories would become one. */
function checkSpelling({ dir, home }: Paths): void {
  if (!dir.includes("\ufffd")) return;
  throw refusal("the name of the hcom directory is no valid UTF-8", home);
}

function refusal(message: string, place: string): Refusal {
  const proposal = `${place === "/" ? "~" : place}/.hcom`;
  return new Refusal({
    code: "bad_hcom_dir",
    message: `${message}; nothing was changed`,
    hint: `give it a directory of its own, for example HCOM_DIR=${proposal}`,
  });
}

const sandboxed = new Set([".git", ".codex", ".claude", ".agents", ".omp"]);

/** Sandboxes of the tools make these directories read-only, or the tools own them. */
function checkSandbox(dir: string): void {
  const owner = dir
    .split("/")
    .slice(0, -1)
    .find((part) => sandboxed.has(part));
  if (owner === undefined) return;
  throw new Refusal({
    code: "bad_hcom_dir",
    message: `HCOM_DIR is ${dir}, below ${owner}: agents in a sandbox cannot write there`,
    hint: "choose another place, for example HCOM_DIR=$PWD/.hcom",
  });
}
