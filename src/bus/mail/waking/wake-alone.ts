// Wakes idle agents around which no wrapper of ours stands: sessions that people started themselves
// and that joined with `hcom start`. Whoever has just committed mail for one does it, by the ways
// that need no terminal. It is bounded, costs nothing when all are wrapped, and never fails a send.
import { toolConfigEnv } from "../../../config/paths.ts";
import { type Instance, launchContextOf } from "../../../core/instance.ts";
import { nudgeText } from "../../../core/mail/envelope.ts";
import { isIdle } from "../../../core/status.ts";
import { deliveryOf } from "../../../store/deliveries.ts";
import { getInstance, listInstances } from "../../../store/instances.ts";
import { readText } from "../../../sys/files.ts";
import { isSameProcess, isStillSameProcess } from "../../../sys/process.ts";
import { findTool } from "../../../tools/index.ts";
import type { Rung, Tool } from "../../../tools/tool.ts";
import { isSince } from "../../../tools/version.ts";
import type { Bus } from "../../bus.ts";
import { pendingMail } from "../pending.ts";
import { recordPush, recordPushFailure } from "./push.ts";
import { inboxOf, type Published, ringBell, writeToInbox } from "./push-to.ts";

/** A nudge that is younger than this is still on its way: another would only double it. */
const freshSeconds = 5;

export async function wakeAlone(bus: Bus, names?: readonly string[]): Promise<void> {
  const rows =
    names === undefined
      ? listInstances(bus.db)
      : names.flatMap((name) => getInstance(bus.db, name) ?? []);
  await Promise.all(rows.map((row) => wake(bus, row)));
}

/** No wrapper of ours is there to reach it, and it is a session of an agent program. */
export async function isAlone(row: Instance): Promise<boolean> {
  if (row.session_id === null || row.parent_name !== null || row.origin_device_id !== "") {
    return false;
  }
  const { wrapper_pid: pid, wrapper_start: start } = launchContextOf(row);
  return pid === undefined || !(await isStillSameProcess(pid, start));
}

async function wake(bus: Bus, row: Instance): Promise<void> {
  try {
    if (!isIdle(row)) return;
    const { ids, inFlight } = pendingMail(bus, row.name);
    if (ids.length === 0 || inFlight || isFresh(bus, row, ids)) return;
    if (!(await isAlone(row))) return;
    const way = await wayTo(bus, row);
    if (way === undefined) return;
    recordPush(bus, row.name, ids, way.kind);
    const failure = await way.push(nudgeText(ids), bus.system.uuid());
    if (failure !== undefined) recordPushFailure(bus, row.name, ids, way.kind, failure);
  } catch (error) {
    const msg = error instanceof Error ? error.message : String(error);
    const { name: instance } = row;
    bus.system.log({ level: "warn", subsystem: "delivery", event: "not_woken", instance, msg });
  }
}

function isFresh(bus: Bus, row: Instance, ids: readonly number[]): boolean {
  const now = bus.system.now() / 1000;
  return ids.some((id) => {
    const delivery = deliveryOf(bus.db, id, row.principal);
    const at = delivery?.state === "offered" ? delivery.offered_at : null;
    return at !== null && at !== undefined && Math.abs(now - at) < freshSeconds;
  });
}

export interface Way {
  kind: Rung["kind"];
  /** Resolves with the reason when it did not work. */
  push(text: string, id: string): Promise<string | undefined>;
}

/** The best way to wake this session that needs no wrapper; undefined when there is none. */
export async function wayTo(bus: Bus, row: Instance): Promise<Way | undefined> {
  const tool = await findTool(row.tool);
  if (tool === undefined) return undefined;
  for (const rung of tool.rungs) {
    const way = wayOf(bus, row, tool, rung);
    if (way !== undefined) return way;
  }
  return undefined;
}

function wayOf(bus: Bus, row: Instance, tool: Tool, rung: Rung): Way | undefined {
  const context = launchContextOf(row);
  switch (rung.kind) {
    case "inbox": {
      if (rung.isHeldWhenBypassed && context.permissions === "bypassed") return undefined;
      const session = publishedBy(bus, row, tool);
      if (session === undefined || inboxOf(session) === undefined) return undefined;
      return { kind: rung.kind, push: (text, id) => writeToInbox(rung, session, { text, id }) };
    }
    case "bell":
      if (context.bell !== "1" || !isSince(context.tool_version, rung.since, false)) {
        return undefined;
      }
      return {
        kind: rung.kind,
        push: async (_text, id) => ringBell(`${bus.paths.bells}/${row.name}`, id),
      };
    case "queue": {
      const session = row.session_id;
      if (session === null) return undefined;
      const argv = [tool.binary.name, ...rung.argv(session, "")];
      if (Bun.which(argv[0] ?? "") === null) return undefined;
      return { kind: rung.kind, push: (text) => enqueue(bus, row, tool, rung, session, text) };
    }
    case "typing":
      return undefined;
  }
}

/** What the session itself publishes, when its process is one that we can see. */
function publishedBy(bus: Bus, row: Instance, tool: Tool): Published | undefined {
  const { tool_pid: pid, config_dir: given } = launchContextOf(row);
  if (pid === undefined || tool.live === undefined) return undefined;
  const configDir = given ?? `${bus.system.home}/${tool.configDir.folder}`;
  const live = tool.live.read(readText(tool.live.path(configDir, pid)) ?? "");
  const isIts = live?.session === row.session_id && isSameProcess(pid, live?.processStart);
  return isIts ? { tool, pid, configDir, live } : undefined;
}

/** The program does it in its own time: nobody who sends waits for it. */
async function enqueue(
  bus: Bus,
  row: Instance,
  tool: Tool,
  rung: Extract<Rung, { kind: "queue" }>,
  session: string,
  text: string,
): Promise<undefined> {
  const { config_dir: configDir } = launchContextOf(row);
  const child = Bun.spawn([tool.binary.name, ...rung.argv(session, text)], {
    env: { ...bus.system.env, ...toolConfigEnv(tool, configDir) },
    cwd: row.directory ?? "/",
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  child.unref();
}
