// Random lives of a few agents: senders, hooks that die between any two of their steps, the same
// hook twice at once, jumps of the clock, stops and resumes, outputs that the tool drops; and a
// channel that they talk in, read by themselves and want to hear of now soon, now late. Whatever
// happened, in the end every message stands once in each addressed context, in order where nobody
// wanted it later. A seed that fails prints its script; run it alone with `play(seed)`.
import { expect, test } from "bun:test";
import { catchUp } from "../../src/bus/channels/catch-up.ts";
import { liveForAgents } from "../../src/bus/channels/live-for-agents.ts";
import { setWake } from "../../src/bus/channels/live-members.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { type WakePolicy, wakePolicies } from "../../src/core/channels/wake-policy.ts";
import { deliveredLabels } from "../../src/core/mail/envelope.ts";
import type { Delivery } from "../../src/store/deliveries.ts";
import { maxEventId } from "../../src/store/events.ts";
import { getInstance } from "../../src/store/instances.ts";
import { processStart } from "../../src/sys/process.ts";
import { type Begun, makeWorld, type World } from "./world.ts";

const runs = 300;
const steps = 40;

/** Above the largest pid that Linux gives: never alive. */
const deadPid = 4_999_999;
/** Different ones that this machine lets us see. */
const livingPids = [...new Set([process.pid, process.ppid, 1])].filter(
  (pid) => processStart(pid) !== undefined,
);

test(`${runs} lives of ${steps} steps lose, double and reorder nothing`, async () => {
  for (let seed = 1; seed <= runs; seed++) {
    const script: string[] = [];
    try {
      await play(seed, script);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error}\n${script.join("\n")}`);
    }
  }
}, 300_000);

interface Hook {
  name: string;
  pid: number;
  begun: Begun;
  isOut: boolean;
}

interface Life {
  world: World;
  random: () => number;
  script: string[];
  agents: string[];
  inFlight: Hook[];
  /** Message id to who must have it in the end. */
  expected: Map<number, Set<string>>;
  /** Dropped by the tool at this recipient, or wanted later: comes out of order. */
  late: Set<string>;
  channels: CommStore;
  wake: Map<string, WakePolicy>;
  /** What somebody has read in the channel by itself. */
  read: Set<string>;
  states: Map<string, string>;
  cursors: Map<string, number>;
}

async function play(seed: number, script: string[]): Promise<void> {
  using world = await makeWorld();
  const life: Life = {
    world,
    random: generator(seed),
    script,
    agents: [world.join(), world.join(), world.join()],
    inFlight: [],
    expected: new Map(),
    late: new Set(),
    channels: liveForAgents(world.bus, "main").store,
    wake: new Map(),
    read: new Set(),
    states: new Map(),
    cursors: new Map(),
  };
  life.channels.createChannel({ name: "ops", type: "Group" });
  for (const name of life.agents) life.channels.joinChannel(channelId, name);
  for (let n = 0; n < steps; n++) {
    step(life);
    checkStep(life);
  }
  drain(life);
  checkEnd(life);
}

const channelId = 1;

type Move = (life: Life) => string | undefined;

/** How often each move is tried, of 100. */
const moves: readonly [number, Move][] = [
  [14, say],
  [12, chat],
  [24, begin],
  [15, goOn],
  [8, die],
  [4, drop],
  [7, pass],
  [3, jump],
  [4, stop],
  [4, resume],
  [3, choose],
  [2, readOn],
];

function step(life: Life): void {
  const told = pickMove(life.random() * 100)(life);
  if (told !== undefined) life.script.push(told);
}

function pickMove(dice: number): Move {
  let left = dice;
  for (const [weight, move] of moves) {
    left -= weight;
    if (left < 0) return move;
  }
  return say;
}

function say(life: Life): string | undefined {
  const { world, agents, expected } = life;
  const live = agents.filter((name) => isLive(life, name));
  const from = life.random() < 0.2 ? "somebody" : pick(life, live);
  if (from === undefined) return undefined;
  const others = live.filter((name) => name !== from);
  const text = life.random() < 0.1 ? "long ".repeat(300) : "short";
  if (life.random() < 0.3) {
    const { id } = world.say(from, text);
    // Who has stopped finds a broadcast when it comes back with its old cursor.
    expected.set(id, new Set(agents.filter((name) => name !== from)));
    return `#${id} ${from} to all`;
  }
  const targets = others.filter(() => life.random() < 0.6);
  if (targets.length === 0) return undefined;
  const { id } = world.say(from, text, { targets });
  expected.set(id, new Set(targets));
  return `#${id} ${from} to ${targets.join(" ")}`;
}

function chat(life: Life): string | undefined {
  const { world, agents } = life;
  const sender = pick(life, ["somebody", ...agents.filter((name) => isLive(life, name))]) ?? "";
  life.channels.sendMessage({ channelId, sender, content: "in the channel" });
  const id = maxEventId(world.bus.db);
  // Who has stopped, or wants no more, is told of it in a digest.
  const readers = agents.filter((name) => name !== sender && isLive(life, name));
  const inFull = readers.filter((name) => ["push", "next-turn"].includes(wakeOf(life, name)));
  life.expected.set(id, new Set(inFull));
  for (const name of inFull) {
    if (wakeOf(life, name) === "next-turn") life.late.add(`${name} ${id}`);
  }
  return `#${id} ${sender} in the channel, to ${inFull}`;
}

function choose(life: Life): string | undefined {
  const name = pick(life, life.agents) ?? "";
  const wake = pick(life, wakePolicies) ?? "push";
  setWake(life.world.bus, { space: "main", channelId, participant: name }, wake);
  life.wake.set(name, wake);
  return `${name} wants ${wake}`;
}

function wakeOf(life: Life, name: string): WakePolicy {
  return life.wake.get(name) ?? "push";
}

/** Sometimes it dies with what it has read. */
function readOn(life: Life): string | undefined {
  const { db } = life.world.bus;
  const name = pick(
    life,
    life.agents.filter((one) => isLive(life, one)),
  );
  if (name === undefined) return undefined;
  const seat = { space: "main", channelId, participant: name };
  const found = catchUp(life.world.bus, { ...seat, limit: 1 + Math.floor(life.random() * 3) });
  if (life.random() < 0.3) return `${name} dies reading the channel`;
  found.commit();
  const numbers = JSON.stringify(found.messages.map((message) => message.id));
  const ids = db.all<{ id: number }>(
    "SELECT event_id AS id FROM comm_message WHERE id IN (SELECT value FROM json_each(?))",
    numbers,
  );
  for (const { id } of ids) life.read.add(`${name} ${id}`);
  return `${name} reads ${ids.map(({ id }) => id)} in the channel`;
}

/** Sometimes while another hook of the same agent is still at it. */
function begin(life: Life): string | undefined {
  const name = pick(life, life.agents);
  const pid = livingPids.find((one) => life.inFlight.every((hook) => hook.pid !== one));
  if (name === undefined || pid === undefined) return undefined;
  const limit = life.random() < 0.3 ? 400 : 10_000;
  const isPrompt = life.random() < 0.3;
  const begun = life.world.begin(name, pid, { limit, isPrompt });
  if (begun === undefined) return `${name} looks, nothing`;
  life.inFlight.push({ name, pid, begun, isOut: false });
  return `${name} (${pid}) takes ${begun.ids}${isPrompt ? " at a prompt" : ""}`;
}

function goOn(life: Life): string | undefined {
  const hook = pick(life, life.inFlight);
  if (hook === undefined) return undefined;
  if (!hook.isOut) {
    hook.begun.output();
    hook.isOut = true;
    return `${hook.name} (${hook.pid}) prints`;
  }
  hook.begun.commit();
  leave(life, hook);
  return `${hook.name} (${hook.pid}) commits`;
}

function die(life: Life): string | undefined {
  const hook = pick(life, life.inFlight);
  if (hook === undefined) return undefined;
  leave(life, hook);
  life.world.bus.db.run(
    "UPDATE deliveries SET claim = ? WHERE claim LIKE ? AND state = 'offered'",
    `${deadPid}:dead`,
    `${hook.pid}:%`,
  );
  return `${hook.name} (${hook.pid}) dies ${hook.isOut ? "after" : "before"} its output`;
}

/** The hook says and commits, and the tool forgets what it said. */
function drop(life: Life): string | undefined {
  const hook = pick(
    life,
    life.inFlight.filter((one) => !one.isOut),
  );
  if (hook === undefined) return undefined;
  hook.begun.commit();
  leave(life, hook);
  for (const id of hook.begun.ids) life.late.add(`${hook.name} ${id}`);
  return `${hook.name} (${hook.pid}) commits what the tool drops`;
}

function pass(life: Life): string {
  const seconds = Math.floor(life.random() * 4);
  life.world.pass(seconds);
  const name = pick(life, life.agents) ?? "";
  life.world.prove(name);
  if (life.random() < 0.5) life.world.lapse(name);
  return `${seconds} s; ${name} is read`;
}

/**
 * A hook that has mail in hand and sleeps for longer than half a minute counts as dead: that mail
 * may come twice, and nothing can be done about it. So the clock jumps when there is none.
 */
function jump(life: Life): string | undefined {
  if (life.inFlight.some((hook) => !hook.isOut)) return undefined;
  const seconds = Math.floor((life.random() - 0.5) * 20_000);
  life.world.pass(seconds);
  return `the clock jumps by ${seconds} s`;
}

function stop(life: Life): string | undefined {
  const name = pick(life, life.agents);
  if (name === undefined || !isLive(life, name)) return undefined;
  stopInstance(life.world.bus, name, { by: "user", reason: "external" });
  return `${name} stops`;
}

function resume(life: Life): string | undefined {
  const name = pick(
    life,
    life.agents.filter((one) => !isLive(life, one)),
  );
  if (name === undefined) return undefined;
  life.world.hook({ kind: "session-start", source: "resume", session: `s-${name}` });
  return `${name} resumes`;
}

/** Everybody comes back, everything that is under way ends, and every look is taken. */
function drain(life: Life): void {
  const { world } = life;
  for (const hook of [...life.inFlight]) {
    if (!hook.isOut) hook.begun.output();
    hook.begun.commit();
    leave(life, hook);
  }
  for (const name of life.agents.filter((one) => !isLive(life, one))) {
    world.hook({ kind: "session-start", source: "resume", session: `s-${name}` });
  }
  // What a recipient dropped is repeated only when its transcript is known to be readable.
  const { id } = world.say("somebody", "the end");
  life.expected.set(id, new Set(life.agents));
  life.script.push(`drain, #${id} to all`);
  for (let round = 0; round < 3; round++) {
    for (const name of life.agents) {
      world.pass(40);
      while (world.turn(name).length > 0);
      while (world.prompt(name) !== "");
      world.prove(name);
      world.pass(10);
      world.lapse(name);
    }
    checkStep(life);
  }
}

const allowed: Record<string, readonly string[]> = {
  "": ["stored", "offered"],
  stored: ["offered"],
  offered: ["handed", "in_context"],
  handed: ["in_context", "offered"],
  in_context: [],
};

function checkStep(life: Life): void {
  for (const name of life.agents) {
    const cursor = getInstance(life.world.bus.db, name)?.last_event_id ?? 0;
    const before = life.cursors.get(name) ?? 0;
    if (cursor === 0) continue;
    if (cursor < before) throw new Error(`the cursor of ${name} went from ${before} to ${cursor}`);
    life.cursors.set(name, cursor);
  }
  for (const row of life.world.bus.db.all<Delivery>("SELECT * FROM deliveries")) {
    const key = `#${row.message_id} at ${row.recipient}`;
    const before = life.states.get(key) ?? "";
    life.states.set(key, row.state);
    if (before === row.state || allowed[before]?.includes(row.state)) continue;
    // Two steps at once: somebody else's look proved or lapsed it in the same move.
    const isVia = allowed[before]?.some((middle) => allowed[middle]?.includes(row.state));
    if (isVia !== true) throw new Error(`${key} went from "${before}" to "${row.state}"`);
  }
}

function checkEnd(life: Life): void {
  for (const name of life.agents) {
    const got = life.world
      .context(name)
      .flatMap((text) => [...deliveredLabels(text, name)].map(Number));
    const isRead = (id: number) => life.read.has(`${name} ${id}`);
    const wanted = [...life.expected].filter(([, who]) => who.has(name)).map(([id]) => id);
    const sorted = [...got].sort((a, b) => a - b);
    // What it read by itself may have been in its context before, but then once.
    const unread = { name, ids: sorted.filter((id) => !isRead(id)) };
    expect(unread).toEqual({ name, ids: wanted.filter((id) => !isRead(id)) });
    expect({ name, twice: sorted.filter((id, at) => id === sorted[at - 1]) }).toEqual({
      name,
      twice: [],
    });
    const inOrder = got.filter((id) => !life.late.has(`${name} ${id}`) && !isRead(id));
    expect({ name, order: inOrder }).toEqual({ name, order: inOrder.toSorted((a, b) => a - b) });
  }
  for (const row of life.world.bus.db.all<Delivery>("SELECT * FROM deliveries")) {
    const isTold = row.policy === "digest" || row.evidence !== null;
    const end = isTold && row.state === "handed" ? "in_context" : row.state;
    expect(`#${row.message_id} at ${row.recipient} ${end}`).toEndWith(" in_context");
  }
}

function leave(life: Life, hook: Hook): void {
  life.inFlight = life.inFlight.filter((one) => one !== hook);
}

function isLive(life: Life, name: string): boolean {
  return getInstance(life.world.bus.db, name) !== undefined;
}

function pick<T>(life: Life, from: readonly T[]): T | undefined {
  return from[Math.floor(life.random() * from.length)];
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
