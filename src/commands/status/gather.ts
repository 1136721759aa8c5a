// All that `hcom status` knows, as scripts read it: the original's keys, ours beside them. What is
// out of order is a finding here, never a failure.
import { type DiskRoom, diskRoom } from "../../config/disk-room.ts";
import { ownDirProblem } from "../../config/own-dir.ts";
import { pathsOf } from "../../config/paths.ts";
import { lazySettings } from "../../config/settings.ts";
import { sayUnused } from "../../config/unused.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { version } from "../../core/version.ts";
import { readTail } from "../../sys/file-tail.ts";
import { fileExists } from "../../sys/files.ts";
import { fs } from "../../sys/fs.ts";
import { dirState } from "../../sys/own-dir.ts";
import type { System } from "../../sys/system.ts";
import { databaseFacts } from "./database.ts";
import { terminalFacts } from "./terminal.ts";
import { toolFacts } from "./tools.ts";

export type Facts = Awaited<ReturnType<typeof gather>>;

export async function gather(system: System) {
  const paths = pathsOf(system.env, system.cwd);
  const settings = lazySettings(paths, system.env);
  const problem = ownDirProblem(paths);
  const room = roomIn(paths.dir);
  return {
    // Nothing of ours asks the network which version is the newest.
    version: { current: version, latest: null, update_available: false, update_cmd: null },
    hcom_dir: paths.dir,
    hcom_dir_override: paths.isDirGiven,
    hcom_dir_relative: paths.isDirRelative,
    hcom_dir_problem: problem?.message ?? null,
    hcom_dir_hint: problem?.hint ?? null,
    hcom_exists: fileExists(paths.dir),
    hcom_writable: problem === undefined && room === "ok",
    hcom_room: room,
    hcom_dir_open_to: openTo(paths.dir),
    project_root: paths.root,
    config_valid: settings.problems().length === 0,
    config_errors: settings.problems(),
    config_notes: sayUnused(paths),
    tools: await toolFacts(system),
    terminal: terminalFacts(settings.text("terminal"), system),
    ...(await databaseFacts(system, paths, problem)),
    // This version connects no devices: the answer is that of one where nobody has set it up.
    relay: {
      configured: false,
      enabled: false,
      broker: null,
      last_push: null,
      health: { kind: "not_configured" },
      raw: null,
    },
    logs: logFacts(paths.log, system.now()),
  };
}

/** Who besides its owner may put other files in the place of ours. */
function openTo(dir: string): "everybody" | "a group" | null {
  const stat = fs().statSync(dir, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if ((stat.mode & 0o002) !== 0) return "everybody";
  // A group of the user's own is nobody else.
  const isForeign = (stat.mode & 0o020) !== 0 && stat.gid !== process.getgid?.();
  return isForeign ? "a group" : null;
}

/** Only in a directory of ours something is tried. */
function roomIn(dir: string): DiskRoom {
  if (dirState(dir).kind === "ours") return diskRoom(dir);
  try {
    fs().accessSync(dir, fs().constants.W_OK);
    return "ok";
  } catch {
    return "read-only";
  }
}

const recentMs = 3_600_000;

function logFacts(path: string, nowMs: number) {
  const lines = (readTail(path, -200_000)?.text ?? "").split("\n");
  const entries = lines
    .map((line) => asObject(parseJson(line)))
    .filter((entry) => entry["level"] === "error" || entry["level"] === "warn")
    .filter((entry) => nowMs - Date.parse(asText(entry["ts"]) ?? "") < recentMs);
  const errors = entries.filter((entry) => entry["level"] === "error");
  return {
    error_count: errors.length,
    warn_count: entries.length - errors.length,
    last_error: errors.at(-1) ?? null,
    entries: entries.slice(-20),
  };
}
