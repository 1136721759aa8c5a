// SIGSTOP and kill -9 on the wrapper around an agent: while it is stopped mail waits, when it goes
// on everything arrives once, and a killed one takes no confirmed message along.
import { pendingMail } from "../../src/bus/mail/pending.ts";
import { traceMessage } from "../../src/bus/mail/trace.ts";
import { descendantsOf } from "../kit/processes.ts";
import { until } from "../kit/until.ts";
import { type Reach, tempDir, wrapAgent } from "../process/lab.ts";
import {
  harm,
  judgeCommand,
  newTally,
  pick,
  type Round,
  signal,
  type Tally,
  timed,
} from "./lab.ts";

export async function wrapper({ random, goesOn }: Round): Promise<Tally[]> {
  const tally = newTally("wrapper under SIGSTOP and kill -9");
  for (let n = 0; goesOn() && n < 1000; n++) {
    await once(tally, random, pick<Reach>(random, ["inbox", "bell", "typing"]));
  }
  return [tally];
}

async function once(tally: Tally, random: () => number, reach: Reach): Promise<void> {
  using dir = tempDir();
  await using agent = await wrapAgent(dir.path, reach);
  const ids: number[] = [];
  for (let n = 0; n < 4; n++) {
    const pids = [agent.child.pid, ...descendantsOf(agent.child.pid)];
    const pid = pids[Math.floor(random() * Math.min(2, pids.length))] ?? agent.child.pid;
    const text = `while stopped ${n}`;
    signal(pid, "SIGSTOP");
    const id = await agent.send(text).catch(refusedAsBusy);
    await Bun.sleep(random() * 400);
    signal(pid, "SIGCONT");
    ids.push(id ?? (await agent.send(text)));
    tally.tried++;
  }
  await until(() => agent.times(ids).every((times) => times > 0), {
    timeoutMs: 45_000,
    what: "all mail",
  }).catch(() => {
    for (const [at, times] of agent.times(ids).entries()) {
      if (times === 0) harm(tally, "lost", `#${ids[at]} after SIGCONT by ${reach}`);
    }
  });
  for (const [at, times] of agent.times(ids).entries()) {
    if (times > 1) harm(tally, "doubled", `#${ids[at]} by ${reach}`);
  }
  ids.push(await agent.send("before the kill"));
  signal(agent.child.pid, "SIGKILL");
  const last = await agent.send("after the kill").catch(() => null);
  tally.tried++;
  if (last !== null) ids.push(last);
  judgeCommand(tally, "list", await timed(agent.agent.env, ["list", "--json"]));
  const waiting = new Set(pendingMail(agent.bus, agent.name).ids);
  for (const id of ids) {
    const isKept = waiting.has(id) || traceMessage(agent.bus, id).deliveries.length > 0;
    if (!isKept) harm(tally, "lost", `#${id} after kill -9`);
  }
}

/** Who is stopped in the middle of a write keeps the database locked: then a sender is told so. */
function refusedAsBusy(error: unknown): undefined {
  if (error instanceof Error && error.message.includes("database_busy")) return;
  throw error;
}
