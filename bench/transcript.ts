// Looking into what agents said: the last exchanges of one large transcript, and the timeline over
// many. The lines are those of a recorded session, with the results that make real ones large.
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { updateInstance } from "../src/store/instances.ts";
import { joinAs, type Lab, type Room } from "./lab.ts";
import { atMost, type Measurement } from "./measure.ts";
import { timeProcesses } from "./processes.ts";

const recorded = join(import.meta.dir, "../src/tools/claude/fixtures/2.1.329/work.jsonl");

export function transcript(lab: Lab): Measurement[] {
  const room = lab.room("transcript");
  const megabytes = lab.isSmoke ? 20 : 200;
  const agents = lab.isSmoke ? 5 : 50;
  const large = agentWith(room, "large", megabytes << 20);
  for (let at = 1; at < agents; at++) agentWith(room, `small${at}`, 1 << 20);
  const command = (...words: string[]) => ({
    argv: ["sh", lab.launcher(), "transcript", ...words],
    env: room.env,
  });
  const empty = { name: "empty program", unit: "ms", argv: lab.emptyProgram, env: room.env };
  return timeProcesses(
    [
      empty,
      {
        name: `transcript --last 5, ${megabytes} MB`,
        unit: "ms",
        target: atMost(150),
        ...command(large, "--last", "5"),
      },
      {
        name: `transcript timeline, ${agents} agents, ${megabytes + agents} MB`,
        unit: "ms",
        target: atMost(300),
        ...command("timeline"),
      },
    ],
    lab.isSmoke ? 2 : 12,
  );
}

/** Forty results of 5 KB for each three prompts. */
function agentWith(room: Room, name: string, bytes: number): string {
  joinAs(room, name);
  const folder = join(room.env["HOME"] ?? "", ".claude");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.jsonl`);
  const lines = readFileSync(recorded, "utf8").trimEnd().split("\n");
  const result = lines.findIndex((line) => line.includes('"tool_result"'));
  const work = (lines[result] ?? "").replace('"tool_result"', `"tool_result","more":"${filler}"`);
  const more = Array<string>(40).fill(work);
  const block = `${[...lines.slice(0, result), ...more, ...lines.slice(result)].join("\n")}\n`;
  const file = openSync(path, "w");
  for (let written = 0; written < bytes; written += block.length) writeSync(file, block);
  closeSync(file);
  using bus = room.openBus();
  updateInstance(bus.db, name, { transcript_path: path });
  return name;
}

const filler = "the quick brown fox jumps over ".repeat(160);
