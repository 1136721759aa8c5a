// hcom start: take part, and learn how.
import { bootstrapOf } from "../bus/agents/bootstrap.ts";
import { openBus } from "../bus/bus.ts";
import { start } from "../bus/life/start.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { checkOwnDir } from "../config/own-dir.ts";
import { pathsOf } from "../config/paths.ts";
import { markerOf } from "../core/marker.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { installHooks } from "../hooks/install.ts";
import { detectTool } from "../tools/index.ts";

const command: Command = {
  name: "start",
  group: "agents",
  summary: "take part: an agent's session gets a name and learns how to talk",
  usage: ["start", "start --as NAME"],
  mostWords: 0,
  flags: [{ name: "as", value: "NAME", about: "take back the name you had before" }],
  examples: ["hcom start             # an agent runs it when you say: run hcom start"],
  exits: { 1: "hooks were just installed (restart the tool), or the name is in use" },
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
  const tool = detectTool(env);
  if (tool !== undefined && env["HCOM_LAUNCHED"] !== "1") await requireHooks(call, tool);
  using bus = openBus(call.system, { writer: "start", repairModes: true });
  const started = start(bus, {
    tool: tool ?? "adhoc",
    as: call.flags.value("as"),
    name: call.name,
  });
  const { row } = started;
  if (call.json) {
    call.out.json({ name: row.name, tool: row.tool, is_new: started.isNew });
    return exitCode.ok;
  }
  if (!started.isNew) {
    call.out.line(`hcom already started for ${row.name}`);
    return exitCode.ok;
  }
  // The tool may cut the middle of a long output: the name stands at both ends.
  call.out.line(markerOf(row.name));
  call.out.line(bootstrapOf(bus, row));
  call.out.line(markerOf(row.name));
  return exitCode.ok;
}

async function requireHooks(call: Call, tool: string): Promise<void> {
  const results = await installHooks(call.system, [tool]);
  const failed = results.find((result) => result.error !== undefined);
  if (failed?.error !== undefined) throw failed.error;
  if (results.every((result) => result.wasInPlace)) return;
  const written = results.flatMap((result) => result.written).join(", ");
  throw new Refusal({
    code: "restart_needed",
    message: `hcom's hooks were missing and are installed now in ${written}`,
    hint: `restart ${tool} in this directory, then run: hcom start`,
  });
}
