// kill -9 and SIGSTOP on hooks and senders: what was confirmed is stored, and what is stored
// reaches each agent's context once.
import { queryLog } from "../../src/bus/events.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { deliveredIds } from "../../src/core/mail/envelope.ts";
import { prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { openSession } from "../kit/fake-agent/session.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, openLog, plainEnv, tempDir } from "../process/lab.ts";
import { senderProgram } from "../process/programs.ts";
import { harm, limits, newTally, pick, type Round, signal, type Tally } from "./lab.ts";

const events = ["UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolBatch", "Stop"] as const;

export async function storm({ random, goesOn }: Round): Promise<Tally[]> {
  const hooks = newTally("hooks under kill -9 and SIGSTOP");
  const sends = newTally("senders under kill -9 and SIGSTOP");
  using dir = tempDir();
  const hcomDir = `${dir.path}/.hcom`;
  const agents = [
    await openVictim(`${dir.path}/0`, hcomDir, random),
    await openVictim(`${dir.path}/1`, hcomDir, random),
    await openVictim(`${dir.path}/2`, hcomDir, random),
  ];
  using bus = openLog({ ...plainEnv(dir.path), HCOM_DIR: hcomDir });
  const senders = startSenders(bus.system.env, agents.map((one) => one.name).join(), random);
  await Promise.all(
    agents.map(async (agent) => {
      while (goesOn()) {
        senders.keepGoing();
        hooks.tried++;
        const tookMs = await agent.hook(pick(random, events), "may be killed");
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
  sends.tried = senders.confirmed.length;
  for (const id of senders.confirmed) {
    if (!stored.has(id)) harm(sends, "lost", `#${id} was confirmed`);
  }
  return [hooks, sends];
}

interface Victim {
  name: string;
  /** How long it took, without the time in which we had it stopped. */
  hook(event: string, how: "may be killed" | "to the end"): Promise<number>;
  texts(): string[];
}

async function openVictim(dir: string, hcomDir: string, random: () => number): Promise<Victim> {
  const version = "2.1.216";
  const agent = prepareFakeAgent({ dir, hcomDir, withInbox: false, version });
  // As under the wrapper: the end of a turn does not wait for mail.
  const env: Env = { ...agent.env, HCOM_PTY_MODE: "1" };
  let isSafe = false;
  let stoppedMs = 0;
  const session = openSession({
    configDir: agent.configDir,
    cwd: agent.cwd,
    version,
    env,
    recordPath: env["FAKE_AGENT_RECORD"],
    onSpawn: (pid) => {
      if (!isSafe) stoppedMs += disturb(pid, random);
    },
  });
  await hcom(env, ["hooks", "add", "claude"]);
  const own = { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session.id };
  const started = await hcom(own, ["start", "--json"]);
  const name = asText(asObject(parseJson(started.out))["name"]);
  if (name === undefined) throw new Error(`no start: ${started.out}${started.err}`);
  return {
    name,
    async hook(event, how) {
      isSafe = how === "to the end";
      stoppedMs = 0;
      const start = performance.now();
      const fired = await session.fire(event, fieldsOf(event), { subject: "Bash" });
      fired.absorb();
      return performance.now() - start - stoppedMs;
    },
    texts: () => agent.context().map((one) => one.text),
  };
}

function fieldsOf(event: string): object {
  if (event === "UserPromptSubmit") return { prompt: "go on" };
  if (event === "Stop") return { stop_hook_active: false };
  if (event === "PostToolBatch") return { tool_calls: [] };
  const tool_input = { command: "true" };
  return { tool_name: "Bash", tool_input, tool_use_id: "t", tool_response: {} };
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

function startSenders(
  env: Readonly<Record<string, string | undefined>>,
  to: string,
  random: () => number,
) {
  const confirmed: number[] = [];
  const running = new Map<number, Promise<void>>();
  let generation = 0;
  const start = () => {
    const argv = [process.execPath, senderProgram, `s${generation++}`, to, "30", "10"];
    const child = Bun.spawn(argv, { env: { ...env }, cwd: "/", stdout: "pipe", stderr: "ignore" });
    const done = new Response(child.stdout).text().then((text) => {
      // Every line is written at once: what follows the last line break was never said.
      confirmed.push(...text.split("\n").slice(0, -1).map(Number));
      running.delete(child.pid);
    });
    running.set(child.pid, done);
  };
  return {
    confirmed,
    keepGoing() {
      const [pid] = running.keys();
      if (pid !== undefined && random() < 0.2) disturb(pid, random);
      if (running.size < 2) start();
    },
    end: () => Promise.all(running.values()),
  };
}
