// Native delivery of one run: our module in the agent program's process, where its version has a
// place for one and its owner wants it. Whatever fails here leaves hooks and rungs, as ever.
import type { Paths } from "../../config/paths.ts";
import type { Settings } from "../../config/settings.ts";
import { fileExists, readText, writeAtomic } from "../../sys/files.ts";
import type { System } from "../../sys/system.ts";
import { beforeTerminator } from "../../tools/command-line.ts";
import type { Rung, Tool } from "../../tools/tool.ts";
import { isSince } from "../../tools/version.ts";
import { socketFolder } from "../control.ts";
import type { Carrier, News } from "./carrier.ts";
import { modFolder } from "./mod-folder.ts";
import { openModServer } from "./mod-server.ts";

export interface Native extends Disposable {
  carrier: Carrier | undefined;
  /** What is passed to the program. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Its last words, where it ended at its start over our arguments: a line for its person. */
  ended(lastWords: string): string | undefined;
}

export interface NativeOptions {
  system: System;
  tool: Tool;
  toolVersion: string | undefined;
  argv: readonly string[];
  paths: Paths;
  settings: Pick<Settings, "text">;
  onNews(news: News): void;
}

export async function openNative(options: NativeOptions): Promise<Native> {
  const { argv } = options;
  const without: Native = {
    ...{ carrier: undefined, argv, env: {} },
    ended: () => undefined,
    [Symbol.dispose]() {},
  };
  try {
    return (await withMod(options)) ?? without;
  } catch (error) {
    note(options, "warn", error instanceof Error ? error.message : String(error));
    return without;
  }
}

async function withMod(options: NativeOptions): Promise<Native | undefined> {
  const { tool, toolVersion, argv, system } = options;
  const plug = tool.mod;
  if (plug === undefined || wanted(options) !== "native") return undefined;
  if (toolVersion === undefined || !isSince(toolVersion, plug.since, false)) return undefined;
  const base = `${options.paths.tmp}/mods/${tool.name}`;
  const refused = `${base}/refused-${toolVersion.replace(/[^\w.-]/g, "")}`;
  const was = fileExists(refused) ? `it ended over the module before (${refused})` : undefined;
  const obstacle = was ?? plug.obstacle(readText);
  if (obstacle !== undefined) {
    note(options, "info", obstacle);
    return undefined;
  }
  const folder = await modFolder(base, plug, toolVersion);
  const path = `${socketFolder(options.paths.run)}/m${system.pid}.sock`;
  const server = openModServer(path, options.onNews);
  const [program = "", ...args] = argv;
  return {
    carrier: server,
    argv: [program, ...beforeTerminator(args, plug.args(folder))],
    env: { [plug.variable]: path },
    ended(lastWords) {
      // Its person has passed the same: then it says nothing about ours.
      const isTheirs = args.some((one) => one.startsWith(plug.refusal));
      if (isTheirs || !lastWords.includes(plug.refusal)) return undefined;
      writeAtomic(refused, lastWords);
      return `hcom: this ${tool.label} refuses hcom's module. Start it again: it is left out now.`;
    },
    [Symbol.dispose]: () => server[Symbol.dispose](),
  };
}

/** The rungs that the owner leaves us. */
export function rungsOf(options: Pick<NativeOptions, "tool" | "settings">): readonly Rung[] {
  const { rungs } = options.tool;
  return wanted(options) === "typing" ? rungs.filter((rung) => rung.kind === "typing") : rungs;
}

function wanted({ tool, settings }: Pick<NativeOptions, "tool" | "settings">): string {
  return tool.mod === undefined ? "hooks" : settings.text(`${tool.name}_delivery`);
}

function note({ system, tool }: NativeOptions, level: "info" | "warn", msg: string): void {
  system.log({ level, subsystem: "delivery", event: "no_mod", msg: `${tool.label}: ${msg}` });
}
