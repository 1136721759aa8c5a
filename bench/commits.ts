// How many transactions a second the log takes, from one process and from eight at once. Each is a
// commit of its own: a bare event (`appendEvent`), or a whole `send` with its reads and its ledger.

import type { Bus } from "../src/bus/bus.ts";
import { send } from "../src/bus/mail/send.ts";
import { appendEvent, isoTime } from "../src/store/events.ts";
import { joinAs, type Lab, type Room } from "./lab.ts";
import { atLeast, type Measurement, measurementOf } from "./measure.ts";

const self = import.meta.path;
const kinds = ["event", "send"] as const;
type Kind = (typeof kinds)[number];

interface Report {
  commits: number;
  errors: string[];
  worstMs: number;
}

interface Case {
  kind: Kind;
  processes: number;
  rates: number[];
  worstMs: number;
  errors: string[];
}

export async function commits(lab: Lab): Promise<Measurement[]> {
  const room = lab.room("commits");
  joinAs(room, "reader");
  using _holder = room.openBus();
  const cases: Case[] = [1, 8].flatMap((processes) =>
    kinds.map((kind) => ({ kind, processes, rates: [], worstMs: 0, errors: [] })),
  );
  for (let round = 0; round < (lab.isSmoke ? 1 : 7); round++) {
    for (const one of cases) await runRound(room, one, lab.isSmoke ? 300 : 1000);
  }
  return cases.map((one) => {
    const target = one.processes === 1 ? atLeast(5000) : atLeast(2000);
    const name = `commits, ${one.processes} x ${one.kind}`;
    const [first = ""] = one.errors;
    const note = `worst ${one.worstMs.toFixed(0)} ms, ${one.errors.length} errors ${first}`.trim();
    return measurementOf({ name, unit: "1/s", target, note }, one.rates);
  });
}

async function runRound(room: Room, one: Case, durationMs: number): Promise<void> {
  // Everybody waits for the same moment, so that slow starts are not measured.
  const startAt = Date.now() + 150 + 50 * one.processes;
  const workers = Array.from({ length: one.processes }, () =>
    Bun.spawn([process.execPath, self, one.kind, String(startAt), String(durationMs)], {
      env: room.env,
      stdout: "pipe",
      stderr: "inherit",
    }),
  );
  const texts = await Promise.all(workers.map((worker) => new Response(worker.stdout).text()));
  const reports = texts.map((text): Report => JSON.parse(text));
  const total = reports.reduce((sum, report) => sum + report.commits, 0);
  one.rates.push((total / durationMs) * 1000);
  one.worstMs = Math.max(one.worstMs, ...reports.map((report) => report.worstMs));
  one.errors.push(...reports.flatMap((report) => report.errors));
}

/** The worker: this very file as a program. */
async function work(kind: string, startAt: number, durationMs: number): Promise<Report> {
  const { openBus } = await import("../src/bus/bus.ts");
  const { realSystem } = await import("../src/sys/system.ts");
  using bus = openBus(realSystem());
  const commit = kind === "send" ? () => sendOne(bus) : () => appendOne(bus);
  const report: Report = { commits: 0, errors: [], worstMs: 0 };
  await Bun.sleep(startAt - Date.now());
  for (const endAt = startAt + durationMs; Date.now() < endAt; ) {
    const startedAt = performance.now();
    try {
      commit();
      report.commits++;
    } catch (error) {
      report.errors.push(String(error));
    }
    report.worstMs = Math.max(report.worstMs, performance.now() - startedAt);
  }
  return report;
}

function sendOne(bus: Bus): void {
  const sender = { kind: "external", name: "writer" } as const;
  send(bus, { sender, targets: ["reader"], text: "the build is green, please review" });
}

function appendOne(bus: Bus): void {
  appendEvent(bus.db, {
    type: "status",
    instance: "writer",
    timestamp: isoTime(Date.now()),
    data: { status: "active", context: "tool:Bash", position: 0, detail: "npm test" },
  });
}

if (import.meta.main) {
  const [kind = "", startAt, durationMs] = process.argv.slice(2);
  console.log(JSON.stringify(await work(kind, Number(startAt), Number(durationMs))));
}
