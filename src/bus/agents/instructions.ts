// What a launch's caller wants its agent to know beside our own text, for programs that take no
// such thing for one run: in a file that only our user reads, for as long as the process is known.
import { type Instance, launchContextOf } from "../../core/instance.ts";
import { readText, writeAtomic } from "../../sys/files.ts";
import type { Bus } from "../bus.ts";

export function keepInstructions(bus: Bus, processId: string, text: string): void {
  writeAtomic(fileOf(bus, processId), text);
}

export function instructionsOf(bus: Bus, row: Instance): string {
  const { process_id: processId } = launchContextOf(row);
  return processId === undefined ? "" : (readText(fileOf(bus, processId)) ?? "");
}

function fileOf({ paths }: Bus, processId: string): string {
  return `${paths.runFiles}/${processId}.instructions`;
}
