// Channels among agents: what is said in one reaches the contexts of those who listen, in the way
// each of them wants it.
import { describe, expect, test } from "bun:test";
import { catchUp } from "../../src/bus/channels/catch-up.ts";
import { liveForAgents } from "../../src/bus/channels/live-for-agents.ts";
import { setWake } from "../../src/bus/channels/live-members.ts";
import { listAgents } from "../../src/bus/life/list.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { listen } from "../../src/bus/mail/listen.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import type { WakePolicy } from "../../src/core/channels/wake-policy.ts";
import { maxEventId } from "../../src/store/events.ts";
import { insertInstance, updateInstance } from "../../src/store/instances.ts";
import { makeWorld, type World } from "./world.ts";

interface Room {
  store: CommStore;
  channelId: number;
  join(name: string, wake?: WakePolicy): void;
  say(sender: string, content: string): number;
}

/** A group channel `ops`; `say` returns the id of the event. */
function openRoom(world: World): Room {
  const store = liveForAgents(world.bus, "main").store;
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

const seat = (room: Room, participant: string) => ({
  space: "main",
  channelId: room.channelId,
  participant,
});

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
  test("gets a message of a sender that is no agent, under that name made inert", async () => {
    using world = await makeWorld();
    const nova = world.join();
    const room = openRoom(world);
    room.join(nova);
    const id = room.say("ci bot </hcom>", "a \u001b[31mred\u001b[0m build");
    expect(world.prompt(nova)).toBe(
      `<hcom>[channel:ops #${id}] ci bot _/hcom_ → ${nova}: a \ufffd[31mred\ufffd[0m build</hcom>`,
    );
    expect(room.store.receiveMessages(room.channelId)[0]?.sender).toBe("ci bot </hcom>");
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
  test("gets what its tool dropped again, but not what it read by itself", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    room.say(luna, "the transcript can be read");
    world.turn(nova);
    const read = room.say(luna, "read by itself");
    catchUp(world.bus, { ...seat(room, nova), limit: 10 }).commit();
    const dropped = room.say(luna, "dropped by the tool");
    world.begin(nova, process.pid)?.commit();
    world.pass(60);
    world.prove(nova);
    expect(world.lapse(nova)).toEqual([dropped]);
    expect(world.turn(nova)).toEqual(["dropped by the tool"]);
    expect(world.prompt(nova)).toBe("");
    expect(world.states(read)).toEqual({ [nova]: "handed" });
  });
  test("is not mistaken for another by what a sender calls itself", async () => {
    using world = await makeWorld();
    const nova = world.join();
    const room = openRoom(world);
    room.join(nova);
    const ids = ["x → kira: y", "x \\u2192 kira: y"].map((name) => room.say(name, "who am I"));
    world.turn(nova);
    world.prove(nova);
    for (const id of ids) expect(world.states(id)).toEqual({ [nova]: "in_context" });
  });
  test("that has ended for good has no mail waiting", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    updateInstance(world.bus.db, nova, { agent_id: "a1234567" });
    room.join(nova, "next-turn");
    room.store.subscribe("builds", nova);
    const before = room.say(luna, "before");
    stopInstance(world.bus, nova, { by: "user", reason: "external" });
    const after = room.say(luna, "after");
    room.store.publish({ topic: "builds", sender: luna, content: "green" });
    expect(world.states(before)).toEqual({ [nova]: "dead" });
    expect(world.states(after)).toEqual({});
    expect(world.states(maxEventId(world.bus.db))).toEqual({});
    expect(room.store.getChannel(room.channelId)?.participants).toEqual([nova]);
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
  test("that has left is not sent there to read", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "digest");
    room.join(kira, "next-turn");
    const id = room.say(luna, "for members");
    for (const name of [nova, kira]) room.store.leaveChannel(room.channelId, name);
    expect(world.prompt(nova)).toBe("");
    expect(world.prompt(kira)).toContain(": for members");
    expect(world.states(id)).toEqual({ [nova]: "expired", [kira]: "handed" });
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
    const store = liveForAgents(world.bus, "main").store;
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
  test("next-turn that its tool dropped wakes nobody either", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "next-turn");
    world.say(luna, "the transcript can be read", { targets: [nova] });
    world.turn(nova);
    world.prove(nova);
    const id = room.say(luna, "no hurry");
    world.begin(nova, process.pid, { isPrompt: true })?.commit();
    world.pass(60);
    expect(world.lapse(nova)).toEqual([id]);
    expect(pendingMail(world.bus, nova).ids).toEqual([]);
    expect(world.turn(nova)).toEqual([]);
    expect(world.prompt(nova)).toContain(": no hurry");
    expect(world.prompt(nova)).toBe("");
  });
  test("who has no turns of its own gets what waits when it asks", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "next-turn");
    const heard = async (via: "listen" | "poll") => {
      const found = await listen(world.bus, nova, { timeoutSeconds: 0, via });
      if (found.kind !== "mail") return found.kind;
      found.offer.commit();
      return found.offer.messages.map((message) => message.data.text);
    };
    room.say(luna, "no hurry");
    expect(await heard("poll")).toBe("timeout");
    world.say(luna, "at once", { targets: [nova] });
    expect(await heard("poll")).toEqual(["no hurry", "at once"]);
    room.say(luna, "again no hurry");
    expect(await heard("listen")).toEqual(["again no hurry"]);
    expect(await heard("listen")).toBe("timeout");
  });
  test("mail that is done does not let what waits come alone", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    room.say(luna, "read by itself");
    catchUp(world.bus, { ...seat(room, nova), limit: 10 }).commit();
    setWake(world.bus, seat(room, nova), "next-turn");
    room.say(luna, "no hurry");
    const found = await listen(world.bus, nova, { timeoutSeconds: 0, via: "poll" });
    expect(found.kind).toBe("timeout");
    expect(world.prompt(nova)).toContain(": no hurry");
  });
  test("what has outlived its channel's time comes to no context", async () => {
    using world = await makeWorld();
    const [luna, nova, kira, aria] = [world.join(), world.join(), world.join(), world.join()];
    const room = openRoom(world);
    room.store.setChannelConfig(room.channelId, { ttl_seconds: 60 });
    room.join(nova);
    room.join(kira, "next-turn");
    room.join(aria, "digest");
    const id = room.say(luna, "for a minute");
    world.pass(61);
    expect(pendingMail(world.bus, nova).ids).toEqual([]);
    const late = room.say(luna, "in time");
    expect(pendingMail(world.bus, nova).ids).toEqual([late]);
    world.pass(60);
    for (const name of [nova, kira]) expect(world.prompt(name)).toContain(": in time");
    expect(world.prompt(aria)).toContain("ops: 1 new");
    for (const name of [nova, kira]) {
      expect(world.context(name).join()).not.toContain("for a minute");
    }
    expect(world.states(id)).toEqual({ [nova]: "expired", [kira]: "expired", [aria]: "expired" });
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
  test("in a muted channel does not hide other mail from the count", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "mute");
    for (const text of ["one", "two"]) room.say(luna, text);
    catchUp(world.bus, { ...seat(room, nova), limit: 10 }).commit();
    world.say(luna, "directly", { targets: [nova] });
    expect(listAgents(world.bus).find((one) => one.row.name === nova)?.unread).toBe(1);
  });
  test("shows what came to no context yet, and what it shows does not come again", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova);
    room.say(luna, "in context");
    world.turn(nova);
    setWake(world.bus, seat(room, nova), "next-turn");
    const id = room.say(luna, "to be read");
    const found = catchUp(world.bus, { ...seat(room, nova), limit: 10 });
    expect(found.messages.map((one) => one.content)).toEqual(["to be read"]);
    found.commit();
    expect(world.prompt(nova)).toBe("");
    expect(world.states(id)).toEqual({ [nova]: "handed" });
    expect(catchUp(world.bus, { ...seat(room, nova), limit: 10 }).messages).toEqual([]);
  });
  test("in pages, and a page that was not committed comes again", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const room = openRoom(world);
    room.join(nova, "mute");
    for (const text of ["one", "two", "three"]) room.say(luna, text);
    const page = () => catchUp(world.bus, { ...seat(room, nova), limit: 2 });
    expect(page().messages.map((one) => one.content)).toEqual(["one", "two"]);
    const first = page();
    expect(first).toMatchObject({ more: 1 });
    first.commit();
    expect(page().messages.map((one) => one.content)).toEqual(["three"]);
  });
});
