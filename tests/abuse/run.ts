// Abuse: kill -9 and SIGSTOP, faults of database and disk, hostile bytes, other users, for ten
// minutes or as long as asked. Ends with a table of what was tried how often and what was lost,
// doubled, leaked or blocked. All of these must be zero; what is not is told below the table.
//   npm run abuse [-- --seconds N] [--seed N] [--only NAME]
import { parseArgs } from "node:util";
import { documents } from "./documents.ts";
import { faults } from "./faults.ts";
import { type Abuse, harm, newTally, seeded, type Tally } from "./lab.ts";
import { listeners } from "./listeners.ts";
import { mcp } from "./mcp.ts";
import { otherUser } from "./other-user.ts";
import { payloads } from "./payloads.ts";
import { relay } from "./relay.ts";
import { reportOf } from "./report.ts";
import { storm } from "./storm.ts";
import { wrapper } from "./wrapper.ts";

const abuses: Readonly<Record<string, Abuse>> = {
  storm,
  listeners,
  wrapper,
  faults,
  payloads,
  mcp,
  documents,
  otherUser,
  relay,
};

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "600" },
      seed: { type: "string" },
      only: { type: "string", multiple: true },
    },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const names = values.only ?? Object.keys(abuses);
  const unknown = names.find((name) => !Object.hasOwn(abuses, name));
  if (unknown !== undefined || !Number.isFinite(seed) || !(Number(values.seconds) > 0)) {
    console.error(`usage: --seconds N --seed N --only ${Object.keys(abuses).join("|")}`);
    return 2;
  }
  console.log(`seed ${seed}, ${values.seconds} s`);
  const tallies: Tally[] = [];
  const share = (Number(values.seconds) * 1000) / names.length;
  for (const [at, name] of names.entries()) {
    tallies.push(...(await carryOut(name, seed + at, share)));
  }
  console.log(`\n${reportOf(tallies)}`);
  const isHarmed = tallies.some((one) => one.faults.length > 0);
  console.log(`seed ${seed}: ${isHarmed ? "HARM DONE" : "nothing harmed"}`);
  return isHarmed ? 1 : 0;
}

async function carryOut(name: string, seed: number, forMs: number): Promise<Tally[]> {
  const start = performance.now();
  const goesOn = () => performance.now() - start < forMs;
  try {
    const tallies = await abuses[name]?.({ random: seeded(seed), goesOn });
    return tallies ?? [];
  } catch (error) {
    const tally = newTally(name);
    harm(tally, "blocked", error instanceof Error ? (error.stack ?? error.message) : String(error));
    return [tally];
  } finally {
    console.log(`${name}: ${Math.round((performance.now() - start) / 1000)} s`);
  }
}

process.exit(await main(process.argv.slice(2)));
