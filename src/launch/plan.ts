// Decides everything about a launch before anything is done: the program, its version, its
// arguments, where it runs. A launch that cannot work is refused here.

import { isInsideTool } from "../bus/agents/identity.ts";
import type { Bus } from "../bus/bus.ts";
import type { Origin } from "../bus/life/origin.ts";
import { checkOwnDir } from "../config/own-dir.ts";
import { movedDirs } from "../config/paths.ts";
import type { AgentSnapshot } from "../core/events/life.ts";
import { checkTag } from "../core/names/address.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { findBinary, versionOf } from "../sys/binary.ts";
import { fs } from "../sys/fs.ts";
import type { System } from "../sys/system.ts";
import { shellSplit } from "../tools/shell-quote.ts";
import type { RunKind, Tool } from "../tools/tool.ts";
import { passedOn } from "./environment/passed-on.ts";
import type { LaunchOrder } from "./grammar.ts";
import { heirOf } from "./heir.ts";
import { chooseTerminal, surroundings } from "./terminals/choose.ts";
import type { Preset } from "./terminals/preset.ts";
import { rememberedVersion } from "./tool-version.ts";

export type Venue =
  | { kind: "here" }
  | { kind: "headless" }
  | { kind: "print" }
  | { kind: "pane"; preset: Preset; isAsked: boolean };

export interface LaunchPlan {
  tool: Tool;
  binary: string;
  version: string | undefined;
  count: number;
  directory: string;
  tag: string;
  place: Venue;
  kind: Exclude<RunKind, "plain">;
  /** Configured arguments first, then the caller's. */
  userArgs: string[];
  prompt: string | undefined;
  systemPrompt: string;
  batchId: string;
  /** Whose conversation goes on. */
  origin: TakenUp | undefined;
  /** Who has stopped and is succeeded: its name, its mail, nothing of its conversation. */
  heir: AgentSnapshot | undefined;
  /** What is done otherwise than its caller may expect, a sentence each. */
  notes: string[];
}

/** `resume`: as the same agent. `fork`: as another one that knows what this one knew. */
export type TakenUp = Origin & { as: "resume" | "fork" };

export interface LaunchedFrom {
  /** A person sits before both ends of it, keys and screen. */
  hasTerminal: boolean;
  origin?: TakenUp | undefined;
  /** What the person has around them whose agent the caller may be. */
  person: System["env"];
}

export function planLaunch(
  bus: Bus,
  tool: Tool,
  order: LaunchOrder,
  { hasTerminal, origin, person }: LaunchedFrom,
): LaunchPlan {
  checkOwnDir(bus.paths);
  checkCount(tool, order.count);
  const userArgs = argsOf(bus, tool, order, origin);
  checkRejected(tool, userArgs);
  const binary = binaryFor(bus, tool, person);
  const isOneShot = tool.launch.runKind(order.toolArgs) === "one-shot";
  const notes: string[] = [];
  const place = placeOf(bus, withFormerPlace(order, origin), isOneShot, notes);
  // Without a terminal the program decides for itself what it can do, as it does without us.
  const isBare = place.kind === "here" && !hasTerminal;
  checkSecretPrompt(order, isOneShot || isBare);
  if (isBare && !isOneShot && origin !== undefined) notes.push(noTerminal(tool, origin));
  const heir =
    order.as === undefined
      ? undefined
      : heirOf(bus, order.as, { count: order.count, takenUp: origin?.as });
  const former = origin ?? heir;
  const tag = order.tag ?? (former === undefined ? bus.settings.text("tag") : (former.tag ?? ""));
  if (tag !== "") checkTag(tag);
  return {
    tool,
    binary,
    version: rememberedVersion(bus, binary, () => versionOf(binary, envOf(bus, tool))),
    count: order.count,
    directory: directoryOf(bus, order, origin),
    tag,
    place,
    kind: isOneShot || isBare ? "one-shot" : "interactive",
    userArgs,
    prompt: order.prompt,
    systemPrompt: order.systemPrompt ?? bus.settings.text(`${tool.name}_system_prompt`),
    batchId: order.batchId ?? bus.system.uuid().slice(0, 8),
    origin,
    heir,
    notes,
  };
}

/** Nobody comes back then, and the program's own complaint does not say why. */
function noTerminal({ name: tool }: Tool, { as, name, session }: TakenUp): string {
  const again = `hcom ${as} ${name ?? session}`;
  return (
    `here is no terminal: ${tool} runs once and ends. ` +
    `In the background: ${again} --headless; elsewhere: ${again} --terminal WHERE`
  );
}

/** The session first, then what it was launched with, then what is said now. */
function argsOf(bus: Bus, tool: Tool, order: LaunchOrder, origin: TakenUp | undefined): string[] {
  if (origin === undefined) return [...configuredArgs(bus, tool), ...order.toolArgs];
  const { session } = origin;
  const choice = origin.as === "resume" ? tool.launch.resume(session) : tool.launch.fork?.(session);
  if (choice === undefined) {
    throw new Refusal({
      code: "cannot_fork",
      exit: exitCode.usage,
      message: `${tool.label} cannot fork a session`,
      hint: `start a new agent and let it read: hcom transcript ${origin.name ?? ""}`.trim(),
    });
  }
  const before = origin.name === undefined ? configuredArgs(bus, tool) : origin.args;
  return [...choice, ...before, ...order.toolArgs];
}

/** Who ran in the background comes back there, unless told otherwise. */
function withFormerPlace(order: LaunchOrder, origin: TakenUp | undefined): LaunchOrder {
  const isChosen = order.terminal !== undefined || order.runHere !== undefined;
  const goesBack = origin?.as === "resume" && origin.isHeadless && !isChosen;
  return goesBack ? { ...order, isHeadless: true } : order;
}

function checkCount(tool: Tool, count: number): void {
  if (count <= tool.launch.maxCount) return;
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `${count} ${tool.label} agents at once are too many (${tool.launch.maxCount} at most)`,
    hint: "launch fewer at a time",
  });
}

function configuredArgs(bus: Bus, tool: Tool): string[] {
  const text = bus.settings.text(`${tool.name}_args`);
  const words = text === "" ? [] : shellSplit(text);
  if (words !== undefined) return words;
  bus.system.log({
    level: "warn",
    subsystem: "launch",
    event: "bad_args",
    msg: `${tool.name}_args is not a list of shell words and is ignored`,
  });
  return [];
}

/** One-shots take their prompt from arguments or standard input alone. */
function checkSecretPrompt({ promptFile }: LaunchOrder, isOneShot: boolean): void {
  if (promptFile === undefined || !isOneShot) return;
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: "a one-shot run would show the prompt of --hcom-prompt-file in its arguments",
    hint: `give it on standard input: ... < ${promptFile}`,
  });
}

function checkRejected(tool: Tool, args: readonly string[]): void {
  const bad = args.find((arg) => tool.launch.rejected.includes(arg));
  if (bad === undefined) return;
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `${tool.label} cannot take part with ${bad}: it bypasses the hooks`,
    hint: "leave it out; give a first prompt with --hcom-prompt TEXT",
  });
}

/** Some programs make PATH anew for the commands of their agents. */
function binaryFor({ system, paths }: Bus, tool: Tool, person: System["env"]): string {
  const passed = passedOn(paths);
  const found = findBinary(tool.binary, { ...person, ...passed });
  return found ?? requireBinary(tool, { ...system.env, ...passed });
}

/** Some make their directories on whatever they are asked. */
function envOf(bus: Bus, tool: Tool): System["env"] {
  return { ...bus.system.env, ...movedDirs(tool, bus.system.env, bus) };
}

export function requireBinary(tool: Tool, env: System["env"]): string {
  const binary = findBinary(tool.binary, env);
  if (binary !== undefined) return binary;
  throw new Refusal({
    code: "tool_missing",
    exit: exitCode.notFound,
    message: `${tool.label} is not installed: no ${tool.binary.name} on PATH`,
    hint: `install it (${tool.binary.install}), or put its directory on PATH`,
  });
}

/** Tools keep sessions by directory: where it ran is where it can go on. */
function directoryOf(bus: Bus, order: LaunchOrder, origin: TakenUp | undefined): string {
  const wanted = order.dir ?? origin?.directory ?? bus.system.cwd;
  const path = wanted.startsWith("/") ? wanted : `${bus.system.cwd}/${wanted}`;
  try {
    if (fs().statSync(path).isDirectory()) return path;
  } catch {
    // Said below.
  }
  throw new Refusal({
    code: "bad_directory",
    exit: exitCode.notFound,
    message: `there is no directory ${path}`,
    hint:
      order.dir === undefined
        ? "the session ran there; make it again, or name another: --dir PATH"
        : "create it first, or leave --dir out",
  });
}

function placeOf(bus: Bus, order: LaunchOrder, isOneShot: boolean, notes: string[]): Venue {
  if (order.isHeadless) return { kind: "headless" };
  const wanted = (order.terminal ?? bus.settings.text("terminal")) || "default";
  const isAlone = order.count === 1 && (isOneShot || !isInsideTool(bus));
  const isHere = order.runHere ?? (wanted === "here" || (wanted === "default" && isAlone));
  if (isHere) return { kind: "here" };
  if (wanted === "print") return printed(order);
  const named = wanted === "here" ? "default" : wanted;
  const { notes: more, ...choice } = chooseTerminal(named, order.count, surroundings(bus));
  notes.push(...more);
  return { kind: "pane", ...choice };
}

function printed({ count }: LaunchOrder): Venue {
  if (count === 1) return { kind: "print" };
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: "a script that is printed starts one agent",
    hint: "print one script for each",
  });
}
