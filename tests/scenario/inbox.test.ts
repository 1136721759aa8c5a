// The human's mail: who gets there, what is read, and what the ledger says about it.
import { expect, test } from "bun:test";
import { awaitInbox, countInbox, openInbox } from "../../src/bus/inbox.ts";
import { listInstances } from "../../src/store/instances.ts";
import { makeWorld, type World } from "./world.ts";

const texts = (world: World) => openInbox(world.bus).messages.map((one) => one.data.text);

test("what agents write to bigboss and everybody waits until it is read", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  world.say(luna, "for nova", { targets: [nova] });
  world.say("bigboss", "to all of you");
  expect(countInbox(world.bus)).toBe(0);
  const { id, recipients } = world.say(luna, "may I?", { targets: ["bigboss"] });
  world.say(nova, "done, everybody");
  expect(recipients.map((one) => one.base)).toEqual(["bigboss"]);
  expect(world.states(id)).toEqual({ bigboss: "stored" });
  expect([countInbox(world.bus), texts(world)]).toEqual([2, ["may I?", "done, everybody"]]);
  expect(texts(world)).toHaveLength(2);
  openInbox(world.bus).commit();
  expect([countInbox(world.bus), texts(world)]).toEqual([0, []]);
  expect(world.states(id)).toEqual({ bigboss: "handed" });
  world.say("bigboss", "yes", { targets: [luna], replyTo: `${id}` });
  expect(world.states(id)).toEqual({ bigboss: "answered" });
  expect(
    listInstances(world.bus.db)
      .map((row) => row.name)
      .sort(),
  ).toEqual([luna, nova].sort());
});

test("whoever waits for the inbox gets what comes, and leaves when told", async () => {
  using world = await makeWorld();
  const luna = world.join();
  const other = world.other();
  const waiting = awaitInbox(other, {
    timeoutMs: 60_000,
    isOver: () => false,
    whenOver: (wake) => {
      if (countInbox(world.bus) === 0) world.say(luna, "here", { targets: ["bigboss"] });
      wake();
    },
  });
  expect((await waiting).messages.map((one) => one.data.text)).toEqual(["here"]);
  openInbox(world.bus).commit();
  let isOver = false;
  const left = await awaitInbox(other, {
    timeoutMs: 60_000,
    isOver: () => isOver,
    whenOver: (wake) => {
      isOver = true;
      wake();
    },
  });
  expect(left.messages).toEqual([]);
});

test("a message that only its sender would get is refused, and stored nowhere", async () => {
  using world = await makeWorld();
  expect(() => world.say("bigboss", "anybody?")).toThrow(/nobody is there to get it/);
  const luna = world.join();
  expect(() => world.say(luna, "me", { targets: [luna] })).toThrow(`@${luna} is you`);
  expect(() => world.say("bigboss", "me", { targets: ["bigboss"] })).toThrow("@bigboss is you");
});

test("a broadcast can be kept to the agents below a directory", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const here = world.row(luna).directory ?? "";
  const sent = world.say("bigboss", "here only", { within: here });
  expect(sent.recipients.map((one) => one.base).sort()).toEqual([luna, nova].sort());
  expect(() => world.say("bigboss", "x", { within: `${here}/elsewhere` })).toThrow(
    /nobody is there/,
  );
});
