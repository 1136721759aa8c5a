// What a look costs where two hundred agents have let seventy-five thousand messages wait: in
// broadcasts to all of them, and as messages to one agent each.
import { human } from "../src/core/instance.ts";
import { storeDeliveries } from "../src/store/deliveries.ts";
import { appendEvent, isoTime } from "../src/store/events.ts";
import { listInstances } from "../src/store/instances.ts";
import { joinAs, type Lab, type Room } from "./lab.ts";
import { atMost, type Measurement } from "./measure.ts";
import { type Candidate, timeProcesses } from "./processes.ts";

export function crowd(lab: Lab): Measurement[] {
  const agents = lab.isSmoke ? 20 : 200;
  const waiting = lab.isSmoke ? 1000 : 75_000;
  const wide = crowdedRoom(lab, { name: "crowd-wide", agents });
  const all = readersIn(wide);
  say(wide, waiting / agents, () => all);
  const narrow = crowdedRoom(lab, { name: "crowd-narrow", agents });
  const each = readersIn(narrow);
  say(narrow, waiting, (n) => each.slice(n % agents, (n % agents) + 1));
  const rounds = lab.isSmoke ? 3 : 10;
  return [wide, narrow].flatMap((room) => {
    using _holder = room.openBus();
    const note = room === wide ? `${agents} agents, broadcasts` : `${agents} agents, one each`;
    // A small crowd, as in a smoke run, must be as quick as a few agents are.
    const small = (mostTimes: number) => (lab.isSmoke ? { mostTimes } : {});
    const command = (words: string[], expected: string, limit: number): Candidate => ({
      name: `hcom ${words.join(" ")}`,
      unit: "ms",
      argv: [lab.launcher(), ...words],
      env: room.env,
      check: (stdout) => {
        if (!stdout.includes(expected)) throw new Error(`hcom ${words[0]} printed: ${stdout}`);
      },
      target: atMost(limit),
      note: `${note}, ${waiting} waiting`,
    });
    return timeProcesses(
      [
        { name: "Bun, empty program", unit: "ms", argv: lab.emptyProgram, env: room.env },
        { ...command(["list"], "agent", 60), ...small(6) },
        { ...command(["status"], "agents: ", 60), ...small(9) },
        { ...command(["start"], "[hcom:", 30), ...small(6) },
      ],
      rounds,
    ).slice(1);
  });
}

function crowdedRoom(lab: Lab, { name, agents }: { name: string; agents: number }): Room {
  const room = lab.room(name);
  for (let n = 0; n < agents; n++) joinAs(room, `agent${n}`);
  return room;
}

const text = "the build is red since the last change; who has touched the parser?";

/** Stored as `send` stores them, without its look at all two hundred for each. */
function say(room: Room, messages: number, readersOf: (n: number) => Reader[]): void {
  using bus = room.openBus();
  const now = bus.system.now();
  bus.db.write(() => {
    for (let n = 0; n < messages; n++) {
      const readers = readersOf(n);
      const names = readers.map((one) => one.name);
      const scope =
        names.length > 1 ? { scope: "broadcast" } : { scope: "mentions", mentions: names };
      const data = { from: human, sender_kind: "external", text, delivered_to: names, ...scope };
      const event = { type: "message", instance: `ext_${human}`, data, timestamp: isoTime(now) };
      storeDeliveries(bus.db, appendEvent(bus.db, event), readers, now / 1000);
    }
  });
}

type Reader = { name: string; principal: string };

function readersIn(room: Room): Reader[] {
  using bus = room.openBus();
  return listInstances(bus.db).map(({ name, principal }) => ({ name, principal }));
}
