// What the commands cost that agents call all the time, through the launcher that is on their PATH.
import { bigLog, eventCount } from "./big-log.ts";
import { joinAs, type Lab } from "./lab.ts";
import { atMost, type Measurement } from "./measure.ts";
import { type Candidate, timeProcesses } from "./processes.ts";

export function cli(lab: Lab): Measurement[] {
  const room = bigLog(lab);
  const agents = ["anna", "bela", "cleo", "dora"].map((name) => joinAs(room, name));
  const env = agents[0]?.env ?? room.env;
  using _holder = room.openBus();
  const command = (words: string[], expected: string): Candidate => ({
    name: `hcom ${words.join(" ")}`,
    unit: "ms",
    argv: [lab.launcher(), ...words],
    env,
    check: (stdout) => {
      if (!stdout.includes(expected)) throw new Error(`hcom ${words[0]} printed: ${stdout}`);
    },
  });
  const million = eventCount(lab) / 1e6;
  return timeProcesses(
    [
      { name: "Bun, empty program", unit: "ms", argv: lab.emptyProgram, env: room.env },
      { ...command(["--version"], "hcom "), target: atMost(7), mostTimes: 2.3 },
      {
        ...command(["send", "@bela", "--", "text"], "to: "),
        target: atMost(12),
        mostTimes: 3.8,
      },
      { ...command(["list"], "dora"), target: atMost(12), mostTimes: 3.8, note: "4 agents" },
      {
        ...command(["events", "--last", "20"], '"type"'),
        target: atMost(12),
        mostTimes: 3.8,
        note: `${million} M events`,
      },
    ],
    lab.isSmoke ? 10 : 100,
  );
}
