// What it costs that somebody wants to hear of events: the writer's part and the telling behind it,
// with 200 subscriptions, and how soon a line of `events --follow` stands at its reader.
import { append } from "../src/bus/append.ts";
import type { Bus } from "../src/bus/bus.ts";
import { catchUp } from "../src/bus/mail/waking/catch-up.ts";
import { subscribe } from "../src/bus/watch/subscribe.ts";
import { joinAs, type Lab, type Room } from "./lab.ts";
import { atMost, type Measurement, measurementOf } from "./measure.ts";

const subscribers = 20;
const each = 10;

export async function watch(lab: Lab): Promise<Measurement[]> {
  const room = lab.room("watch");
  const names = Array.from({ length: subscribers }, (_, at) => `reader${at}`);
  for (const name of names) joinAs(room, name);
  using bus = room.openBus();
  for (const name of names) subscribeAll(bus, name);
  catchUp(bus);
  return [...writing(bus, lab.isSmoke ? 50 : 1000), await following(lab, room)];
}

/** Ten of each: filters, presets, SQL; some of them match what is written. */
function subscribeAll(bus: Bus, name: string): void {
  const caller = { name, kind: "instance" as const };
  const order = { caller, filters: {}, once: false };
  for (let at = 0; at < each - 6; at++) {
    subscribe(bus, { ...order, filters: { file: [`src/part${at}/${name}`] } });
  }
  subscribe(bus, { ...order, filters: { agent: ["reader0"], cmd: ["npm test"] } });
  subscribe(bus, { ...order, condition: 'cmd:"git push"' });
  subscribe(bus, { ...order, condition: "idle:reader1" });
  subscribe(bus, { ...order, sql: `msg_text LIKE '%${name}%' AND msg_intent = 'request'` });
  subscribe(bus, { ...order, sql: "status_val = 'blocked' AND status_detail LIKE '%rm %'" });
  subscribe(bus, { ...order, condition: "collision", sql: `status_detail LIKE '${name}/%'` });
}

function writing(bus: Bus, samples: number): Measurement[] {
  const [appends, tells]: [number[], number[]] = [[], []];
  for (let n = 0; n < samples; n++) {
    const before = performance.now();
    appendOne(bus, n);
    const written = performance.now();
    catchUp(bus);
    appends.push(written - before);
    tells.push(performance.now() - written);
  }
  const append = { name: "append, 200 subscriptions", unit: "ms", target: atMost(1) };
  const note = "behind the writer: a wrapper's part";
  const tell = { name: "telling of one event, 200 subscriptions", unit: "ms", note };
  return [measurementOf(append, appends), measurementOf(tell, tells)];
}

function appendOne(bus: Bus, n: number): void {
  const detail = n % 50 === 0 ? "npm test" : `ls src/${n}`;
  const data = { status: "active", context: "tool:Bash", detail, position: 0 } as const;
  append(bus, { type: "status", instance: `reader${n % subscribers}`, data });
}

async function following(lab: Lab, room: Room): Promise<Measurement> {
  const samples = lab.isSmoke ? 20 : 200;
  const words = ["sh", lab.launcher(), "events", "--follow", "--type", "life"];
  const follower = Bun.spawn(words, { env: room.env, stdout: "pipe", stderr: "inherit" });
  const times: number[] = [];
  let committedAt = 0;
  using bus = room.openBus();
  const reader = follower.stdout.getReader();
  const decoder = new TextDecoder();
  try {
    const step = () =>
      append(bus, { type: "life", instance: "x", data: { action: "ready", by: "bench" } });
    // Until it follows, nobody hears.
    const first = reader.read();
    let isThere = false;
    void first.then(() => {
      isThere = true;
    });
    while (!isThere) {
      step();
      await Bun.sleep(50);
    }
    await Bun.sleep(300);
    let rest = decoder.decode((await first).value);
    const next = async (id: number) => {
      while (!rest.includes(`"id":${id},`)) rest = decoder.decode((await reader.read()).value);
    };
    while (times.length < samples) {
      const id = step();
      committedAt = performance.now();
      await next(id);
      times.push(performance.now() - committedAt);
      await Bun.sleep(10 + Math.random() * 40);
    }
  } finally {
    follower.kill();
    await follower.exited;
  }
  return measurementOf(
    { name: "events --follow, commit until line", unit: "ms", target: atMost(20) },
    times,
  );
}
