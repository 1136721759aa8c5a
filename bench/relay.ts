// What the relay costs: so many devices on this machine and one broker on loopback. How soon an
// event is on the other device, how long a burst takes, and what a quiet group costs.
//   sh scripts/bun bench/relay.ts [DEVICES] [IDLE_SECONDS]
import { readFileSync } from "node:fs";
import { send } from "../src/bus/mail/send.ts";
import { maxEventId } from "../src/store/events.ts";
import { tempDir } from "../tests/process/lab.ts";
import { type Device, device, group, startBroker } from "../tests/relay/lab.ts";

const [count = 3, idleSeconds = 180] = process.argv.slice(2).map(Number);

interface Usage {
  cpuSeconds: number;
  rssMb: number;
}

/** proc(5): user and system time are fields 14 and 15, in ticks of 10 ms. */
function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / 100;
  return { cpuSeconds, rssMb: Number(rss) / 1024 };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

async function sees(one: Device, text: string, limitMs = 20_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = one.bus.db.get("SELECT 1 FROM events WHERE data LIKE ? LIMIT 1", `%${text}%`);
    if (found !== undefined) return;
    if (performance.now() > deadline) throw new Error(`${text} never came to ${one.short}`);
    await Bun.sleep(1);
  }
}

const sender = { kind: "external", name: "bigboss" } as const;

async function latencies(from: Device, to: Device, rounds: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const began = performance.now();
    await Promise.all([from.hcom("send", "--", `round ${n}.`), sees(to, `round ${n}.`)]);
    took.push(performance.now() - began);
  }
  return took;
}

async function burst(from: Device, to: Device, messages: number): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < messages; n++) send(from.bus, { sender, targets: [], text: `burst ${n}.` });
  await sees(to, `burst ${messages - 1}.`, 60_000);
  return performance.now() - began;
}

async function bytesOf(broker: { log(): Promise<string> }): Promise<number> {
  const log = await broker.log();
  const sizes = [...log.matchAll(/Received PUBLISH from .*\((\d+) bytes\)\)/g)];
  return sizes.reduce((sum, [, size]) => sum + Number(size) + 90, 0);
}

const dir = tempDir();
const broker = await startBroker(dir.path);
const devices = Array.from({ length: count }, (_, n) => device(dir.path, `D${100 + n}`));
const [first, second] = devices as [Device, Device];
try {
  await group(broker, ...(devices as [Device, ...Device[]]));
  for (const one of devices) await one.agent("luna");
  for (const one of devices)
    await sees(devices[0] === one ? second : first, one.short).catch(() => {});
  await Bun.sleep(2000);
  const took = await latencies(first, second, 60);
  const line = (name: string, text: string) => console.log(`${name.padEnd(44)}${text}`);
  line("devices", String(count));
  line(
    "send to event there, p50 / p99",
    `${quantile(took, 0.5).toFixed(0)} / ${quantile(took, 0.99).toFixed(0)} ms`,
  );
  line(
    "1,000 messages to the last one there",
    `${((await burst(first, second, 1000)) / 1000).toFixed(2)} s`,
  );
  await Bun.sleep(3000);
  const pids = await Promise.all(devices.map((one) => one.worker()));
  const before = pids.map(usageOf);
  const bytes = await bytesOf(broker);
  await Bun.sleep(idleSeconds * 1000);
  const after = pids.map(usageOf);
  const perDay = (((await bytesOf(broker)) - bytes) / count / idleSeconds) * 86_400;
  const cpu = after.map(
    (one, at) => (one.cpuSeconds - (before[at]?.cpuSeconds ?? 0)) / idleSeconds,
  );
  line("quiet: sent by a device a day", `${(perDay / 1e6).toFixed(2)} MB`);
  line("quiet: processor of a worker", `${(quantile(cpu, 0.5) * 100).toFixed(2)} %`);
  line(
    "memory of a worker, middle / most",
    `${quantile(
      after.map((one) => one.rssMb),
      0.5,
    ).toFixed(0)} / ${Math.max(...after.map((one) => one.rssMb)).toFixed(0)} MB`,
  );
  line("events in one log", String(maxEventId(first.bus.db)));
} finally {
  await Promise.all(devices.map((one) => one[Symbol.asyncDispose]()));
  await broker[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
}
