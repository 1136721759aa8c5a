// Faults of database and disk under running agents: hooks stay silent and quick, commands work or
// refuse in a sentence, and what was confirmed afterwards is still there at the end.
import { Database } from "bun:sqlite";
import { copyFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { hcom } from "../process/lab.ts";
import { launcher } from "../process/programs.ts";
import {
  type Agent,
  harm,
  judgeCommand,
  judgeHook,
  newTally,
  openPlace,
  type Place,
  type Round,
  signal,
  type Tally,
  timed,
} from "./lab.ts";

interface Fault {
  what: string;
  /** Breaks the database at `path`; what it returns undoes that where time alone does not. */
  strike(path: string): (() => void) | undefined;
  /** Whether what was confirmed before is expected afterwards: the fault itself took nothing. */
  keeps: boolean;
}

const beside = ["", "-wal", "-shm"] as const;

const all: readonly Fault[] = [
  { what: "emptied", keeps: false, strike: (path) => void truncateSync(path, 0) },
  {
    what: "cut off",
    keeps: false,
    strike: (path) => void truncateSync(path, Math.floor(statSync(path).size / 2)),
  },
  {
    what: "a foreign file",
    keeps: false,
    strike: (path) => {
      for (const one of beside) rmSync(path + one, { force: true });
      writeFileSync(path, "this is no database ".repeat(500));
      return undefined;
    },
  },
  {
    what: "replaced by a copy",
    keeps: true,
    strike(path) {
      const copy = `${path}.copy`;
      using db = new Database(path);
      db.run("VACUUM INTO ?", [copy]);
      for (const one of beside) rmSync(path + one, { force: true });
      copyFileSync(copy, path);
      rmSync(copy);
      return undefined;
    },
  },
  { what: "its log removed", keeps: true, strike: (path) => vanish(path, ["-wal"]) },
  {
    what: "its log and index removed",
    keeps: true,
    strike: (path) => vanish(path, ["-wal", "-shm"]),
  },
  {
    what: "locked",
    keeps: true,
    strike(path) {
      const db = new Database(path);
      db.run("BEGIN IMMEDIATE");
      return () => db.close();
    },
  },
];

/** What stands in the log is saved first: that a removed file's content is gone is no news. */
function vanish(path: string, suffixes: readonly string[]): undefined {
  using db = new Database(path);
  db.run("PRAGMA wal_checkpoint(FULL)");
  for (const one of suffixes) rmSync(path + one, { force: true });
  return undefined;
}

export async function faults({ random, goesOn }: Round): Promise<Tally[]> {
  const tallies = all.map((fault) => newTally(`database ${fault.what}`));
  const disk = newTally("disk full (limit of file sizes)");
  do {
    // Together, because most of their time is waiting.
    await Promise.all(
      all.map(async (fault, at) => {
        const tally = tallies[at];
        if (tally !== undefined) await strikeOnce(tally, fault);
      }),
    );
    await fillDisk(disk, random);
  } while (goesOn());
  return [...tallies, disk];
}

async function strikeOnce(tally: Tally, fault: Fault): Promise<void> {
  using place = openPlace();
  const agent = await place.join("s1");
  const before = await sendSome(place, agent, "before");
  // Somebody who has the file open all the while.
  const ear = asText(asObject(parseJson((await hcom(place.env, ["start", "--json"])).out))["name"]);
  const holder = Bun.spawn(["sh", launcher, "listen", "--name", ear ?? "", "--timeout", "60"], {
    env: place.env,
    cwd: place.path,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  const isListening = async () =>
    (await hcom(place.env, ["list", ear ?? "", "--json"])).out.includes('"listening"');
  await until(isListening, { timeoutMs: 15_000, what: "the holder to listen" });
  const undo = fault.strike(`${place.path}/.hcom/hcom.db`);
  try {
    for (const hook of ["post", "userpromptsubmit", "poll"]) {
      judgeHook(tally, hook, await agent.hook(hook));
    }
    judgeCommand(tally, "list", await timed(place.env, ["list"]));
    judgeCommand(tally, "status", await timed(place.env, ["status"]));
    undo?.();
    const after = await sendSome(place, agent, "after", tally);
    signal(holder.pid, "SIGTERM");
    await holder.exited;
    after.push(...(await sendSome(place, agent, "later", tally)));
    const kept = await place.texts();
    const expected = fault.keeps ? [...before, ...after] : after;
    for (const text of expected) if (!kept.includes(text)) harm(tally, "lost", text);
    if (fault.keeps && after.length < 4) harm(tally, "blocked", `only ${after.length} of 4 sent`);
  } finally {
    signal(holder.pid, "SIGKILL");
  }
}

/** The texts whose sending was confirmed. */
async function sendSome(place: Place, to: Agent, word: string, tally?: Tally): Promise<string[]> {
  const confirmed: string[] = [];
  for (let n = 0; n < 2; n++) {
    const text = `${word} ${n}`;
    const { id, run } = await place.send(text, to.name);
    if (tally !== undefined) judgeCommand(tally, `send ${text}`, run);
    if (id !== null) confirmed.push(text);
  }
  return confirmed;
}

/** Nothing may grow over a size that the files nearly have: the kernel says EFBIG, as with ENOSPC. */
async function fillDisk(tally: Tally, random: () => number): Promise<void> {
  using place = openPlace();
  const agent = await place.join("s1");
  const confirmed: string[] = [];
  const blocks = 1 + Math.floor(random() * 400);
  const sh = `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`;
  const prefix = ["/bin/sh", "-c", sh, "sh"];
  for (let n = 0; n < 4; n++) {
    const text = `${n} ${"x".repeat(Math.floor(random() * 20_000))}`;
    const args = ["send", `@${agent.name}`, "--from", "storm", "--json", "--", text];
    const run = await timed(place.env, args, { prefix });
    judgeCommand(tally, `send under ${blocks} blocks`, run);
    if (run.code === 0) confirmed.push(text);
    const stdin = agent.payload();
    judgeHook(tally, "post", await timed(agent.env, ["post"], { prefix, stdin }));
  }
  const { id } = await place.send("there is room again", agent.name);
  if (id === null) harm(tally, "blocked", "no send after the limit was gone");
  const kept = await place.texts();
  for (const text of confirmed) if (!kept.includes(text)) harm(tally, "lost", text.slice(0, 20));
  for (const text of new Set(kept)) {
    if (kept.indexOf(text) !== kept.lastIndexOf(text)) harm(tally, "doubled", text.slice(0, 20));
  }
}
