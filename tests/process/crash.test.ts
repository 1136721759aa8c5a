// kill -9 at random moments on whoever hands over mail and whoever sends it: every message that is
// stored reaches the agent's context exactly once and in order, and every message whose sending
// was confirmed is stored.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { queryLog } from "../../src/bus/log/events.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import { deliveredIds } from "../../src/core/mail/envelope.ts";
import { getInstance } from "../../src/store/instances.ts";
import { until } from "../kit/until.ts";
import { kill, startSenders } from "./doomed-senders.ts";
import { openLog, plainEnv, tempDir } from "./lab.ts";
import { openVictim, type Victim, victimEvents } from "./victim.ts";

const agentCount = 5;
const roundsEach = 40;
/** Longer than a hook takes here: some are killed too late, some before they begin. */
const killWithinMs = 120;

test(`${agentCount * roundsEach} hooks under kill -9 lose nothing and double nothing`, async () => {
  const seed = Number(process.env["CRASH_SEED"] ?? 20261121);
  const random = seeded(seed);
  using dir = tempDir();
  const hcomDir = join(dir.path, ".hcom");
  const agents: (Victim & { cursors: number[] })[] = [];
  for (let n = 0; n < agentCount; n++) {
    const disturb = (pid: number) => killLater(random, pid);
    const victim = await openVictim({ dir: join(dir.path, `${n}`), hcomDir, disturb });
    agents.push({ ...victim, cursors: [] });
  }
  using bus = openLog({ ...plainEnv(dir.path), HCOM_DIR: hcomDir });
  const names = agents.map((agent) => agent.name);
  const doom = { to: names, chance: 0.15, random, disturb: kill };
  using senders = startSenders(bus.system.env, doom);
  const cursorOf = (name: string) => getInstance(bus.db, name)?.last_event_id ?? 0;

  await Promise.all(
    agents.map(async (agent) => {
      for (let round = 0; round < roundsEach; round++) {
        senders.keepGoing();
        const event = victimEvents[Math.floor(random() * victimEvents.length)] ?? "PostToolBatch";
        await agent.hook(event, "may be killed");
        agent.cursors.push(cursorOf(agent.name));
      }
    }),
  );
  await senders.end();
  for (const agent of agents) {
    const isDone = async () => {
      await agent.hook("PostToolBatch", "to the end");
      return pendingMail(bus, agent.name).ids.length === 0;
    };
    await until(isDone, { timeoutMs: 15_000, what: `the mail of ${agent.name}` });
  }

  const stored = queryLog(bus, { filters: { type: ["message"] }, last: 100_000 });
  const ids = stored.map((row) => row.id);
  for (const { name, cursors, texts } of agents) {
    const heard = texts().flatMap((text) => deliveredIds(text, ids, name));
    // The log keeps the order of each sender: the order of ids says it for all of them.
    expect([seed, name, heard]).toEqual([seed, name, ids]);
    expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
  }
  expect(senders.confirmed().filter((id) => !ids.includes(id))).toEqual([]);
  // How many depends on the machine.
  expect(senders.confirmed().length).toBeGreaterThan(20);
  expect(senders.harmed()).toBeGreaterThan(5);
}, 90_000);

function killLater(random: () => number, pid: number): void {
  if (random() < 0.3) return;
  setTimeout(() => kill(pid), random() * killWithinMs);
}

/** xorshift32: the same seed gives the same moments, as far as the machine allows. */
function seeded(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
