// Runs the benchmarks and prints one table. Numbers over their target are marked and fail nothing:
// machines differ. What does not run at all fails, and what takes much longer than it should beside
// an empty program on the same machine.
//   npm run bench [-- --smoke] [--only NAME] [--json PATH]
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { channels } from "./channels.ts";
import { cli } from "./cli.ts";
import { commits } from "./commits.ts";
import { crowd } from "./crowd.ts";
import { dashboard } from "./dashboard.ts";
import { hook } from "./hook.ts";
import { imports } from "./imports.ts";
import { type Lab, openLab } from "./lab.ts";
import { loadLine, machineLine, machineOf } from "./machine.ts";
import { type Measurement, meets } from "./measure.ts";
import { relay } from "./relay.ts";
import { search } from "./search.ts";
import { servers } from "./servers.ts";
import { tableOf } from "./table.ts";
import { transcript } from "./transcript.ts";
import { wake } from "./wake.ts";
import { watch } from "./watch.ts";
import { wrapper } from "./wrapper.ts";

type Bench = (lab: Lab) => Measurement[] | Promise<Measurement[]>;

const benches: Readonly<Record<string, Bench>> = {
  imports,
  hook,
  cli,
  crowd,
  search,
  transcript,
  wake,
  watch,
  commits,
  wrapper,
  channels,
  servers,
  dashboard,
  relay,
};

interface Outcome {
  measurements: Measurement[];
  failures: { bench: string; message: string }[];
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      smoke: { type: "boolean", default: false },
      only: { type: "string", multiple: true },
      json: { type: "string" },
    },
  });
  const names = values.only ?? Object.keys(benches);
  const unknown = names.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) {
    console.error(`no bench "${unknown}"; there are: ${Object.keys(benches).join(", ")}`);
    return 2;
  }
  const loadBefore = loadavg();
  using lab = openLab(values.smoke);
  const outcome = await runAll(lab, names);
  const machine = machineOf(lab.folder);
  const load = loadLine(loadBefore, machine);
  print(outcome, [machineLine(machine), load]);
  const record = {
    date: new Date().toISOString(),
    isSmoke: values.smoke,
    machine,
    load,
    ...outcome,
  };
  write(values.json, record);
  // Many processes at once share a core unfairly: nothing is proved then.
  const isBusy = (loadavg()[0] ?? 0) > 2 * machine.cores;
  const isWell = isBusy || regressions(outcome).length === 0;
  return outcome.failures.length === 0 && isWell ? 0 : 1;
}

async function runAll(lab: Lab, names: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { measurements: [], failures: [] };
  for (const name of names) {
    const startedAt = performance.now();
    try {
      outcome.measurements.push(...((await benches[name]?.(lab)) ?? []));
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      outcome.failures.push({ bench: name, message });
    }
    console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return outcome;
}

function print({ measurements, failures }: Outcome, lines: readonly string[]): void {
  console.log(`\n${tableOf(measurements)}\n`);
  for (const line of lines) console.log(line);
  const missed = measurements.filter((one) => !meets(one));
  const targets = measurements.filter((one) => one.target !== undefined);
  console.log(`targets: ${targets.length - missed.length} met, ${missed.length} missed`);
  for (const { bench, message } of failures) console.log(`DID NOT RUN: ${bench}: ${message}`);
  for (const { name, regression } of regressions({ measurements, failures })) {
    console.log(`REGRESSION: ${name}: ${regression}`);
  }
}

function regressions({ measurements }: Outcome): Measurement[] {
  return measurements.filter((one) => one.regression !== undefined);
}

/** Always into bench/out/, one file per run, and where else it was asked for. */
function write(path: string | undefined, record: { date: string }): void {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  const folder = join(import.meta.dir, "out");
  mkdirSync(folder, { recursive: true });
  const own = join(folder, `${record.date.replaceAll(":", "-").slice(0, 19)}.json`);
  writeFileSync(own, text);
  if (path !== undefined) writeFileSync(path, text);
  console.log(`written: ${own}`);
}

process.exit(await main(process.argv.slice(2)));
