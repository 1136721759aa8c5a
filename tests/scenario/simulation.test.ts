// Random lives of a few agents: senders, hooks that die between any two of their steps, the same
// hook twice at once, jumps of the clock, stops and resumes, outputs that the tool drops. Whatever
// happened, in the end every message stands once in each addressed context, in order. A seed that
// fails prints its script; run it alone with `play(seed)`.
import { expect, test } from "bun:test";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { deliveredLabels } from "../../src/core/mail/envelope.ts";
import type { Delivery } from "../../src/store/deliveries.ts";
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
}, 30_000);

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
  /** Dropped by the tool at this recipient: comes later, so out of order. */
  dropped: Set<string>;
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
    dropped: new Set(),
    states: new Map(),
    cursors: new Map(),
  };
  for (let n = 0; n < steps; n++) {
    step(life);
    checkStep(life);
  }
  drain(life);
  checkEnd(life);
}

type Move = (life: Life) => string | undefined;

/** How often each move is tried, of 100. */
const moves: readonly [number, Move][] = [
  [26, say],
  [24, begin],
  [16, goOn],
  [8, die],
  [4, drop],
  [8, pass],
  [4, jump],
  [5, stop],
  [5, resume],
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

/** Sometimes while another hook of the same agent is still at it. */
function begin(life: Life): string | undefined {
  const name = pick(life, life.agents);
  const pid = livingPids.find((one) => life.inFlight.every((hook) => hook.pid !== one));
  if (name === undefined || pid === undefined) return undefined;
  const begun = life.world.begin(name, pid, life.random() < 0.3 ? 400 : 10_000);
  if (begun === undefined) return `${name} looks, nothing`;
  life.inFlight.push({ name, pid, begun, isOut: false });
  return `${name} (${pid}) takes ${begun.ids}`;
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
  for (const id of hook.begun.ids) life.dropped.add(`${hook.name} ${id}`);
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
    const wanted = [...life.expected].filter(([, who]) => who.has(name)).map(([id]) => id);
    const sorted = [...got].sort((a, b) => a - b);
    expect({ name, ids: sorted }).toEqual({ name, ids: wanted });
    const inOrder = got.filter((id) => !life.dropped.has(`${name} ${id}`));
    expect({ name, order: inOrder }).toEqual({ name, order: inOrder.toSorted((a, b) => a - b) });
  }
  for (const [key, state] of life.states) expect(`${key} ${state}`).toBe(`${key} in_context`);
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
