// The dashboard on a terminal over the big log with two hundred agents: how soon it is there, how
// soon a message is on the screen after its commit, and what it costs while little or nothing
// happens. Its process is asked through /proc, so elsewhere than on Linux only times are measured.
import { readFileSync } from "node:fs";
import { send } from "../src/bus/mail/send.ts";
import { type Child, spawnChild } from "../src/pty/child.ts";
import { appendEvent, isoTime } from "../src/store/events.ts";
import { bigLog, eventCount } from "./big-log.ts";
import { joinAs, type Lab, type Room } from "./lab.ts";
import { atMost, type Measurement, measurementOf, medianOf } from "./measure.ts";

interface Watched extends AsyncDisposable {
  pid: number;
  startedAt: number;
  /** Resolves with the time at which the terminal was told these words. */
  told(words: string): Promise<number>;
  press(keys: string): void;
}

export async function dashboard(lab: Lab): Promise<Measurement[]> {
  const room = bigLog(lab);
  const agents = lab.isSmoke ? 20 : 200;
  for (let n = 0; n < agents; n++) joinAs(room, `dash${n}`);
  const note = `${eventCount(lab) / 1e6} M events, ${agents} agents`;
  const { starts, times } = await firstFrames(lab, room, lab.isSmoke ? 2 : 20);
  const label = (name: string, unit: string) => ({ name: `dashboard, ${name}`, unit, note });
  const measured = [
    measurementOf({ ...label("first frame", "ms"), target: atMost(150) }, starts),
    {
      ...measurementOf(label("first frame beside an empty program", "times"), times),
      ...regressionOf(times),
    },
  ];
  await using shown = openDashboard(lab, room);
  await shown.told("help");
  shown.press("2");
  await shown.told("why");
  const delays = await delaysOf(room, shown, lab.isSmoke ? 5 : 100);
  const target = atMost(50);
  measured.push(measurementOf({ ...label("commit until on screen", "ms"), target }, delays));
  if (process.platform !== "linux") return measured;
  const seconds = lab.isSmoke ? 1 : 10;
  // Where messages are listed, who is here, and everything that happens: there each one is drawn.
  for (const [key, view] of [
    ["2", "talk"],
    ["1", "agents"],
    ["3", "activity"],
  ] as const) {
    shown.press(key);
    await Bun.sleep(1000);
    const busy = await shareOf(shown.pid, seconds, () => statuses(room, seconds));
    const name = `CPU at 10 events/s, ${view}`;
    measured.push(measurementOf({ ...label(name, "%"), target: atMost(3) }, [busy]));
  }
  // What the events before have left to do is done by then.
  await Bun.sleep(lab.isSmoke ? 0 : 70_000);
  const idle = await shareOf(shown.pid, seconds * 2, () => Bun.sleep(seconds * 2000));
  measured.push(measurementOf({ ...label("CPU idle", "%"), target: atMost(0.3) }, [idle]));
  const size = measurementOf({ ...label("memory", "MB"), target: atMost(120) }, [
    memoryOf(shown.pid),
  ]);
  return [...measured, size];
}

function openDashboard(lab: Lab, room: Room): Watched {
  let text = "";
  let waiting: { words: string; resolve(at: number): void } | undefined;
  const startedAt = performance.now();
  const child: Child = spawnChild({
    argv: [lab.launcher(), "tui"],
    env: { ...room.env, TERM: "xterm-256color" },
    directory: room.folder,
    cols: 120,
    rows: 40,
    onData(bytes) {
      text += new TextDecoder().decode(bytes);
      if (waiting === undefined || !text.includes(waiting.words)) return;
      waiting.resolve(performance.now());
      waiting = undefined;
    },
  });
  return {
    pid: child.pid,
    startedAt,
    press: (keys) => child.write(keys),
    told: (words) =>
      new Promise((resolve, reject) => {
        text = "";
        const timer = setTimeout(() => reject(new Error(`never shown: ${words}`)), 20_000);
        waiting = {
          words,
          resolve(at) {
            clearTimeout(timer);
            resolve(at);
          },
        };
      }),
    async [Symbol.asyncDispose]() {
      child.write("q");
      await Promise.race([child.exited, Bun.sleep(3000)]);
      child.kill();
    },
  };
}

/** In pairs: an empty program right before each start tells how fast the machine is just then. */
async function firstFrames(lab: Lab, room: Room, rounds: number) {
  const starts: number[] = [];
  const times: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const from = performance.now();
    Bun.spawnSync([...lab.emptyProgram], { env: { ...room.env } });
    const empty = performance.now() - from;
    await using shown = openDashboard(lab, room);
    const took = (await shown.told("dash")) - shown.startedAt;
    starts.push(took);
    times.push(took / empty);
  }
  return { starts, times };
}

/** Without its precompiled code it is about thirty times. */
const mostTimes = 30;

function regressionOf(times: readonly number[]): { regression?: string } {
  const median = medianOf(times);
  if (median <= mostTimes) return {};
  return { regression: `the first frame takes ${median.toFixed(1)} times an empty program` };
}

/**
 * No cell stays the same where a message comes to stand on the line of another, so that each is
 * written as a whole: what is known of the fate of the newest moves the others by a line or two.
 */
const alphabets = ["abcdefghij", "klmnopqrst", "ABCDEFGHIJ", "KLMNOPQRST", "!#$%&()*+-"] as const;

async function delaysOf(room: Room, shown: Watched, samples: number): Promise<number[]> {
  using bus = room.openBus();
  const delays: number[] = [];
  const sender = { kind: "external", name: "writer" } as const;
  for (let n = 0; n < samples; n++) {
    const letters = alphabets[n % alphabets.length] ?? alphabets[0];
    const words = [...String(1_000_000 + n)].map((digit) => letters[Number(digit)]).join("");
    const seen = shown.told(words);
    send(bus, { sender, targets: ["dash0"], text: words });
    const committedAt = performance.now();
    delays.push((await seen) - committedAt);
    await Bun.sleep(60);
  }
  return delays;
}

async function statuses(room: Room, seconds: number): Promise<void> {
  using bus = room.openBus();
  for (let n = 0; n < seconds * 10; n++) {
    const data = { status: "active", context: "tool:Bash", position: n, detail: `step ${n}` };
    const timestamp = isoTime(bus.system.now());
    bus.db.write(() =>
      appendEvent(bus.db, { type: "status", instance: `dash${n % 20}`, timestamp, data }),
    );
    await Bun.sleep(100);
  }
}

/** Of one core, in percent. */
async function shareOf(pid: number, seconds: number, work: () => Promise<void>): Promise<number> {
  const before = ticksOf(pid);
  const from = performance.now();
  await work();
  const elapsed = Math.max(seconds * 500, performance.now() - from);
  return ((ticksOf(pid) - before) * 10 * 100) / elapsed;
}

/** User and system time in hundredths of a second: fields 14 and 15 of proc_pid_stat(5). */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function memoryOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
