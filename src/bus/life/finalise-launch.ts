// A launch that never became a session is said once, as an event, with what is known of it.
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { isPlaceholder } from "../../core/liveness.ts";
import { printable } from "../../core/printable.ts";
import { launchFailedDetail } from "../../core/status.ts";
import { readTail } from "../../sys/file-tail.ts";
import { setStatus } from "../agents/set-status.ts";
import { append } from "../append.ts";
import type { Bus } from "../bus.ts";
import { batchIn } from "./attach.ts";
import { tellLauncher } from "./batch.ts";

export function finaliseLaunch(bus: Bus, row: Instance): void {
  if (!isPlaceholder(row) || row.status_detail === launchFailedDetail) return;
  const detail = evidenceOf(row);
  bus.db.write(() => {
    append(bus, {
      type: "life",
      instance: row.name,
      data: {
        action: "launch_failed",
        by: "system",
        reason: "no_session",
        status: "inactive",
        detail,
        ...batchIn(row),
      },
    });
    tellLauncher(bus, row);
    setStatus(bus, row.name, {
      status: "inactive",
      context: "new",
      detail: launchFailedDetail,
      writer: "list",
    });
  });
}

const most = { lines: 8, characters: 1000 };

/** Whose process it was that ended, and the end of what a run without a terminal has printed. */
function evidenceOf(row: Instance): string {
  const { wrapper_pid: pid } = launchContextOf(row);
  const why =
    pid === undefined
      ? "nothing of it ever ran: its terminal did not run the script, or was closed"
      : `hcom's wrapper (process ${pid}) has ended without a word`;
  const log = row.background_log_file;
  const tail = log === "" ? undefined : readTail(log, -4096);
  const lines = (tail?.text ?? "")
    .split("\n")
    .map(printable)
    .filter((line) => line.trim() !== "");
  const end = lines.slice(-most.lines).join("\n").slice(-most.characters);
  return end === "" ? why : `${why}; last in its log: ${end}`;
}
