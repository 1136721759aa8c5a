// How long after a commit in one process another one, which waits as `listen` and the wrapper do,
// has read the row. The commit itself is included.
import { send } from "../src/bus/mail/send.ts";
import { watchWakes } from "../src/bus/wake.ts";
import { asObject, parseJson } from "../src/core/json.ts";
import { eventsAfter, maxEventId } from "../src/store/events.ts";
import { joinAs, type Lab, type Room } from "./lab.ts";
import { atMost, type Measurement, measurementOf } from "./measure.ts";

const self = import.meta.path;
const textPrefix = "sent at ";

export async function wake(lab: Lab): Promise<Measurement[]> {
  const room = lab.room("wake");
  joinAs(room, "reader");
  const samples = lab.isSmoke ? 30 : 300;
  const times = await readWhile(room, samples);
  const label = { name: "wake, commit until read elsewhere", unit: "ms" };
  return [measurementOf({ ...label, target: atMost(20, "p99") }, times)];
}

async function readWhile(room: Room, samples: number): Promise<number[]> {
  using bus = room.openBus();
  let cursor = maxEventId(bus.db);
  const times: number[] = [];
  const read = () => {
    for (const row of eventsAfter(bus.db, cursor, 100)) {
      cursor = row.id;
      const text = String(asObject(parseJson(row.data))["text"] ?? "");
      if (text.startsWith(textPrefix)) times.push(clock() - Number(text.slice(textPrefix.length)));
    }
  };
  using _wakes = watchWakes(bus, read);
  const writer = Bun.spawn([process.execPath, self, String(samples)], {
    env: room.env,
    stdout: "inherit",
    stderr: "inherit",
  });
  if ((await writer.exited) !== 0) throw new Error("the writer failed");
  // The once-a-second check of the reader brings what the watch has missed.
  for (let waits = 0; times.length < samples && waits < 30; waits++) await Bun.sleep(100);
  if (times.length !== samples) throw new Error(`read ${times.length} of ${samples} messages`);
  return times;
}

/** Milliseconds since the epoch with fractions. `Bun.nanoseconds` counts from a process's start. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

/** The other process: this very file as a program. */
async function write(samples: number): Promise<void> {
  const { openBus } = await import("../src/bus/bus.ts");
  const { realSystem } = await import("../src/sys/system.ts");
  using bus = openBus(realSystem());
  const sender = { kind: "external", name: "writer" } as const;
  await Bun.sleep(200);
  for (let n = 0; n < samples; n++) {
    // Apart enough that no later commit can bring a reader what an earlier one should have.
    await Bun.sleep(30 + Math.random() * 30);
    send(bus, { sender, targets: ["reader"], text: `${textPrefix}${clock()}` });
  }
}

if (import.meta.main) await write(Number(process.argv[2]));
