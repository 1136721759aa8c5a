// The files by which the shell of a hook ends it: never while something waits for its agent, as long
// as writers live; and whatever becomes of the files, the end of the turn brings the mail, once.
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { setStatus } from "../../src/bus/agents/set-status.ts";
import { keepQuiet, stir } from "../../src/bus/gate.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { hasMail, nothingWaits } from "../../src/bus/mail/nothing-waits.ts";
import { formerQuietFile, gateFolder, hereFile, quietFile } from "../../src/core/hook-gate.ts";
import { makeWorld, type World } from "./world.ts";

const folderOf = ({ bus }: World) => `${bus.paths.dir}/${gateFolder}`;
const isQuiet = (world: World, name: string) =>
  Bun.file(`${folderOf(world)}/${quietFile(`s-${name}`)}`).size > 0;
const isHere = (world: World, name: string) =>
  existsSync(`${folderOf(world)}/${hereFile(`s-${name}`)}`);

/** A hook after an action, as its command line and then `hooks/run.ts` do it. */
function hookAfterAction(world: World, name: string, between: () => void = () => {}): string[] {
  if (isQuiet(world, name)) return [];
  // As for a session that nobody launched.
  if (existsSync(folderOf(world)) && !isHere(world, name)) return [];
  const bus = world.from({ CLAUDE_CODE_SESSION_ID: `s-${name}`, CLAUDECODE: "1" });
  const look = () => nothingWaits(bus);
  if (look()) {
    between();
    if (keepQuiet(bus, `s-${name}`, look)) return [];
  }
  return world.turn(name);
}

function quiet(world: World, name: string): void {
  setStatus(world.bus, name, { status: "active", context: "tool:Bash" });
  expect(hookAfterAction(world, name)).toEqual([]);
  expect(isQuiet(world, name)).toBe(true);
}

test("who takes part is here until it stops, and quiet once a hook found nothing", async () => {
  using world = await makeWorld();
  const luna = world.join();
  expect([isHere(world, luna), isQuiet(world, luna)]).toEqual([true, false]);
  quiet(world, luna);
  stopInstance(world.bus, luna, { by: "user", reason: "killed" });
  expect([isHere(world, luna), isQuiet(world, luna)]).toEqual([false, false]);
});

test("mail ends the quiet of those it is for, and of nobody else", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  for (const name of [luna, nova]) quiet(world, name);
  world.say("ci", "for luna", { targets: [luna] });
  expect([isQuiet(world, luna), isQuiet(world, nova)]).toEqual([false, true]);
  expect(hookAfterAction(world, luna)).toEqual(["for luna"]);
  quiet(world, luna);
  world.say("ci", "for all");
  expect([isQuiet(world, luna), isQuiet(world, nova)]).toEqual([false, false]);
});

test("an approval ends it, and what was undone does not", async () => {
  using world = await makeWorld();
  const luna = world.join();
  quiet(world, luna);
  const undone = () =>
    world.bus.db.write(() => {
      world.say("ci", "never said", { targets: [luna] });
      throw new Error("undone");
    });
  expect(undone).toThrow("undone");
  expect(isQuiet(world, luna)).toBe(true);
  setStatus(world.bus, luna, { status: "blocked", context: "approval" });
  expect(isQuiet(world, luna)).toBe(false);
  expect(hookAfterAction(world, luna)).toEqual([]);
  expect(isQuiet(world, luna)).toBe(false);
});

test("what is written while a hook makes up its mind is found by it", async () => {
  using world = await makeWorld();
  const luna = world.join();
  setStatus(world.bus, luna, { status: "active", context: "tool:Bash" });
  const heard = hookAfterAction(world, luna, () =>
    world.say("ci", "just now", { targets: [luna] }),
  );
  expect([heard, isQuiet(world, luna)]).toEqual([["just now"], false]);
});

test("where the files are lost, nobody becomes a stranger by another's hook", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  for (const name of [luna, nova]) setStatus(world.bus, name, { status: "active", context: "x" });
  rmSync(folderOf(world), { recursive: true, force: true });
  expect(hookAfterAction(world, luna)).toEqual([]);
  world.say("ci", "for both");
  expect([hookAfterAction(world, luna), hookAfterAction(world, nova)]).toEqual([
    ...[["for both"], ["for both"]],
  ]);
});

test("a session id that is a path makes no file", async () => {
  using world = await makeWorld();
  world.join();
  const before = readdirSync(folderOf(world));
  for (const session of ["../../x", "a/b", "", ".", "-", "x".repeat(200), "a b"]) {
    keepQuiet(world.bus, session, () => true);
  }
  expect(readdirSync(folderOf(world))).toEqual(before);
});

/** More of them: `GATE_RUNS=2000`. */
const runs = Number(process.env["GATE_RUNS"] ?? 80);

test(`${runs} lives with files that are lost, stale or raced: each message once`, async () => {
  for (let seed = 1; seed <= runs; seed++) await play(seed);
}, 120_000);

async function play(seed: number): Promise<void> {
  using world = await makeWorld();
  const random = numbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const agents = [world.join(), world.join()];
  for (const name of agents) setStatus(world.bus, name, { status: "active", context: "tool:Bash" });
  const expected = new Map(agents.map((name): [string, string[]] => [name, []]));
  // Told nobody: a writer that died behind its commit, or another program that writes to the log.
  const stale = new Set<string>();
  let said = 0;
  const say = (name: string) => {
    const words = `word ${++said} of ${seed}`;
    world.say("ci", words, { targets: [name] });
    expected.get(name)?.push(words);
  };
  const steps: Record<string, (name: string) => void> = {
    say,
    look: (name) => void hookAfterAction(world, name),
    race: (name) => void hookAfterAction(world, name, () => say(name)),
    lose: () => rmSync(folderOf(world), { recursive: true, force: true }),
    die: (name) => {
      const wasQuiet = isQuiet(world, name);
      say(name);
      if (!wasQuiet) return;
      mkdirSync(folderOf(world), { recursive: true });
      writeFileSync(`${folderOf(world)}/${quietFile(`s-${name}`)}`, "1");
      stale.add(name);
    },
    wrapper: (name) => {
      if (hasMail(world.bus, world.row(name), {})) stir(world.bus, `s-${name}`);
      stale.delete(name);
    },
    turnEnd: (name) => void world.prompt(name),
  };
  for (let step = 0; step < 25; step++) {
    const name = pick(agents);
    steps[pick(Object.keys(steps))]?.(name);
    for (const one of agents) {
      if (!isQuiet(world, one) || stale.has(one)) continue;
      expect([seed, hasMail(world.bus, world.row(one), {})]).toEqual([seed, false]);
    }
  }
  for (const name of agents) {
    world.prompt(name);
    const context = world.context(name).join("\n");
    const found = [...context.matchAll(/word \d+ of \d+/g)].map(([words]) => words);
    expect([seed, found]).toEqual([seed, expected.get(name) ?? []]);
  }
}

function numbers(seed: number): () => number {
  let state = seed * 7919;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test("what an earlier build called quiet ends with the next mail, too", async () => {
  using world = await makeWorld();
  const luna = world.join();
  quiet(world, luna);
  const former = `${folderOf(world)}/${formerQuietFile(`s-${luna}`)}`;
  writeFileSync(former, "");
  world.say("ci", "hi", { targets: [luna] });
  expect(existsSync(former)).toBe(false);
  writeFileSync(former, "");
  stopInstance(world.bus, luna, { by: "user", reason: "killed" });
  expect(existsSync(former)).toBe(false);
});
