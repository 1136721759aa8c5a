// Three devices and a real broker while everything between them breaks: the broker restarts, wires
// are cut and held, workers are killed. What was said is on every device once, in the order of who
// said it, and each ledger knows that it arrived.
import { readRuntime } from "../../src/relay/runtime.ts";
import { until } from "../kit/until.ts";
import { tempDir } from "../process/lab.ts";
import { hasBroker, type LabBroker, startBroker } from "../relay/lab.ts";
import {
  closeDevices,
  disagreements,
  disordered,
  doubled,
  missing,
  type Station,
  type Stations,
  say,
  threeDevices,
} from "../relay/three-devices.ts";
import { harm, newTally, pick, type Round, signal, type Tally } from "./lab.ts";

export async function relay({ random, goesOn }: Round): Promise<Tally[]> {
  if (!hasBroker) return [];
  using dir = tempDir();
  await using broker = await startBroker(dir.path);
  const all = await threeDevices(dir.path, broker);
  try {
    const traffic = newTally("messages between three devices");
    const mishaps = mishapsOf(broker, goesOn);
    await Promise.all([
      talk(all, traffic, { random, goesOn }),
      havoc(all, mishaps, { random, goesOn }),
    ]);
    await settle(all, traffic);
    return [...mishaps.map((one) => one.tally), traffic];
  } finally {
    await closeDevices(all);
  }
}

/** Every device says much to all and to one, and now and then a command does, as people use it. */
async function talk(all: Stations, tally: Tally, { random, goesOn }: Round): Promise<void> {
  while (goesOn()) {
    for (const one of all) {
      for (let times = Math.ceil(random() * 8); times > 0; times--) {
        say(one, random() < 0.5 ? undefined : pick(random, all));
        tally.tried++;
      }
    }
    const { device: one } = pick(random, all);
    if (random() < 0.2) await one.hcom("list");
    await Bun.sleep(100);
  }
}

interface Mishap {
  tally: Tally;
  act(one: Station, random: () => number): Promise<void> | void;
}

const awayMs = 60_000;

function mishapsOf(broker: LabBroker, goesOn: () => boolean): [Mishap, ...Mishap[]] {
  /** Ends early when the time is over. */
  const pause = async (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end && goesOn()) await Bun.sleep(Math.min(200, ms));
  };
  const closed = async ({ wire }: Station, ms: number) => {
    wire.close(true);
    await pause(ms);
    wire.close(false);
  };
  return [
    { tally: newTally("relay: wires cut"), act: ({ wire }) => wire.cut() },
    {
      tally: newTally("relay: wires held up"),
      async act({ wire }, random) {
        wire.hold(true);
        await pause(random() * 4000);
        wire.hold(false);
      },
    },
    {
      tally: newTally("relay: a device cut off"),
      act: (one, random) => closed(one, random() * 4000),
    },
    { tally: newTally("relay: a device cut off for a minute"), act: (one) => closed(one, awayMs) },
    {
      tally: newTally("relay: workers killed"),
      act({ device: one }) {
        const pid = readRuntime(one.bus)?.pid;
        if (pid !== undefined) signal(pid, "SIGKILL");
      },
    },
    {
      tally: newTally("relay: brokers restarted"),
      async act(_one, random) {
        await broker.stop();
        await Bun.sleep(random() * 1000);
        await broker.start();
      },
    },
  ];
}

/** One mishap to a device at a time, and what happens to one holds up none of the others. */
async function havoc(
  all: Stations,
  mishaps: [Mishap, ...Mishap[]],
  { random, goesOn }: Round,
): Promise<void> {
  const busy = new Map<unknown, Promise<void>>();
  while (goesOn()) {
    await Bun.sleep(300 + random() * 1500);
    const { tally, act } = pick(random, mishaps);
    const one = pick(random, all);
    // Away for long is only the last one: two that go on have something to say to each other.
    if (tally.what.endsWith("a minute") && one !== all[2]) continue;
    const about = tally === mishaps.at(-1)?.tally ? tally : one;
    if (busy.has(about)) continue;
    tally.tried++;
    const done = Promise.resolve(act(one, random)).finally(() => busy.delete(about));
    busy.set(about, done);
  }
  await Promise.all(busy.values());
}

/** Whoever was killed is started again by the next command; then everything must come. */
async function settle(all: Stations, tally: Tally): Promise<void> {
  for (const { device: one } of all) await one.hcom("list");
  await until(() => missing(all).length === 0 && disagreements(all).length === 0, {
    timeoutMs: 120_000,
    what: "all of it",
  }).catch(() => {});
  for (const sentence of [...missing(all), ...disagreements(all), ...disordered(all)])
    harm(tally, "lost", sentence);
  for (const sentence of doubled(all)) harm(tally, "doubled", sentence);
  if (tally.faults.length === 0) return;
  for (const { device: one } of all) harm(tally, "blocked", (await one.hcom("relay")).out);
}
