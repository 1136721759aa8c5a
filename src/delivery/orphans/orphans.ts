// Programs that run under a wrapper of ours and take part no more: after a reset, or a stop of who
// sits in a terminal. Nothing is kept about them: each wrapper answers for itself.
import { instanceOfProcess } from "../../bus/agents/of-process.ts";
import type { Bus } from "../../bus/bus.ts";
import type { Orphan } from "../../bus/life/hand-over/adopt.ts";
import { asNumber, asObject, asText, type JsonObject } from "../../core/json.ts";
import { isSameProcess } from "../../sys/process.ts";
import { callControl, controlSockets } from "../control.ts";

const answerMs = 1000;

export interface RunningOrphan extends Orphan {
  socket: string;
}

/** In the order of their process ids. */
export async function findOrphans(bus: Bus): Promise<RunningOrphan[]> {
  const found = await Promise.all(
    controlSockets(bus.paths.run).map(async (socket) => {
      try {
        const status = asObject(await callControl(socket, { op: "status" }, answerMs));
        return orphanIn(bus, socket, status);
      } catch {
        // Nobody listens there any more.
        return undefined;
      }
    }),
  );
  return found.filter((one) => one !== undefined).sort((one, other) => one.pid - other.pid);
}

export function namedOrphan(
  orphans: readonly RunningOrphan[],
  word: string,
): RunningOrphan | undefined {
  return orphans.find(({ name, pid }) => word === name || word === String(pid));
}

const endMs = 8000;

/** The wrapper ends its program as gently as it does for `kill`. */
export async function endOrphan({ socket, pid, pidStart }: RunningOrphan): Promise<boolean> {
  await callControl(socket, { op: "kill" }, answerMs);
  const deadline = performance.now() + endMs;
  while (performance.now() < deadline) {
    if (!isSameProcess(pid, pidStart)) return true;
    await Bun.sleep(20);
  }
  return false;
}

/** Folders for sockets are shared where ours has too long a path: it must be of this log. */
function orphanIn(bus: Bus, socket: string, status: JsonObject): RunningOrphan | undefined {
  const who = asObject(status["who"]);
  const [name, tool] = [asText(who["name"]), asText(status["tool"])];
  const [pid, pidStart] = [asNumber(status["pid"]), asText(who["pid_start"])];
  const processId = asText(who["process_id"]);
  if (asText(who["dir"]) !== bus.paths.dir || processId === undefined) return undefined;
  if (name === undefined || tool === undefined) return undefined;
  if (pid === undefined || pidStart === undefined) return undefined;
  // Its wrapper may outlive the program by a moment.
  if (!isSameProcess(pid, pidStart)) return undefined;
  if (instanceOfProcess(bus, processId) !== undefined) return undefined;
  const directory = asText(who["directory"]) ?? "";
  return {
    socket,
    name,
    tool,
    pid,
    pidStart,
    processId,
    directory,
    session: asText(who["session"]),
  };
}
