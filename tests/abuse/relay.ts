// Three devices and a real broker while everything between them breaks: the broker restarts, wires
// are cut and held, workers are killed. What was said is on every device once, in the order of who
// said it, and each ledger knows that it arrived.
import { send } from "../../src/bus/mail/send.ts";
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { readRuntime } from "../../src/relay/runtime.ts";
import { until } from "../kit/until.ts";
import { tempDir } from "../process/lab.ts";
import {
  type Device,
  device,
  group,
  hasBroker,
  type LabBroker,
  startBroker,
} from "../relay/lab.ts";
import { type Wire, wireTo } from "../relay/wire.ts";
import { harm, newTally, pick, type Round, signal, type Tally } from "./lab.ts";

interface Station {
  device: Device;
  wire: Wire;
  sent: string[];
}

type Stations = [Station, Station, Station];

export async function relay({ random, goesOn }: Round): Promise<Tally[]> {
  if (!hasBroker) return [];
  using dir = tempDir();
  await using broker = await startBroker(dir.path);
  const stations = [];
  for (const short of ["ANNA", "BOXE", "CORA"]) {
    const wire = await wireTo(broker.tlsPort);
    stations.push({ device: device(dir.path, short), wire, sent: [] });
  }
  const all = stations as unknown as Stations;
  try {
    await meet(broker, all);
    const traffic = newTally("messages between three devices");
    const mishaps = mishapsOf(broker, goesOn);
    await Promise.all([
      talk(all, traffic, { random, goesOn }),
      havoc(all, mishaps, { random, goesOn }),
    ]);
    await settle(all, traffic);
    return [...mishaps.map((one) => one.tally), traffic];
  } finally {
    for (const { device: one, wire } of all) {
      await one[Symbol.asyncDispose]();
      await wire[Symbol.asyncDispose]();
    }
  }
}

async function meet(broker: LabBroker, all: Stations): Promise<void> {
  const [first, ...others] = all;
  const url = ({ wire }: Station) => `mqtts://127.0.0.1:${wire.port}`;
  const token = await group({ url: url(first), ca: broker.ca }, first.device);
  for (const one of others) await one.device.join(token, broker, url(one));
  for (const { device: one } of all) await one.agent("luna");
  const known = "SELECT count(*) AS n FROM instances WHERE origin_device_id <> ''";
  for (const { device: one } of all) {
    await until(() => one.bus.db.get<{ n: number }>(known)?.n === 2, {
      timeoutMs: 30_000,
      what: `the others at ${one.short}`,
      dump: async () => (await one.hcom("relay")).out,
    });
  }
}

/** Every device says much to all and to one, and now and then a command does, as people use it. */
async function talk(all: Stations, tally: Tally, { random, goesOn }: Round): Promise<void> {
  const sender = { kind: "external", name: "storm" } as const;
  while (goesOn()) {
    for (const { device: one, sent } of all) {
      for (let times = Math.ceil(random() * 8); times > 0; times--) {
        const text = `${one.short} ${sent.length}`;
        const other = pick(random, all).device.short;
        const targets = random() < 0.5 || other === one.short ? [] : [`luna:${other}`];
        send(one.bus, { sender, targets, text });
        sent.push(text);
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
  const missing = () => all.flatMap((one) => all.flatMap((from) => missingOf(one, from)));
  const unknown = () => all.reduce((sum, one) => sum + notArrived(one), 0);
  await until(() => missing().length === 0 && unknown() === 0, {
    timeoutMs: 120_000,
    what: "all of it",
  }).catch(() => {});
  for (const text of missing()) harm(tally, "lost", text);
  if (unknown() > 0) harm(tally, "lost", `${unknown()} receipts of arrived messages`);
  for (const one of all) for (const from of all) judgeOrder(one, from, tally);
  if (tally.faults.length === 0) return;
  for (const { device: one } of all) harm(tally, "blocked", (await one.hcom("relay")).out);
}

function textsOf({ device: one }: Station, from: Station): string[] {
  const rows = one.bus.db.all<{ data: string }>(
    "SELECT data FROM events WHERE type = 'message' ORDER BY id",
  );
  const texts = rows.map((row) => asText(asObject(parseJson(row.data))["text"]) ?? "");
  return texts.filter((text) => text.startsWith(`${from.device.short} `));
}

function missingOf(one: Station, from: Station): string[] {
  const there = new Set(textsOf(one, from));
  return from.sent
    .filter((text) => !there.has(text))
    .map((text) => `${text} at ${one.device.short}`);
}

/** Lines in the ledger for agents of other devices that nobody has confirmed. */
function notArrived({ device: one }: Station): number {
  const sql = `SELECT count(*) AS n FROM deliveries JOIN events ON events.id = message_id
    WHERE recipient LIKE '%:%' AND instance NOT LIKE '%:%' AND arrived_at IS NULL`;
  return one.bus.db.get<{ n: number }>(sql)?.n ?? 0;
}

function judgeOrder(one: Station, from: Station, tally: Tally): void {
  const texts = textsOf(one, from);
  const twice = texts.filter((text, at) => texts.indexOf(text) !== at);
  for (const text of twice) harm(tally, "doubled", `${text} at ${one.device.short}`);
  const known = new Set(from.sent);
  const order = texts.filter((text) => known.has(text)).join();
  if (twice.length === 0 && order !== from.sent.filter((text) => texts.includes(text)).join())
    harm(tally, "lost", `the order of ${from.device.short} at ${one.device.short}`);
}
