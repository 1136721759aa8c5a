// What is known about an agent that has stopped: the snapshot that its last life left in the log.

import type { EventRow } from "../../core/event.ts";
import { endWords, hadProgram } from "../../core/events/end-words.ts";
import { type AgentSnapshot, snapshotIn } from "../../core/events/life.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { bareName, deviceIn, fullName, splitFullName } from "../../core/names/address.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { formatAge } from "../../core/time/age.ts";
import { type Renamed, renamedAway } from "../../store/agents/rename.ts";
import { latestStopped } from "../../store/events.ts";
import { instanceByPrincipal } from "../../store/instances.ts";
import { principalName } from "../../store/principals.ts";
import { toolNameOf } from "../../tools/index.ts";
import type { Bus } from "../bus.ts";

/** By base or display name, as it is written. */
export function stoppedByName(bus: Bus, written: string): AgentSnapshot | undefined {
  return snapshotIn(stopOf(bus, written));
}

/** Of an agent that has stopped or is called otherwise; undefined where none of that name was. */
export function stoppedRefusal(bus: Bus, written: string, code: string): Refusal | undefined {
  const name = bareName(written);
  const own = stopOf(bus, written);
  const renamed = lastRename(bus, name);
  // The name may have been another's since.
  const isLast = renamed !== undefined && renamed.id > (own?.id ?? 0);
  const other = isLast ? instanceByPrincipal(bus.db, renamed.principal) : undefined;
  if (other !== undefined) {
    const message = `${name} is called ${fullName(other)} now`;
    const hint = `use that name: @${fullName(other)}`;
    return new Refusal({ code, exit: exitCode.notFound, message, hint });
  }
  const last = isLast ? principalName(bus.db, renamed.principal) : undefined;
  const row = last === undefined ? own : latestStopped(bus.db, last);
  if (row === undefined) return undefined;
  const who = last === undefined ? name : `${name}, later ${last},`;
  const resume = resumeWords(snapshotIn(row) ?? row.instance);
  return new Refusal({
    code,
    exit: exitCode.notFound,
    message: `${who} has stopped, ${endOf(bus, row)}`,
    hint: `resume: ${resume}; what it was and did: hcom list --stopped ${row.instance}`,
  });
}

const mostRenames = 20;

/** Agents of other devices have a principal by their name: it is followed from one to the next. */
function lastRename(bus: Bus, name: string): Renamed | undefined {
  let last = renamedAway(bus.db, name);
  for (let times = 0; last !== undefined && times < mostRenames; times++) {
    if (instanceByPrincipal(bus.db, last.principal) !== undefined) return last;
    const next = renamedAway(bus.db, last.to);
    if (next === undefined || next.id <= last.id) return last;
    last = next;
  }
  return last;
}

/** Its program goes on with the same session; without one, the name at least can be taken back. */
export function resumeCommand(
  of: Pick<AgentSnapshot, "name" | "tool" | "session_id"> | string,
): string {
  const name = typeof of === "string" ? of : of.name;
  const home = deviceIn(name);
  if (home !== undefined) return `on its own device, ${home.device}: hcom r ${home.base}`;
  const hasSession =
    typeof of !== "string" && of.session_id !== null && toolNameOf(of.tool) !== undefined;
  return hasSession ? `hcom r ${name}` : `hcom start --as ${name}`;
}

/** For people: a name is taken up by an agent's session; at a shell it would have no program. */
export function resumeWords(of: Parameters<typeof resumeCommand>[0]): string {
  const command = resumeCommand(of);
  return command.startsWith("hcom start") ? `in a session: ${command}` : command;
}

/** A full name is of whoever stopped last under that tag. */
function stopOf(bus: Bus, written: string): EventRow | undefined {
  const name = bareName(written);
  const exact = latestStopped(bus.db, name);
  if (exact !== undefined) return exact;
  for (const { tag, base } of splitFullName(name)) {
    const found = latestStopped(bus.db, base, tag);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** When and how. */
function endOf(bus: Bus, row: EventRow): string {
  const life = asObject(parseJson(row.data));
  const age = formatAge((bus.system.now() - Date.parse(row.timestamp)) / 1000);
  const by = asText(life["by"]) ?? "";
  const reason = asText(life["reason"]) ?? "";
  const when = age === "now" ? "just now" : `${age} ago`;
  const end = { name: row.instance, reason, by, had_program: hadProgram(life) };
  return `${when} (${endWords(end)})`;
}
