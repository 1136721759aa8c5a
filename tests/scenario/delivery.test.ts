// Mail between agents as it would be told: sent, taken, proved, lost on the way, taken again.
import { expect, test } from "bun:test";
import { collect } from "../../src/bus/mail/collect.ts";
import { makeWorld } from "./world.ts";

test("a message reaches its recipient once and the ledger says how far it got", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "hello", { targets: [nova] });
  expect(world.states(id)).toEqual({ [nova]: "stored" });
  expect(world.turn(nova)).toEqual(["hello"]);
  expect(world.states(id)).toEqual({ [nova]: "handed" });
  expect(world.prove(nova)).toBe(0);
  expect(world.states(id)).toEqual({ [nova]: "in_context" });
  expect(world.turn(nova)).toEqual([]);
});

test("a reply marks the message it answers", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "ready?", { targets: [nova], intent: "request" });
  world.turn(nova);
  world.say(nova, "yes", { targets: [luna], intent: "ack", replyTo: `${id}` });
  expect(world.states(id)).toEqual({ [nova]: "answered" });
});

test("a hook that dies before its output loses nothing", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  world.say(luna, "one", { targets: [nova] });
  world.turn(nova, "before-output");
  expect(world.turn(nova)).toEqual([]);
  world.pass(3);
  expect(world.turn(nova)).toEqual(["one"]);
});

test("a hook that dies after its output doubles nothing", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "one", { targets: [nova] });
  world.turn(nova, "before-commit");
  world.pass(3);
  world.say(luna, "two", { targets: [nova] });
  expect(world.turn(nova)).toEqual(["two"]);
  expect(world.context(nova)).toHaveLength(2);
  expect(world.states(id)).toEqual({ [nova]: "in_context" });
});

test("120 messages come in order in batches of 50, 50 and 20", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  for (let n = 0; n < 120; n++) world.say(luna, `m${n}`, { targets: [nova] });
  const batches = [world.turn(nova), world.turn(nova), world.turn(nova), world.turn(nova)];
  expect(batches.map((batch) => batch.length)).toEqual([50, 50, 20, 0]);
  expect(batches.flat()).toEqual(Array.from({ length: 120 }, (_, n) => `m${n}`));
});

test("what was handed over but never reached the transcript is offered again", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  world.say(luna, "seen", { targets: [nova] });
  world.turn(nova);
  world.prove(nova);
  const lost = world.say(luna, "lost", { targets: [nova] });
  takeButDrop(world, nova);
  expect(world.states(lost.id)).toEqual({ [nova]: "handed" });
  world.pass(4);
  expect(world.prove(nova)).toBe(1);
  expect(world.lapse(nova)).toEqual([lost.id]);
  expect(world.turn(nova)).toEqual(["lost"]);
});

test("nothing is repeated for a recipient whose transcript was never readable", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "first", { targets: [nova] });
  takeButDrop(world, nova);
  world.pass(60);
  expect(world.lapse(nova)).toEqual([]);
  expect(world.states(id)).toEqual({ [nova]: "handed" });
});

test("a broadcast reaches who was there, not who came after", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  world.say(luna, "to all");
  const late = world.join();
  expect(world.turn(nova)).toEqual(["to all"]);
  expect(world.turn(luna)).toEqual([]);
  expect(world.turn(late)).toEqual([]);
});

test("an unknown target stores nothing and names who is there", async () => {
  using world = await makeWorld();
  const luna = world.join();
  const nova = world.join();
  expect(() => world.say(luna, "hi", { targets: [nova, "zzzz"] })).toThrow(
    /no agent @zzzz\. Available: /,
  );
  expect(world.turn(nova)).toEqual([]);
});

test("a thread without targets reaches its members", async () => {
  using world = await makeWorld();
  const [luna, nova, kira] = [world.join(), world.join(), world.join()];
  world.say(luna, "start", { targets: [nova], thread: "t" });
  world.say(nova, "go on", { thread: "t" });
  expect(world.turn(luna)).toEqual(["go on"]);
  expect(world.turn(kira)).toEqual([]);
});

test("a reply inherits the thread and with it the members", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "start", { targets: [nova], thread: "t" });
  expect(world.say(nova, "re", { replyTo: `${id}` }).thread).toBe("t");
  expect(world.turn(luna)).toEqual(["re"]);
});

function takeButDrop(world: Awaited<ReturnType<typeof makeWorld>>, name: string): void {
  const { bus } = world;
  collect(bus, name, {
    via: "hook:post",
    limit: 10_000,
    reached: () => ({ reached: [], answered: [] }),
  })?.commit();
}

test("a hand-over that ends after its agent was replaced moves nobody's cursor", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  world.say(luna, "for the first nova", { targets: [nova] });
  const begun = world.begin(nova, process.pid);
  const { db } = world.bus;
  db.write(() => db.run("UPDATE instances SET principal = 'another' WHERE name = ?", nova));
  const before = world.row(nova).last_event_id;
  begun?.output();
  begun?.commit();
  expect(world.row(nova).last_event_id).toBe(before);
});
