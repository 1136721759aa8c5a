// What an agent inherits. In this terminal: what stands in it, as the bare program would.
// Elsewhere: what its person's shell would give it, though an agent or a build machine may be the
// caller, whose commands have more around them. The owner's file `env` wins over all of it.
import type { Bus } from "../../bus/bus.ts";
import { movedDirs } from "../../config/paths.ts";
import { surroundingStart } from "../../sys/ancestry.ts";
import { detectTool, type ToolName, toolNames, tools } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";
import { shellEnvironment } from "./login-shell.ts";
import { isOfBuild, notInherited } from "./not-inherited.ts";
import { passedOn } from "./passed-on.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface Base {
  /** From around: for the terminal as well, whose server may outlive the launch. */
  inherited: Readonly<Record<string, string>>;
  /** The same with what its owner gives to agents. */
  env: Readonly<Record<string, string>>;
}

export function baseOf(
  bus: Bus,
  { tool, isHere, person }: { tool: Tool; isHere: boolean; person: Env },
): Base {
  const around = isHere ? bus.system.env : person;
  const drop = new Set(notInherited(tool, isHere));
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(around)) {
    if (value !== undefined && !drop.has(name)) inherited[name] = value;
  }
  const env = { ...inherited, ...passedOn(bus.paths) };
  const moved = movedDirs(tool, env, bus);
  return { inherited, env: { ...env, ...moved, ...toldMoved(tool, Object.keys(moved)) } };
}

/** For who starts its commands: they are other programs, which go by those variables, too. */
function toldMoved(tool: Tool, names: readonly string[]): { HCOM_MOVED_DIRS?: string } {
  if (tool.configDir.along === undefined || names.length === 0) return {};
  return { HCOM_MOVED_DIRS: names.join(":") };
}

/** What the person has whose agent, build machine or shell calls us. */
export async function personsEnvironment(env: Env): Promise<Env> {
  const around = toolAround(env);
  if (around === undefined) return without(env, isOfBuild);
  const tool = await tools[around]();
  const before = surroundingStart((one) => isBefore(one, env));
  const found = before ?? (await shellEnvironment(env, tool));
  const own = new Set([...tool.launch.stripEnv, ...ofProcess]);
  return {
    ...without(found, (name) => isOurs(name) || own.has(name)),
    ...without(env, (name) => !isOurs(name)),
  };
}

/** How Node.js talks to a child: a program may be one of its own (Gemini CLI 0.61.0). */
const ofProcess = ["NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE"];

/** Was that an agent program's start, by a person or by us for one, and in no agent? */
function isBefore(one: { env: Env; words: readonly string[] }, env: Env): boolean {
  const words = one.words.slice(0, 3);
  const isProgram = words.some((word) => toolNames.some((name) => word.includes(name)));
  return isProgram && one.env["HOME"] === env["HOME"] && toolAround(one.env) === undefined;
}

/** Proved by variables of the program itself: ours stand around its start already. */
function toolAround(env: Env): ToolName | undefined {
  return detectTool({ ...env, HCOM_TOOL: undefined });
}

function isOurs(name: string): boolean {
  return name.startsWith("HCOM_");
}

function without(env: Env, isLeftOut: (name: string) => boolean): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isLeftOut(name)));
}
