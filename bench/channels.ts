// Channels: the live store in this process and as `acomm --bus`, documents as `acomm --file`, and
// the store in memory. Every store holds `messageCount` messages of one channel from ten senders.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDocument } from "../src/acomm/read-document.ts";
import { writeDocument } from "../src/acomm/write-document.ts";
import type { Bus } from "../src/bus/bus.ts";
import { liveForAgents } from "../src/bus/channels/live-for-agents.ts";
import { importSnapshot } from "../src/bus/channels/spaces.ts";
import { createMemoryStore, type MemoryStore } from "../src/core/channels/memory-store.ts";
import type { Lab, Room } from "./lab.ts";
import { atMost, type Measurement, measurementOf, type Target } from "./measure.ts";
import { type Candidate, timeProcesses } from "./processes.ts";

export async function channels(lab: Lab): Promise<Measurement[]> {
  const sizes = lab.isSmoke ? { small: 200, large: 2000 } : { small: 10_000, large: 100_000 };
  const room = lab.room("channels");
  mkdirSync(join(room.folder, "documents"));
  const large = filled(sizes.large);
  using bus = room.openBus();
  importSnapshot(bus, "main", large.snapshot(), "bench");
  return [
    ...inMemory(large, sizes, lab.isSmoke ? 200 : 2000),
    ...live(bus, sizes.large, lab.isSmoke ? 5 : 200),
    ...processes(lab, room, sizes),
    ...(await memory(lab, room, sizes)),
  ];
}

/** What a program that adds one message takes at most, all told; only Linux says so. */
async function memory(lab: Lab, room: Room, sizes: Sizes): Promise<Measurement[]> {
  if (process.platform !== "linux") return [];
  const found: Measurement[] = [];
  const path = join(room.folder, "documents", "memory.acomm");
  for (const count of [sizes.small / 10, sizes.small, sizes.large]) {
    writeFileSync(path, writeDocument(filled(count).snapshot()));
    const name = `acomm send, memory at ${count / 1000} k`;
    const words = ["--file", path, "send", "1", "one more"];
    const peaks: number[] = [];
    for (let round = 0; round < 3; round++) {
      peaks.push(await peakMiB([lab.launcher("acomm"), ...words], room.env));
    }
    found.push(measurementOf({ name, unit: "MiB", target: atMost(120) }, peaks));
  }
  return found;
}

/** Looked at while it runs: what the system says afterwards counts our own memory at its start. */
async function peakMiB(argv: string[], env: Room["env"]): Promise<number> {
  const child = Bun.spawn(argv, { env, stdout: "ignore" });
  let peak = 0;
  while (child.exitCode === null) {
    peak = Math.max(peak, residentMiB(child.pid));
    await Bun.sleep(0.5);
  }
  if (child.exitCode !== 0) throw new Error(`${argv}: exit ${child.exitCode}`);
  return peak;
}

/** The most that a process has had so far; 0 when it is gone, or nobody knows. */
export function residentMiB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const senders = 10;

/** One channel, ten members, texts of a line; one word in a thousand is rare. */
export function filled(count: number): MemoryStore {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const store = createMemoryStore({ now: () => now++, sha256 });
  const { id } = store.createChannel({ name: "ops", type: "Group" });
  for (let n = 0; n < senders; n++) store.joinChannel(id, `agent-${n}`);
  for (let n = 0; n < count; n++) {
    const rare = n % 1000 === 0 ? ` unique${n / 1000}` : "";
    const content = `message number ${n} with some realistic content payload${rare}`;
    store.sendMessage({ channelId: id, sender: `agent-${n % senders}`, content });
  }
  return store;
}

function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}

interface Sizes {
  small: number;
  large: number;
}

function inMemory(store: MemoryStore, sizes: Sizes, rounds: number): Measurement[] {
  const small = writeDocument(filled(sizes.small).snapshot());
  const batch = 100;
  return [
    // A hundred at a time: the clock is coarser than one of them.
    measured(
      `send in memory at ${sizes.large / 1000} k`,
      "us",
      atMost(2),
      rounds / 10,
      (n) => {
        for (let at = 0; at < batch; at++) {
          store.sendMessage({ channelId: 1, sender: "agent-1", content: `more ${n} ${at}` });
        }
      },
      1000 / batch,
    ),
    measured(`decode ${sizes.small / 1000} k`, "ms", atMost(100), Math.min(20, rounds), () => {
      if (readDocument(small).kind !== "document") throw new Error("it cannot be read");
    }),
  ];
}

function live(bus: Bus, size: number, rounds: number): Measurement[] {
  const store = liveForAgents(bus, "main").store;
  const crowd = store.createChannel({ name: "crowd", type: "Broadcast" });
  bus.db.write(() => {
    for (let n = 0; n < 1000; n++) store.joinChannel(crowd.id, `listener-${n}`);
  });
  const at = `at ${size / 1000} k`;
  return [
    measured(`live send ${at}`, "ms", atMost(1), rounds, (n) => {
      store.sendMessage({ channelId: 1, sender: "agent-1", content: `live message ${n}` });
    }),
    measured(`live broadcast to 1,000 ${at}`, "ms", atMost(10), Math.ceil(rounds / 10), (n) => {
      store.broadcast({ channelId: crowd.id, sender: "agent-1", content: `to all ${n}` });
    }),
    measured(`live history page ${at}`, "ms", atMost(5), rounds, () => {
      expectSome(store.queryHistory(1, { limit: 50 }));
    }),
    measured(`live selective search ${at}`, "ms", atMost(10), rounds, (n) => {
      expectSome(store.searchMessages(`UNIQUE${n % Math.max(1, size / 1000)}`, 20));
    }),
    measured(`live search, every message ${at}`, "ms", undefined, rounds, () => {
      expectSome(store.searchMessages("realistic", 20));
    }),
    measured(`live search, nothing ${at}`, "ms", undefined, rounds, () => {
      if (store.searchMessages("no such words", 20).length > 0) throw new Error("found something");
    }),
  ];
}

function expectSome(found: readonly unknown[]): void {
  if (found.length === 0) throw new Error("nothing was found");
}

function processes(lab: Lab, room: Room, sizes: Sizes): Measurement[] {
  const rounds = lab.isSmoke ? 2 : 20;
  const document = (count: number) => {
    const path = join(room.folder, "documents", `${count}.acomm`);
    writeFileSync(path, writeDocument(filled(count).snapshot()));
    return path;
  };
  const acomm = (name: string, target: Target, words: string[]): Candidate => ({
    name,
    unit: "ms",
    target,
    argv: [lab.launcher("acomm"), ...words],
    env: room.env,
    check: (stdout) => {
      if (!stdout.includes('"status": "sent"')) throw new Error(`not sent: ${stdout}`);
    },
  });
  const say = ["send", "1", "one more message from a process", "--sender", "agent-2"];
  const documented = (count: number) => ["--file", document(count), ...say];
  return timeProcesses(
    [
      { name: "Bun, empty program", unit: "ms", argv: lab.emptyProgram, env: room.env },
      acomm(`acomm --bus send at ${sizes.large / 1000} k`, atMost(12), ["--bus", ...say]),
      { ...acomm("acomm send, empty document", atMost(14), documented(0)), mostTimes: 6 },
      { ...acomm("acomm send, document of 1 k", atMost(14), documented(1000)), mostTimes: 8 },
      acomm(`acomm send, document of ${sizes.small / 1000} k`, atMost(90), [
        "--file",
        document(sizes.small),
        ...say,
      ]),
      acomm(`acomm send, document of ${sizes.large / 1000} k`, atMost(800), [
        "--file",
        document(sizes.large),
        ...say,
      ]),
    ],
    rounds,
  ).slice(1);
}

/** `scale` turns milliseconds of one round into the unit. */
function measured(
  name: string,
  unit: string,
  target: Target | undefined,
  rounds: number,
  body: (round: number) => void,
  scale = 1,
): Measurement {
  const times: number[] = [];
  for (let round = 0; round < Math.max(3, rounds); round++) {
    const startedAt = performance.now();
    body(round);
    times.push((performance.now() - startedAt) * scale);
  }
  return measurementOf({ name, unit, target }, times);
}
