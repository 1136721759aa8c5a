// What a launch leaves in files for its program and its wrapper, because only our user can read
// them: settings, a system prompt, a first prompt. They are named after the launched process, and
// go when nobody of that name is there any more.

import { instanceOfProcess } from "../bus/agents/of-process.ts";
import type { Bus } from "../bus/bus.ts";
import type { Paths } from "../config/paths.ts";
import { fileExists, readText, removeFile, writeAtomic } from "../sys/files.ts";
import { fs } from "../sys/fs.ts";
import { commandLines } from "../sys/process.ts";
import type { RunFiles } from "../tools/tool.ts";

export function runFilesOf(paths: Paths, processId: string, directory: string): RunFiles {
  let count = 0;
  return {
    keep(text, ending = "") {
      const path = `${paths.runFiles}/${processId}.${count++}${ending}`;
      writeAtomic(path, text);
      return path;
    },
    read: (path) => readable(path.startsWith("/") ? path : `${directory}/${path}`),
  };
}

export function keepFirstPrompt(paths: Paths, processId: string, text: string): void {
  writeAtomic(firstPromptFile(paths, processId), text);
}

/** For the wrapper, once. */
export function takeFirstPrompt(paths: Paths, processId: string): string | undefined {
  const path = firstPromptFile(paths, processId);
  const text = readable(path);
  if (text !== undefined) removeFile(path);
  return text;
}

function firstPromptFile(paths: Paths, processId: string): string {
  return `${paths.runFiles}/${processId}.prompt`;
}

/** Those of launches that are over; of an agent that was let go its program may still read them. */
export function sweepRunFiles(bus: Bus): void {
  const old = [bus.paths.runFiles, bus.paths.launchScripts].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => instanceOfProcess(bus, name.split(".", 1)[0] ?? "") === undefined)
      .map((name) => `${folder}/${name}`),
  );
  if (old.length === 0) return;
  const running = commandLines();
  for (const path of old) if (!running.includes(path)) removeFile(path);
}

function namesIn(folder: string): string[] {
  return fileExists(folder) ? fs().readdirSync(folder) : [];
}

function readable(path: string): string | undefined {
  try {
    return fileExists(path) ? readText(path) : undefined;
  } catch {
    return undefined;
  }
}
