// kill -9 at random moments on whoever hands over mail and whoever sends it: every message that is
// stored reaches the agent's context exactly once and in order, and every message whose sending
// was confirmed is stored.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { queryLog } from "../../src/bus/events.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { deliveredIds } from "../../src/core/mail/envelope.ts";
import { getInstance } from "../../src/store/instances.ts";
import type { System } from "../../src/sys/system.ts";
import { prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import { openSession } from "../kit/fake-agent/session.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, openLog, plainEnv, tempDir } from "./lab.ts";
import { senderProgram } from "./programs.ts";

const agentCount = 5;
const roundsEach = 40;
/** Longer than a hook takes here: some are killed too late, some before they begin. */
const killWithinMs = 120;

test(`${agentCount * roundsEach} hooks under kill -9 lose nothing and double nothing`, async () => {
  const seed = Number(process.env["CRASH_SEED"] ?? 20261121);
  const random = seeded(seed);
  using dir = tempDir();
  const hcomDir = join(dir.path, ".hcom");
  const agents: Victim[] = [];
  for (let n = 0; n < agentCount; n++) {
    agents.push(await openVictim(join(dir.path, `${n}`), hcomDir, random));
  }
  using bus = openLog({ ...plainEnv(dir.path), HCOM_DIR: hcomDir });
  const names = agents.map((agent) => agent.name);
  using senders = startSenders(bus.system.env, names, random);
  const cursorOf = (name: string) => getInstance(bus.db, name)?.last_event_id ?? 0;

  await Promise.all(
    agents.map(async (agent) => {
      for (let round = 0; round < roundsEach; round++) {
        senders.keepGoing();
        await agent.hook(events[Math.floor(random() * events.length)] ?? "PostToolBatch");
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
  expect(senders.killed()).toBeGreaterThan(5);
}, 90_000);

interface Victim {
  name: string;
  cursors: number[];
  /** Fires one hook that may be killed; it is not when it must work "to the end". */
  hook(event: string, how?: "to the end"): Promise<void>;
  texts(): string[];
}

async function openVictim(dir: string, hcomDir: string, random: () => number): Promise<Victim> {
  const version = "2.1.216";
  const agent = prepareFakeAgent({ dir, hcomDir, withInbox: false, version });
  // As under the wrapper: the end of a turn does not wait for mail.
  const env: Env = { ...agent.env, HCOM_PTY_MODE: "1" };
  let isSafe = false;
  const session = openSession({
    configDir: agent.configDir,
    cwd: agent.cwd,
    version,
    env,
    recordPath: env["FAKE_AGENT_RECORD"],
    onSpawn: (pid) => isSafe || killLater(random, pid),
  });
  expect((await hcom(env, ["hooks", "add", "claude"])).code).toBe(0);
  const own = { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session.id };
  const started = await hcom(own, ["start", "--json"]);
  return {
    name: asText(asObject(parseJson(started.out))["name"]) ?? started.err,
    cursors: [],
    async hook(event, how) {
      isSafe = how === "to the end";
      const fired = await session.fire(event, fieldsOf(event), { subject: "Bash" });
      fired.absorb();
    },
    texts: () => agent.context().map((one) => one.text),
  };
}

const events = ["UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolBatch", "Stop"] as const;

function fieldsOf(event: string): object {
  if (event === "UserPromptSubmit") return { prompt: "go on" };
  if (event === "Stop") return { stop_hook_active: false };
  if (event === "PostToolBatch") return { tool_calls: [] };
  return {
    tool_name: "Bash",
    tool_input: { command: "true" },
    tool_use_id: "t",
    tool_response: {},
  };
}

function killLater(random: () => number, pid: number): void {
  if (random() < 0.3) return;
  setTimeout(() => kill(pid), random() * killWithinMs);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It was done before.
  }
}

interface Senders extends Disposable {
  /** Kills one now and then, and starts another in its place. */
  keepGoing(): void;
  /** Waits for the last ones. */
  end(): Promise<void>;
  /** Ids that were printed as sent. */
  confirmed(): number[];
  killed(): number;
}

function startSenders(env: System["env"], to: readonly string[], random: () => number): Senders {
  const confirmed: number[] = [];
  const running = new Set<{ pid: number; done: Promise<void> }>();
  let killed = 0;
  let generation = 0;
  const start = () => {
    const argv = [senderProgram, `s${generation++}`, to.join(), "30", "10"];
    const child = Bun.spawn([process.execPath, ...argv], {
      env: { ...env },
      cwd: "/",
      stdout: "pipe",
    });
    const sender = { pid: child.pid, done: Promise.resolve() };
    sender.done = new Response(child.stdout).text().then((text) => {
      // Every line is written at once: what follows the last line break was never said.
      confirmed.push(...text.split("\n").slice(0, -1).map(Number));
      running.delete(sender);
    });
    running.add(sender);
  };
  return {
    keepGoing() {
      const [first] = running;
      if (first !== undefined && random() < 0.15) {
        killed++;
        kill(first.pid);
      }
      if (running.size < 2) start();
    },
    async end() {
      await Promise.all([...running].map((sender) => sender.done));
    },
    confirmed: () => confirmed,
    killed: () => killed,
    [Symbol.dispose]() {
      for (const { pid } of running) kill(pid);
    },
  };
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
