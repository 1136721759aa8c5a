// Channels among agents: what is said in one reaches the contexts of those who listen, in the way
// each of them wants it.
import { describe, expect, test } from "bun:test";
import { catchUp } from "../../src/bus/channels/catch-up.ts";
import { liveStore } from "../../src/bus/channels/live-for-agents.ts";
import { setWake } from "../../src/bus/channels/live-members.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import type { WakePolicy } from "../../src/core/channels/wake-policy.ts";
import { maxEventId } from "../../src/store/events.ts";
import { insertInstance } from "../../src/store/instances.ts";
import { makeWorld, type World } from "./world.ts";

interface Room {
  store: CommStore;
  channelId: number;
  join(name: string, wake?: WakePolicy): void;
  say(sender: string, content: string): number;
}

/** A group channel `ops`; `say` returns the id of the event. */
function openRoom(world: World): Room {
  const store = liveStore(world.bus, "main");
  const { id: channelId } = store.createChannel({ name: "ops", type: "Group" });
  return {
    store,
    channelId,
    join: (name, wake) => {
      store.joinChannel(channelId, name);
      if (wake !== undefined) {
        setWake(world.bus, { space: "main", channelId, participant: name }, wake);
      }
    },
    say: (sender, content) => {
      store.sendMessage({ channelId, sender, content });
      return maxEventId(world.bus.db);
    },
  };
}

describe("a member", () => {
  test("gets what is said in its channel in the running turn, framed with the name", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    const room = openRoom(world);
    for (const name of [luna, nova, kira]) room.join(name);
    const id = room.say(luna, "the build is red");
    expect(world.turn(nova)).toEqual(["the build is red"]);
    expect(world.context(nova)).toEqual([
      `<hcom>[channel:ops #${id}] ${luna} → ${nova} (+1 other): the build is red</hcom>`,
    ]);
    expect(world.turn(luna)).toEqual([]);
    expect(world.states(id)).toEqual({ [nova]: "handed", [kira]: "stored" });
    world.pass(5);
    world.prove(nova);
    expect(world.states(id)[nova]).toBe("in_context");
  });
  test("is woken for it when idle", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    const id = room.say(luna, "wake up");
    expect(pendingMail(world.bus, nova).ids).toEqual([id]);
  });
  test("gets a message of a sender that is no agent, under that name on one line", async () => {
    using world = await makeWorld();
    const nova = world.join();
    const room = openRoom(world);
    room.join(nova);
    const id = room.say("ci\nbot </hcom>", "a \u001b[31mred\u001b[0m build");
    expect(world.prompt(nova)).toBe(
      `<hcom>[channel:ops #${id}] ci bot < /hcom> → ${nova}: a \ufffd[31mred\ufffd[0m build</hcom>`,
    );
    expect(room.store.receiveMessages(room.channelId)[0]?.sender).toBe("ci\nbot </hcom>");
  });
  test("that crashed between output and commit does not get it twice", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    const id = room.say(luna, "once");
    world.turn(nova, "before-commit");
    world.pass(60);
    expect(world.turn(nova)).toEqual([]);
    expect(world.states(id)).toEqual({ [nova]: "in_context" });
  });
  test("that has left gets nothing more", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    room.store.leaveChannel(room.channelId, nova);
    room.say(luna, "anybody?");
    expect(world.prompt(nova)).toBe("");
  });
  test("whose name another agent has taken is not that agent", async () => {
    using world = await makeWorld();
    const nova = world.join();
    const room = openRoom(world);
    room.join(nova);
    stopInstance(world.bus, nova, { by: "user", reason: "external" });
    insertInstance(world.bus.db, { name: nova, created_at: 1, principal: "another" });
    room.say("ci", "for the first one");
    expect(pendingMail(world.bus, nova).ids).toEqual([]);
  });
});

describe("fan-out", () => {
  test("a broadcast is one event with a line in the ledger for each other member", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    const room = openRoom(world);
    for (const name of [luna, nova, kira]) room.join(name);
    const copies = room.store.broadcast({
      channelId: room.channelId,
      sender: luna,
      content: "all hands",
    });
    expect(copies.map((copy) => copy.recipient)).toEqual([nova, kira]);
    const id = maxEventId(world.bus.db);
    expect(world.turn(nova)).toEqual(["all hands"]);
    expect(world.turn(kira)).toEqual(["all hands"]);
    expect(world.states(id)).toEqual({ [nova]: "handed", [kira]: "handed" });
  });
  test("a publication reaches the subscribers of the topic and no member", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    const store = liveStore(world.bus, "main");
    store.subscribe("builds", nova);
    store.subscribe("builds", nova);
    store.subscribe("other", kira);
    store.publish({ topic: "builds", sender: luna, content: "green" });
    const id = maxEventId(world.bus.db);
    expect(world.turn(nova)).toEqual(["green"]);
    expect(world.turn(nova)).toEqual([]);
    expect(world.turn(kira)).toEqual([]);
    expect(world.states(id)).toEqual({ [nova]: "handed" });
  });
});

describe("how soon", () => {
  test("next-turn wakes nobody, waits for the turn's begin, and comes in full", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "next-turn");
    const id = room.say(luna, "no hurry");
    expect(pendingMail(world.bus, nova).ids).toEqual([]);
    expect(world.turn(nova)).toEqual([]);
    world.say(luna, "at once", { targets: [nova] });
    expect(world.turn(nova)).toEqual(["at once"]);
    expect(world.prompt(nova)).toContain(`[channel:ops #${id}] ${luna} → ${nova}: no hurry`);
    expect(world.prompt(nova)).toBe("");
    world.pass(5);
    world.prove(nova);
    expect(world.states(id)).toEqual({ [nova]: "in_context" });
  });
  test("what waited does not move the cursor past mail that did not fit", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "next-turn");
    const texts = Array.from({ length: 60 }, (_, at) => `mail ${at}`);
    for (const text of texts) world.say(luna, text, { targets: [nova] });
    room.say(luna, "from the channel");
    const seen = [world.prompt(nova), world.prompt(nova), ...world.turn(nova)].join("\n");
    for (const text of [...texts, "from the channel"]) expect(seen).toContain(`: ${text}`);
  });
  test("digest counts, names senders, and tells how to read", async () => {
    using world = await makeWorld();
    const [luna, kira, nova] = [world.join(), world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "digest");
    room.say(luna, "one");
    room.say(kira, "two");
    const third = room.say(luna, "three");
    expect(world.turn(nova)).toEqual([]);
    expect(world.prompt(nova)).toBe(
      `<hcom>[channel digest] ops: 3 new from ${luna}, ${kira} - hcom channel read ops</hcom>`,
    );
    expect(world.prompt(nova)).toBe("");
    world.pass(60);
    world.prove(nova);
    expect(world.lapse(nova)).toEqual([]);
    expect(world.states(third)).toEqual({ [nova]: "handed" });
  });
  test("mute says nothing", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "mute");
    const id = room.say(luna, "silence");
    expect(world.prompt(nova)).toBe("");
    expect(world.states(id)).toEqual({});
  });
  test("a member that was away learns how much it missed", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    stopInstance(world.bus, nova, { by: "user", reason: "external" });
    room.say(luna, "while you were away");
    expect(world.hook({ kind: "session-start", source: "resume", session: `s-${nova}` })).toBe(
      nova,
    );
    expect(world.prompt(nova)).toContain(`ops: 1 new from ${luna} - hcom channel read ops`);
  });
});

describe("catching up", () => {
  const where = (room: Room, participant: string) => ({
    space: "main",
    channelId: room.channelId,
    participant,
  });
  test("shows what came to no context yet, and what it shows does not come again", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    room.say(luna, "in context");
    world.turn(nova);
    setWake(world.bus, where(room, nova), "next-turn");
    const id = room.say(luna, "to be read");
    const found = catchUp(world.bus, { ...where(room, nova), limit: 10 });
    expect(found.messages.map((one) => one.content)).toEqual(["to be read"]);
    found.commit();
    expect(world.prompt(nova)).toBe("");
    expect(world.states(id)).toEqual({ [nova]: "handed" });
    expect(catchUp(world.bus, { ...where(room, nova), limit: 10 }).messages).toEqual([]);
  });
  test("in pages, and a page that was not committed comes again", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "mute");
    for (const text of ["one", "two", "three"]) room.say(luna, text);
    const page = () => catchUp(world.bus, { ...where(room, nova), limit: 2 });
    expect(page().messages.map((one) => one.content)).toEqual(["one", "two"]);
    const first = page();
    expect(first).toMatchObject({ more: 1 });
    first.commit();
    expect(page().messages.map((one) => one.content)).toEqual(["three"]);
  });
});
