// hcom start: take part, and learn how.

import { bootstrapOf } from "../bus/agents/bootstrap.ts";
import { doneBy, isInsideTool } from "../bus/agents/identity.ts";
import { openBus } from "../bus/bus.ts";
import { adopt } from "../bus/life/hand-over/adopt.ts";
import { start } from "../bus/life/start.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { style } from "../cli/style.ts";
import { checkOwnDir } from "../config/own-dir.ts";
import { pathsOf } from "../config/paths.ts";
import { markerOf } from "../core/marker.ts";
import { adHoc } from "../core/names/ad-hoc.ts";
import { fullName } from "../core/names/address.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { installHooks } from "../hooks/install.ts";
import { startWhereMissing } from "../relay/keep-worker.ts";
import { detectTool, toolNames } from "../tools/index.ts";

const command: Command = {
  name: "start",
  group: "agents",
  summary: "take part: an agent's session gets a name and learns how to talk",
  usage: ["start", "start --as NAME", "start --orphan NAME|PID"],
  mostWords: 0,
  flags: [
    { name: "as", value: "NAME", about: "take back the name you had before" },
    { name: "orphan", value: "NAME|PID", about: "bring back a program that runs on by itself" },
  ],
  examples: ["hcom start             # an agent runs it when you say: run hcom start"],
  exits: {
    1: "hooks were just installed (restart the tool), or the name is in use",
    6: "an agent asked for --orphan, which a person decides",
  },
  run: runStart,
};
export default command;

async function runStart(call: Call): Promise<number> {
  if (call.words.length > 0) {
    const [word = ""] = call.words;
    throw usageError(
      command,
      `takes no word "${word}"`,
      `to be ${word} again: hcom start --as ${word}`,
    );
  }
  const { env, cwd } = call.system;
  checkOwnDir(pathsOf(env, cwd));
  const orphan = call.flags.value("orphan");
  if (orphan !== undefined) return bringBack(call, orphan);
  const tool = detectTool(env);
  if (tool !== undefined && env["HCOM_LAUNCHED"] !== "1") await requireHooks(call, tool);
  using bus = openBus(call.system, { writer: "start", repairModes: true });
  const started = start(bus, {
    tool: tool ?? adHoc,
    as: call.flags.value("as"),
    name: call.name,
  });
  await startWhereMissing(call.system);
  const { row } = started;
  if (call.json) {
    call.out.json({ name: row.name, tool: row.tool, is_new: started.isNew });
    return exitCode.ok;
  }
  if (!started.isNew) {
    call.out.line(`hcom already started for ${fullName(row)}`);
    return exitCode.ok;
  }
  if (tool === undefined && call.out.view.isForPeople) {
    tellPerson(call, fullName(row));
    return exitCode.ok;
  }
  // The tool may cut the middle of a long output: the name stands at both ends.
  call.out.framed(markerOf(row.name));
  call.out.framed(bootstrapOf(bus, row));
  call.out.framed(markerOf(row.name));
  return exitCode.ok;
}

function asksPerson(word: string): Refusal {
  return new Refusal({
    code: "needs_person",
    exit: exitCode.needsHuman,
    message: `a person decides whether ${word} takes part again`,
    hint: `from a shell of theirs: hcom start --orphan ${word}`,
  });
}

async function bringBack(call: Call, word: string): Promise<number> {
  const { findOrphans, namedOrphan } = await import("../delivery/orphans/orphans.ts");
  using bus = openBus(call.system, { writer: "start", repairModes: true });
  // Agents may run `start` unasked, and a person may have ended it on purpose.
  if (isInsideTool(bus)) throw asksPerson(word);
  const orphan = namedOrphan(await findOrphans(bus), word);
  if (orphan === undefined) {
    throw new Refusal({
      code: "not_found",
      exit: exitCode.notFound,
      message: `no program called ${word} runs without taking part`,
      hint: "which do: hcom list --orphans",
    });
  }
  const row = adopt(bus, orphan, doneBy(bus, { name: call.name }));
  if (call.json) call.out.json({ name: row.name, tool: row.tool, pid: orphan.pid, is_new: false });
  else call.out.line(`${fullName(row)} takes part again`);
  return exitCode.ok;
}

/** What an agent is told would puzzle whoever tries this at a shell. */
function tellPerson(call: Call, name: string): void {
  const { out } = call;
  out.line(style.name(name), " is here now, a name without a program: scripts speak as it with");
  out.line(
    style.strong(`  --name ${name}`),
    ". It leaves with ",
    style.strong(`hcom stop ${name}`),
  );
  out.line();
  const yours = "You yourself need no name: agents reach you as bigboss, and you read it with ";
  const [first, ...others] = toolNames;
  for (const sentence of [
    [yours, style.strong("hcom inbox"), "."],
    ["Start an agent: ", style.strong(`hcom ${first}`), ` (or ${others.join(", ")})`],
    ["In a session that runs already, ask it: run ", style.strong("hcom start")],
  ]) {
    for (const line of wrapped(sentence, { width: out.view.width, indent: 2 })) out.line(...line);
  }
}

async function requireHooks(call: Call, tool: string): Promise<void> {
  const results = await installHooks(call.system, [tool]);
  const failed = results.find((result) => result.error !== undefined);
  if (failed?.error !== undefined) throw fromOutside(failed.error, tool);
  if (results.every((result) => result.wasInPlace)) return;
  const written = results.flatMap((result) => result.written).join(", ");
  throw new Refusal({
    code: "restart_needed",
    message: `hcom's hooks were missing and are installed now in ${written}`,
    hint: `restart ${tool} in this directory, then run: hcom start`,
  });
}

/** An agent's sandbox keeps it from its own program's settings: its person can write them. */
function fromOutside(error: Refusal, tool: string): Refusal {
  if (error.code !== "settings_unwritable") return error;
  const again = `then restart ${tool} and run: hcom start`;
  const missing = `${tool} runs without hcom's hooks, and they cannot be added from in here`;
  return new Refusal({
    code: error.code,
    message: `${missing}: ${error.message}`,
    hint: `in a terminal of your own: hcom hooks add ${tool}; ${again}`,
  });
}
