// kill -9 and SIGSTOP on hooks and senders: what was confirmed is stored, and what is stored
// reaches each agent's context once.
import { queryLog } from "../../src/bus/log/events.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import { deliveredIds } from "../../src/core/mail/envelope.ts";
import { until } from "../kit/until.ts";
import { startSenders } from "../process/doomed-senders.ts";
import { openLog, plainEnv, tempDir } from "../process/lab.ts";
import { openVictim, type Victim, victimEvents } from "../process/victim.ts";
import { harm, limits, newTally, pick, type Round, signal, type Tally } from "./lab.ts";

export async function storm({ random, goesOn }: Round): Promise<Tally[]> {
  const hooks = newTally("hooks under kill -9 and SIGSTOP");
  const sends = newTally("senders under kill -9 and SIGSTOP");
  using dir = tempDir();
  const hcomDir = `${dir.path}/.hcom`;
  const agents: (Victim & { stoppedMs: number })[] = [];
  for (const name of ["0", "1", "2"]) {
    const disturbed = (pid: number) => {
      agent.stoppedMs += disturb(pid, random);
    };
    const trouble = { dir: `${dir.path}/${name}`, hcomDir, disturb: disturbed };
    const agent = { ...(await openVictim(trouble)), stoppedMs: 0 };
    agents.push(agent);
  }
  using bus = openLog({ ...plainEnv(dir.path), HCOM_DIR: hcomDir });
  using senders = startSenders(bus.system.env, {
    to: agents.map((one) => one.name),
    chance: 0.2,
    random,
    disturb: (pid) => void disturb(pid, random),
  });
  await Promise.all(
    agents.map(async (agent) => {
      while (goesOn()) {
        senders.keepGoing();
        hooks.tried++;
        agent.stoppedMs = 0;
        const start = performance.now();
        await agent.hook(pick(random, victimEvents), "may be killed");
        const tookMs = performance.now() - start - agent.stoppedMs;
        if (tookMs > limits.hookMs) harm(hooks, "blocked", `a hook: ${Math.round(tookMs)} ms`);
      }
    }),
  );
  await senders.end();
  for (const { name, hook } of agents) {
    const isDone = async () => {
      await hook("PostToolBatch", "to the end");
      return pendingMail(bus, name).ids.length === 0;
    };
    await until(isDone, { timeoutMs: 60_000, what: `the mail of ${name}` });
  }

  const ids = queryLog(bus, { filters: { type: ["message"] }, last: 1_000_000 }).map(
    (row) => row.id,
  );
  for (const { name, texts } of agents) {
    const heard = texts().flatMap((text) => deliveredIds(text, ids, name));
    const once = new Set(heard);
    for (const id of ids) if (!once.has(id)) harm(hooks, "lost", `#${id} at ${name}`);
    const again = heard.filter((id, at) => heard.indexOf(id) !== at);
    for (const id of again) harm(hooks, "doubled", `#${id} at ${name}`);
  }
  const stored = new Set(ids);
  sends.tried = senders.confirmed().length;
  for (const id of senders.confirmed()) {
    if (!stored.has(id)) harm(sends, "lost", `#${id} was confirmed`);
  }
  return [hooks, sends];
}

/** Kills soon, or stops for a while, or leaves it alone; returns how long it stops, in ms. */
function disturb(pid: number, random: () => number): number {
  const how = random();
  const afterMs = random() * 150;
  if (how < 0.3) return 0;
  if (how < 0.8) {
    setTimeout(() => signal(pid, "SIGKILL"), afterMs);
    return 0;
  }
  const forMs = random() * 600;
  setTimeout(() => {
    signal(pid, "SIGSTOP");
    setTimeout(() => signal(pid, how < 0.9 ? "SIGKILL" : "SIGCONT"), forMs);
  }, afterMs);
  return afterMs + forMs;
}
