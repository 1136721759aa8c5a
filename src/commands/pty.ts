// hcom pty: the wrapper around one agent program. Launches start it; people hardly ever do.
import { processIdOf } from "../bus/agents/of-process.ts";
import { openBus } from "../bus/bus.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { pathsOf, toolConfigDir } from "../config/paths.ts";
import { runWrapper } from "../delivery/wrapper.ts";
import { takeFirstPrompt } from "../launch/run-files.ts";
import { rememberedVersion } from "../launch/tool-version.ts";
import { keepWorker } from "../relay/keep-worker.ts";
import { findBinary, versionOf } from "../sys/binary.ts";
import { findTool } from "../tools/index.ts";

const command: Command = {
  name: "pty",
  group: "internal",
  summary: "run a tool's program under the wrapper",
  usage: ["pty TOOL -- PROGRAM [arguments]"],
  flags: [],
  isHidden: true,
  run: runPty,
};
export default command;

async function runPty(call: Call): Promise<number> {
  const { system } = call;
  const tool = await findTool(call.words[0] ?? "");
  const processId = processIdOf(system.env);
  const name = system.env["HCOM_INSTANCE_NAME"];
  const program = call.rest?.[0] ?? (tool && findBinary(tool.binary, system.env));
  if (tool === undefined || program === undefined) {
    throw usageError(command, "name a tool and a program: hcom pty TOOL -- PROGRAM");
  }
  if (processId === undefined || name === undefined) {
    throw usageError(command, "the wrapper is started by a launch: hcom TOOL");
  }
  using _worker = keepWorker(system);
  return await runWrapper({
    system,
    tool,
    argv: [program, ...(call.rest?.slice(1) ?? [])],
    env: definedOnly(system.env),
    name,
    processId,
    directory: system.cwd,
    isHeadless: system.env["HCOM_BACKGROUND"] !== undefined,
    openBus: (options) => openBus(system, { ...options, writer: "wrapper" }),
    toolVersion: versionFor(call, program),
    configDir: toolConfigDir(tool, system.env),
    firstPrompt: takeFirstPrompt(pathsOf(system.env, system.cwd), processId),
  });
}

function versionFor(call: Call, program: string): string | undefined {
  try {
    using bus = openBus(call.system);
    return rememberedVersion(bus, program, () => versionOf(program));
  } catch {
    return versionOf(program);
  }
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [key, value] of Object.entries(env)) if (value !== undefined) defined[key] = value;
  return defined;
}
