// What a group of machines costs: so many devices on this one and a real broker on loopback. How
// soon an event is on the other device, how long a burst takes, what a quiet group sends, and what
// a worker holds. `RELAY_DEVICES` and `RELAY_QUIET_SECONDS` change the size.
import { send } from "../src/bus/mail/send.ts";
import { watchWakes } from "../src/bus/wake.ts";
import { tempDir } from "../tests/process/lab.ts";
import { type Device, device, group, hasBroker, startBroker } from "../tests/relay/lab.ts";
import { wireTo } from "../tests/relay/wire.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Measurement, measurementOf } from "./measure.ts";
import { cpuTicks, fieldOf } from "./processes.ts";

const count = Number(process.env["RELAY_DEVICES"] ?? 3);
const agentsEach = 5;

export async function relay(lab: Lab): Promise<Measurement[]> {
  if (process.platform !== "linux" || !hasBroker) return [];
  return [...(await busy(lab)), ...(lab.isSmoke ? [] : await quiet())];
}

type Place = Awaited<ReturnType<typeof place>>;

/** Devices in a group, through a wire that counts where that is wanted. */
async function place(agents: number, isCounted: boolean) {
  const dir = tempDir();
  const broker = await startBroker(dir.path);
  const wire = isCounted ? await wireTo(broker.tlsPort) : undefined;
  const devices = Array.from({ length: count }, (_, n) => device(dir.path, `D${100 + n}`));
  const close = async () => {
    await Promise.all(devices.map((one) => one[Symbol.asyncDispose]()));
    await wire?.[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
    dir[Symbol.dispose]();
  };
  try {
    const url = wire === undefined ? broker.url : `mqtts://127.0.0.1:${wire.port}`;
    await group({ url, ca: broker.ca }, ...(devices as [Device, ...Device[]]));
    for (const one of devices)
      for (const name of ["luna", "kira", "miso", "nova", "taro"].slice(0, agents))
        await one.agent(name);
    await Promise.all(devices.map((one) => knowsAll(one, agents * (count - 1))));
    return { devices, wire, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Agents of the others. */
function knowsAll(one: Device, agents: number): Promise<void> {
  const sql = "SELECT count(*) AS n FROM instances WHERE origin_device_id <> ''";
  return seen(one, () => one.bus.db.get<{ n: number }>(sql)?.n === agents);
}

async function busy(lab: Lab): Promise<Measurement[]> {
  await using there = await place(1, false);
  const [first, last] = [there.devices[0] as Device, there.devices.at(-1) as Device];
  const times: number[] = [];
  for (let n = 0; n < (lab.isSmoke ? 5 : 60); n++) {
    const began = performance.now();
    await Promise.all([first.hcom("send", "--", `round ${n}.`), hears(last, `round ${n}.`)]);
    times.push(performance.now() - began);
  }
  const messages = lab.isSmoke ? 100 : 1000;
  const began = performance.now();
  const sender = { kind: "external", name: "bigboss" } as const;
  for (let n = 0; n < messages; n++) send(first.bus, { sender, targets: [], text: `burst ${n}.` });
  await hears(last, `burst ${messages - 1}.`);
  const burst = (performance.now() - began) / 1000;
  // Quiet again: who stays all day is judged by what it keeps.
  if (!lab.isSmoke) await Bun.sleep(12_000);
  const rss = await rssOf(there);
  const note = `${count} devices`;
  const name = "relay, send until the event is there";
  return [
    measurementOf({ name, unit: "ms", target: atMost(50), note }, times),
    measurementOf({ name: `${name}, the slowest`, unit: "ms", target: atMost(200, "p99") }, times),
    measurementOf({ name: `relay, ${messages} messages`, unit: "s", target: atMost(5) }, [burst]),
    measurementOf({ name: "relay worker after them", unit: "MB", target: atMost(70) }, rss),
  ];
}

async function quiet(): Promise<Measurement[]> {
  const seconds = Number(process.env["RELAY_QUIET_SECONDS"] ?? 180);
  await using there = await place(agentsEach, true);
  const { wire, devices } = there;
  // What the start brought is told by then.
  await Bun.sleep(8000);
  const pids = await Promise.all(devices.map((one) => one.worker()));
  const before = { up: wire?.up ?? 0, down: wire?.down ?? 0, ticks: pids.map(cpuTicks) };
  await Bun.sleep(seconds * 1000);
  const perDay = (bytes: number) => [((bytes / count / seconds) * 86_400) / 1e6];
  const up = perDay((wire?.up ?? 0) - before.up);
  const down = perDay((wire?.down ?? 0) - before.down);
  // A tick is 10 ms: ticks per second are per cent of a core.
  const cpu = pids.map((pid, at) => (cpuTicks(pid) - (before.ticks[at] ?? 0)) / seconds);
  const note = `${count} devices, ${agentsEach} agents each, ${seconds} s`;
  const day = { unit: "MB/day", note };
  return [
    measurementOf({ ...day, name: "relay, quiet, sent", target: atMost(5) }, up),
    measurementOf({ ...day, name: "relay, quiet, received" }, down),
    measurementOf({ name: "relay worker, quiet", unit: "%", target: atMost(0.5) }, cpu),
    measurementOf(
      { name: "relay worker, quiet", unit: "MB", target: atMost(70) },
      await rssOf(there),
    ),
  ];
}

async function rssOf({ devices }: Place): Promise<number[]> {
  const pids = await Promise.all(devices.map((one) => one.worker()));
  return pids.map((pid) => fieldOf(pid, "status", "VmRSS"));
}

function hears(one: Device, text: string): Promise<void> {
  const sql =
    "SELECT 1 FROM events WHERE id > (SELECT max(id) - 20 FROM events) AND data LIKE ? LIMIT 1";
  return seen(one, () => one.bus.db.get(sql, `%${text}%`) !== undefined);
}

/** As a reader waits: for the wake of a commit. */
function seen(one: Device, isThere: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      wakes[Symbol.dispose]();
      clearInterval(timer);
      clearTimeout(limit);
    };
    const look = () => {
      if (!isThere()) return;
      done();
      resolve();
    };
    const wakes = watchWakes(one.bus, look);
    const timer = setInterval(look, 20);
    const limit = setTimeout(() => {
      done();
      reject(new Error(`${one.short} waited for a minute`));
    }, 60_000);
    look();
  });
}
