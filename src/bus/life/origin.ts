// Whose conversation `hcom resume` and `hcom fork` take up: found by name, by the session id of its
// tool, or by the title that its person gave it, known to hcom or only to its tool.
import { toolConfigDir } from "../../config/paths.ts";
import { type AgentSnapshot, snapshotIn } from "../../core/events/life.ts";
import type { Instance } from "../../core/instance.ts";
import { asTexts, parseJson } from "../../core/json.ts";
import { bareName, deviceIn } from "../../core/names/address.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { latestStoppedBySession, latestStoppedInSession } from "../../store/events.ts";
import { getInstance, instanceBySession } from "../../store/instances.ts";
import { newestMatch } from "../../sys/file-find.ts";
import { findTool, tools } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";
import { findInstance, requireNamed } from "../agents/identity.ts";
import { stoppedByName } from "../agents/stopped.ts";
import type { Bus } from "../bus.ts";
import { proveDeadNow } from "./proven-dead.ts";
import { directoryIn, titledSessions } from "./sessions-on-disk.ts";
import { stopInstance } from "./stop.ts";

export interface Origin {
  tool: Tool;
  session: string;
  /** Absent for a session that was never hcom's. */
  name: string | undefined;
  principal: string | undefined;
  tag: string | null;
  directory: string | undefined;
  /** The user's arguments of its last launch, as far as they go on. */
  args: string[];
  isHeadless: boolean;
  /** Runs at this moment: it can be forked, not resumed. */
  isLive: boolean;
}

type Left = Pick<
  Instance,
  "name" | "tag" | "directory" | "session_id" | "launch_args" | "background"
> & { tool: string; principal?: string | null; parent_name: string | null };

export async function findOrigin(bus: Bus, written: string): Promise<Origin> {
  const known = knownAs(bus, written);
  if (known !== undefined) return ofLeft(known.left, known.isLive);
  const word = bareName(written);
  const found = (await onDisk(bus, word)) ?? (await byTitle(bus, word));
  if (found !== undefined) return found;
  requireNamed(bus, written);
  throw new Error("unreachable: somebody of that name is here and was not found");
}

/** By name or session id, from the log. */
function knownAs(bus: Bus, written: string): { left: Left; isLive: boolean } | undefined {
  const row = findInstance(bus, written) ?? instanceBySession(bus.db, written);
  if (row !== undefined && isReallyHere(bus, row)) return { left: row, isLive: true };
  const last =
    stoppedByName(bus, row?.name ?? written) ?? snapshotIn(latestStoppedBySession(bus.db, written));
  if (last === undefined) return undefined;
  const left = last.session_id === null ? inSession(bus, last) : last;
  // Its session may go on under this name already, or under one that took it over.
  const now = left.session_id === null ? undefined : instanceBySession(bus.db, left.session_id);
  return now === undefined ? { left, isLive: false } : { left: now, isLive: true };
}

/** A shell may have had the name, and the mail, since its program ended. */
function inSession(bus: Bus, last: AgentSnapshot): AgentSnapshot {
  const earlier = snapshotIn(latestStoppedInSession(bus.db, last.name));
  return earlier !== undefined && earlier.principal === last.principal ? earlier : last;
}

/** Who was killed could not say goodbye; its row must not stand in the way of its return. */
function isReallyHere(bus: Bus, row: Instance): boolean {
  const hasLeft = row.status === "inactive" && row.status_context.startsWith("exit:");
  if (!hasLeft && !proveDeadNow(bus, row)) return true;
  stopInstance(bus, row.name, { by: "system", reason: hasLeft ? "exit_cleanup" : "killed" });
  return getInstance(bus.db, row.name) !== undefined;
}

async function ofLeft(left: Left, isLive: boolean): Promise<Origin> {
  const tool = await findTool(left.tool);
  const home = deviceIn(left.name);
  if (home !== undefined) throw livesElsewhere(home);
  if (left.parent_name !== null) {
    throw new Refusal({
      code: "is_subagent",
      message: `${left.name} was a subagent of ${left.parent_name} and lived in its session`,
      hint: `resume that one: hcom r ${left.parent_name}`,
    });
  }
  if (tool === undefined || left.session_id === null) throw noSession(left);
  return {
    tool,
    session: left.session_id,
    name: left.name,
    principal: left.principal ?? undefined,
    tag: left.tag,
    directory: left.directory ?? undefined,
    args: tool.launch.kept(asTexts(parseJson(left.launch_args))),
    isHeadless: left.background === 1,
    isLive,
  };
}

function livesElsewhere({ base, device }: { base: string; device: string }): Refusal {
  return new Refusal({
    code: "remote_agent",
    message: `${base} is an agent of another device, ${device}, and its session is there`,
    hint: `on that device: hcom r ${base}`,
  });
}

function noSession({ name, tool }: Left): Refusal {
  return new Refusal({
    code: "no_session",
    message: `${name} left no session that a program could take up again (${tool})`,
    hint: `its name and mail can be taken over from inside an agent: hcom start --as ${name}`,
  });
}

async function onDisk(bus: Bus, session: string): Promise<Origin | undefined> {
  // An id that is no plain word would reach elsewhere; a short one is nobody's.
  if (!/^[\w-]{8,}$/.test(session)) return undefined;
  for (const load of Object.values(tools)) {
    const tool = await load();
    const folder = toolConfigDir(tool, bus.system.env, bus);
    const path = await newestMatch(folder, tool.transcript.globs(session));
    if (path !== undefined) return stranger(tool, session, await directoryIn(tool, path));
  }
  return undefined;
}

async function byTitle(bus: Bus, title: string): Promise<Origin | undefined> {
  const found: { tool: Tool; session: string }[] = [];
  for (const load of Object.values(tools)) {
    const tool = await load();
    const folder = toolConfigDir(tool, bus.system.env, bus);
    const sessions = await titledSessions(tool, folder, title);
    found.push(...sessions.map((session) => ({ tool, session })));
  }
  const [only, ...more] = found;
  if (only === undefined) return undefined;
  if (more.length > 0) {
    throw new Refusal({
      code: "ambiguous",
      exit: exitCode.usage,
      message: `${found.length} sessions are called "${title}"`,
      hint: `say which: ${found.map((one) => `${one.session} (${one.tool.name})`).join(", ")}`,
    });
  }
  const known = knownAs(bus, only.session);
  return known === undefined ? onDisk(bus, only.session) : ofLeft(known.left, known.isLive);
}

function stranger(tool: Tool, session: string, directory: string | undefined): Origin {
  const nobody = { name: undefined, principal: undefined, tag: null };
  return { tool, session, ...nobody, directory, args: [], isHeadless: false, isLive: false };
}
