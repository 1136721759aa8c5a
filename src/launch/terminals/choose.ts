// Which terminal a launch opens: the one that was named, else the one we are in, else a window of
// the desktop. A program that is missing is passed over, and that is said.

import { type OwnTerminal, ownTerminals } from "../../config/own-terminals.ts";
import type { Paths } from "../../config/paths.ts";
import type { Env } from "../../core/env.ts";
import { didYouMean } from "../../core/names/suggest.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { findBinary } from "../../sys/binary.ts";
import { fileExists } from "../../sys/files.ts";
import { customPreset, notUsable, withOwn } from "./own.ts";
import type { Preset } from "./preset.ts";
import { families, presets, usual } from "./presets.ts";

export interface Surroundings {
  env: Env;
  /** As the runtime names it. */
  platform: string;
  own: readonly OwnTerminal[];
}

export function surroundings(from: { paths: Paths; system: { env: Env } }): Surroundings {
  const own = ownTerminals(from.paths.configToml);
  return { env: from.system.env, platform: process.platform, own };
}

export interface Choice {
  preset: Preset;
  /** It was named, by a flag or in the settings. */
  isAsked: boolean;
  notes: string[];
}

/** `wanted` is "default" where nothing was named. */
export function chooseTerminal(wanted: string, count: number, around: Surroundings): Choice {
  if (wanted === "default") return unasked(count, around);
  const named = namedTerminal(wanted, around);
  if (isInstalled(named, around)) return { preset: named, isAsked: true, notes: [] };
  const missing = `${named.binary ?? named.name} is not installed`;
  const instead = unasked(count, around, missing);
  const note = `${missing}: opening in ${instead.preset.name} instead of ${wanted}`;
  return { ...instead, notes: [note] };
}

/** A terminal that does not exist would be noticed at the next launch only. */
export function checkTerminal(value: string, around: Surroundings): void {
  if (["", "default", "here", "print"].includes(value)) return;
  try {
    namedTerminal(value, around);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message, hint } = error;
    const more = hint === undefined ? {} : { hint };
    throw new Refusal({ code: "invalid_setting", exit: exitCode.usage, message, ...more });
  }
}

/** Every name that may be given, without those of other platforms. */
export function terminalWords(around: Surroundings): string[] {
  const here = tableOf(around).filter((one) => isForPlatform(one, around.platform));
  return ["default", "here", "print", ...Object.keys(families), ...here.map(({ name }) => name)];
}

/** Those that are installed here. */
export function openableTerminals(around: Surroundings): string[] {
  return tableOf(around)
    .filter((one) => isUsable(one, around))
    .map(({ name }) => name);
}

/** The terminal that we are in, as far as it can be told. */
export function terminalInside(around: Surroundings): Preset | undefined {
  const { env, platform } = around;
  const possible = tableOf(around).filter((one) => isForPlatform(one, platform));
  return (
    possible.find(({ inside: [id] }) => id !== undefined && Boolean(env[id])) ??
    possible.find(
      ({ termProgram }) => termProgram !== undefined && termProgram === env["TERM_PROGRAM"],
    )
  );
}

/** The preset of that name, whether its program is there or not. */
export function namedTerminal(wanted: string, around: Surroundings): Preset {
  if (wanted.includes("{script}")) return customPreset(wanted);
  const all = tableOf(around);
  const family = families[wanted];
  if (family !== undefined && !all.some(({ name }) => name === wanted)) {
    const first = all.find(({ name }) => family.includes(name));
    if (first !== undefined) return reachable(first, around);
  }
  const found = all.find(({ name }) => name === wanted);
  if (found === undefined) {
    throw around.own.some(({ name }) => name === wanted)
      ? notUsable(wanted)
      : unknown(wanted, around);
  }
  if (!isForPlatform(found, around.platform)) throw elsewhere(found);
  return found;
}

export function isInstalled(preset: Preset, { env, platform }: Surroundings): boolean {
  const { binary, app } = preset;
  if (binary === undefined || findBinary({ name: binary, fallbacks: [] }, env) !== undefined) {
    return true;
  }
  return platform === "darwin" && app !== undefined && fileExists(appPath(app));
}

export function appPath(app: string): string {
  return `/Applications/${app}.app`;
}

function unasked(
  count: number,
  around: Surroundings,
  why = "there is no terminal to open another agent in",
): Choice {
  const all = tableOf(around);
  const found = terminalInside(around);
  const inside = found === undefined ? undefined : reachable(found, around);
  const several = count > 1 ? all.find(({ name }) => name === inside?.several) : undefined;
  const ofDesktop = usual.flatMap((name) => all.find((one) => one.name === name) ?? []);
  const candidates = [several ?? inside, ...(hasDesktop(around) ? ofDesktop : [])];
  const preset = candidates.find((one) => one !== undefined && isUsable(one, around));
  if (preset !== undefined) return { preset, isAsked: false, notes: [] };
  throw new Refusal({
    code: "no_terminal",
    message: why,
    hint: "run tmux first, or add --headless; one alone: hcom claude",
  });
}

function isUsable(preset: Preset, around: Surroundings): boolean {
  return isForPlatform(preset, around.platform) && isInstalled(preset, around);
}

/** It can be asked from where we are. */
export function isPrepared({ needs = [] }: Preset, { env }: Surroundings): boolean {
  return needs.every((name) => Boolean(env[name]));
}

/** Where panes cannot be asked for, its family's windows can. */
function reachable(preset: Preset, around: Surroundings): Preset {
  if (isPrepared(preset, around)) return preset;
  const family = Object.values(families).find((names) => names.includes(preset.name)) ?? [];
  const others = tableOf(around).filter(({ name }) => family.includes(name));
  return others.find((one) => isPrepared(one, around)) ?? preset;
}

function hasDesktop({ env, platform }: Surroundings): boolean {
  if (platform === "darwin") return true;
  return ["DISPLAY", "WAYLAND_DISPLAY", "WT_SESSION"].some((name) => Boolean(env[name]));
}

function tableOf({ own }: Surroundings): Preset[] {
  return withOwn(presets, own);
}

function isForPlatform({ platforms }: Preset, platform: string): boolean {
  return platforms === undefined || platforms.includes(platform);
}

function unknown(wanted: string, around: Surroundings): Refusal {
  const words = terminalWords(around);
  return new Refusal({
    code: "no_terminal",
    exit: exitCode.usage,
    message: `there is no terminal "${wanted}"${didYouMean(wanted, words)}`,
    hint: `it is one of: ${words.join(", ")}, or a command with {script} in it`,
  });
}

function elsewhere({ name, platforms }: Preset): Refusal {
  const where = platforms?.map((one) => (one === "darwin" ? "macOS" : "Linux")).join(" or ");
  return new Refusal({
    code: "no_terminal",
    exit: exitCode.usage,
    message: `${name} opens on ${where} only`,
    hint: "name another terminal, or none: what fits is found",
  });
}
