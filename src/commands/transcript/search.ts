// hcom transcript search: where in the conversations of agents something was said or done.
import { callerName, findInstance } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import type { Found, Hit } from "../../bus/transcripts/search.ts";
import { searchAside } from "../../bus/transcripts/search-aside.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { style } from "../../cli/style.ts";
import { clock } from "../../cli/when.ts";
import { fullName } from "../../core/names/address.ts";
import { exitCode } from "../../core/refusal.ts";
import { choiceOf, countOf } from "./choice.ts";

export async function runSearch(call: Call, command: Command): Promise<number> {
  const [pattern, ...more] = [...call.words.slice(1), ...(call.rest ?? [])];
  if (pattern === undefined || pattern === "") {
    throw usageError(command, "what is searched for? hcom transcript search PATTERN");
  }
  if (more.length > 0) {
    throw usageError(command, "one pattern only; several words stand in quotation marks");
  }
  const limit = countOf(call, command, { flag: "limit", usual: 20 });
  const choice = choiceOf(call, command);
  using bus = openBus(call.system, { writer: "transcript" });
  const except = call.flags.has("exclude-self") ? ownName(bus, call) : undefined;
  const found = await searchAside(bus, { ...choice, except, pattern, limit });
  const scope = choice.isLiveOnly ? "live" : "tracked";
  if (call.json) call.out.json({ ...found, scope });
  else print(call, found, { pattern, scope });
  return exitCode.ok;
}

function ownName(bus: Bus, call: Call): string | undefined {
  const row = findInstance(bus, callerName(bus, { name: call.name }));
  return row === undefined ? undefined : fullName(row);
}

function print(call: Call, found: Found, asked: { pattern: string; scope: string }): void {
  const { out } = call;
  const { count, results } = found;
  const whose = asked.scope === "live" ? "agents that are here" : "agents here and stopped";
  if (count === 0) out.line(`No matches for "${asked.pattern}" (${whose})`);
  else if (count > results.length) {
    out.line(`The newest ${results.length} of ${count} matches (${whose}); more: --limit N`);
  } else out.line(`${count} match${count === 1 ? "" : "es"} (${whose}), newest first:`);
  for (const hit of results) printHit(call, hit);
}

function printHit({ out, system }: Call, hit: Hit): void {
  const when = clock(Date.parse(hit.timestamp ?? ""), system.now());
  const where = `[${hit.agent}:${hit.hcom_name}] `;
  out.line(where, style.faint(`${when}  hcom transcript ${hit.hcom_name} ${hit.position}`));
  out.line(`  ${hit.text}`);
  out.line(style.faint(`  ${hit.path}:${hit.line}`));
}
