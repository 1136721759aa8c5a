// What senders and readers see of the mail: receipts, what the list says, threads whose members
// come and go, and the questions before a message goes to more agents than were meant.
import { describe, expect, test } from "bun:test";
import { setInstanceSetting } from "../../src/bus/agents/instance-settings.ts";
import type { Bus } from "../../src/bus/bus.ts";
import { listAgents, listHeldAgents } from "../../src/bus/life/list.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { listThreads } from "../../src/bus/list-threads.ts";
import { queryLog } from "../../src/bus/log/events.ts";
import { listen } from "../../src/bus/mail/listen.ts";
import { pendingMail } from "../../src/bus/mail/pending.ts";
import { ownReceipts } from "../../src/bus/mail/receipts.ts";
import { send } from "../../src/bus/mail/send.ts";
import { listed, unsubscribe } from "../../src/bus/watch/subscribe.ts";
import { agentFields } from "../../src/cli/agent-fields.ts";
import { exitCode, Refusal } from "../../src/core/refusal.ts";
import { makeWorld, type World } from "./world.ts";

const stopOrder = { by: "user", reason: "external" };

function back(world: World, name: string): void {
  world.hook({ kind: "session-start", source: "resume", session: `s-${name}` });
}

/** Sent by a command that runs inside an agent program. */
function sayInside(
  world: World,
  from: string,
  options: { targets?: string[]; go?: boolean } = {},
): { names: string[] } | Refusal {
  const bus: Bus = world.from({ CLAUDECODE: "1" });
  const sender = { kind: "instance", name: from, row: world.row(from) } as const;
  try {
    const sent = send(bus, { sender, targets: [], text: "hi", ...options });
    return { names: sent.recipients.map((one) => one.name).sort() };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

describe("receipts", () => {
  test("tell who has had a message handed over, newest message first", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join({ tag: "api" }), world.join()];
    const first = world.say(luna, "first", { targets: [nova, kira] });
    const text = `second ${"long ".repeat(20)}`;
    const second = world.say(luna, text, { targets: [kira] });
    world.turn(nova);
    world.pass(90);
    const [newer, older, ...none] = ownReceipts(world.bus, luna, 10);
    expect(none).toEqual([]);
    expect(older).toMatchObject({ id: first.id, recipients: 2, readBy: [`api-${nova}`], age: 90 });
    expect(newer).toMatchObject({ id: second.id, recipients: 1, readBy: [] });
    expect(newer?.text).toBe(text);
  });
  test("count a proved and an answered message as read", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { id } = world.say(luna, "ready?", { targets: [nova] });
    world.turn(nova);
    world.prove(nova);
    expect(ownReceipts(world.bus, luna, 1)[0]?.readBy).toEqual([nova]);
    world.say(nova, "yes", { targets: [luna], replyTo: String(id) });
    expect(ownReceipts(world.bus, luna, 1)[0]?.readBy).toEqual([nova]);
  });
  test("keep a reader that has stopped since", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    world.say(luna, "hi", { targets: [nova] });
    world.turn(nova);
    stopInstance(world.bus, nova, stopOrder);
    expect(ownReceipts(world.bus, luna, 1)).toMatchObject([{ recipients: 1, readBy: [nova] }]);
  });
});

test("a broadcast found on coming back has no more readers than recipients", async () => {
  using world = await makeWorld();
  const [luna, nova, kira] = [world.join(), world.join(), world.join()];
  stopInstance(world.bus, kira, stopOrder);
  world.say(luna, "to all");
  back(world, kira);
  for (const name of [nova, kira]) world.turn(name);
  const [receipt] = ownReceipts(world.bus, luna, 1);
  expect(receipt).toMatchObject({ recipients: 2, readBy: [kira, nova].toSorted() });
});

describe("the list", () => {
  test("has every field that scripts rely on", async () => {
    using world = await makeWorld();
    const luna = world.join({ tag: "api" });
    world.say("somebody", "hi", { targets: [luna] });
    world.pass(7);
    const [agent] = await listHeldAgents(world.bus);
    const fields = agentFields(agent!);
    expect(fields).toMatchObject({
      name: `api-${luna}`,
      base_name: luna,
      tag: "api",
      tool: "claude",
      status: "listening",
      status_context: "start",
      status_detail: "",
      status_age_seconds: 7,
      description: "listening",
      unread_count: 1,
      headless: false,
      session_id: `s-${luna}`,
      parent_name: null,
      agent_id: null,
      background_log_file: "",
      hooks_bound: true,
      process_bound: true,
    });
    const others = ["directory", "transcript_path", "created_at", "launch_context", "pid"];
    expect(others.filter((name) => !(name in fields))).toEqual([]);
  });
  test("counts what was not handed over, and a tag as part of the name at once", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    for (const word of ["a", "b"]) world.say(luna, word, { targets: [nova] });
    const unread = () => listAgents(world.bus).find((one) => one.row.name === nova)?.unread;
    expect(unread()).toBe(2);
    world.turn(nova);
    expect(unread()).toBe(0);
    setInstanceSetting(world.bus, world.row(nova), "tag", "web");
    expect(listAgents(world.bus).map((one) => one.name)).toContain(`web-${nova}`);
    setInstanceSetting(world.bus, world.row(nova), "tag", "default");
    expect(world.row(nova).tag).toBeNull();
  });
  test("shows the newest agent first", async () => {
    using world = await makeWorld();
    const made = [1, 2, 3].map(() => {
      world.pass(1);
      return world.join();
    });
    expect(listAgents(world.bus).map((one) => one.row.name)).toEqual(made.toReversed());
  });
});

describe("a thread", () => {
  test("reaches a member again after it stopped and came back", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    world.say(luna, "start", { targets: [nova, kira], thread: "t" });
    stopInstance(world.bus, nova, stopOrder);
    expect(world.say(luna, "two", { thread: "t" }).recipients).toMatchObject([{ name: kira }]);
    back(world, nova);
    expect(world.turn(nova)).toEqual(["start"]);
    const { recipients } = world.say(luna, "three", { thread: "t" });
    expect(recipients.map((one) => one.name)).toEqual([nova, kira]);
    expect(world.turn(nova)).toEqual(["three"]);
  });
  test("that somebody was drawn into reaches who drew them, without a target", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    world.join();
    world.say(luna, "start", { targets: [nova], thread: "t" });
    expect(world.say(nova, "done", { thread: "t" }).recipients).toMatchObject([{ name: luna }]);
    expect(world.turn(luna)).toEqual(["done"]);
  });
  test("that nobody else is in is an error and stores nothing", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    expect(() => world.say(luna, "hello?", { thread: "t" })).toThrow(/nobody else is in thread/);
    world.say(luna, "start", { targets: [nova], thread: "t" });
    stopInstance(world.bus, nova, stopOrder);
    expect(() => world.say(luna, "hello?", { thread: "t" })).toThrow(/nobody else is in thread/);
  });
  test("with a question from outside is answered in the log", async () => {
    using world = await makeWorld();
    const nova = world.join();
    const sender = { kind: "external", name: "ci" } as const;
    const { id } = send(world.bus, { sender, targets: [nova], text: "state?", thread: "t" });
    const answer = world.say(nova, "green", { replyTo: `${id}` });
    expect(answer.recipients).toMatchObject([{ name: "ci" }]);
    const [row] = queryLog(world.bus, { filters: { "reply-to": [`${id}`] }, last: 1 });
    expect(JSON.parse(row?.data ?? "")).toMatchObject({ text: "green", delivered_to: [] });
    expect(() => world.say(nova, "more", { thread: "t" })).toThrow(/nobody else is in thread/);
  });
  test("is left by its membership's id, and joined again by being named", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    world.say(luna, "start", { targets: [nova, kira], thread: "t" });
    const own = listed(world.bus, nova).filter((one) => one.mode === "thread");
    expect(own.map((one) => one.value["thread_name"])).toEqual(["t"]);
    unsubscribe(world.bus, [own[0]?.id ?? ""], nova, true);
    expect(world.say(luna, "two", { thread: "t" }).recipients).toMatchObject([{ name: kira }]);
    world.say(luna, "come back", { targets: [nova], thread: "t" });
    expect(world.say(luna, "three", { thread: "t" }).recipients).toHaveLength(2);
  });
  test("is shown with its members and its last message, the youngest first", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    world.say(luna, "start", { targets: [nova], thread: "old" });
    world.pass(60);
    const { id } = world.say(luna, "begin", { targets: [kira], thread: "new" });
    stopInstance(world.bus, nova, stopOrder);
    expect(listThreads(world.bus, 20)).toMatchObject([
      { name: "new", members: [luna, kira], last: { id, from: luna, text: "begin", seconds: 0 } },
      { name: "old", members: [luna], last: { text: "start", seconds: 60 } },
    ]);
    expect(listThreads(world.bus, 1)).toHaveLength(1);
    const inThread = queryLog(world.bus, { filters: { thread: ["old"] }, last: 9 });
    expect(inThread.map((row) => JSON.parse(row.data).text)).toEqual(["start"]);
  });
  test("of an explicit target is joined by it, not widened to all members", async () => {
    using world = await makeWorld();
    const [luna, nova, kira] = [world.join(), world.join(), world.join()];
    world.say(luna, "start", { targets: [nova], thread: "t" });
    expect(world.say(luna, "aside", { targets: [kira], thread: "t" }).recipients).toHaveLength(1);
    expect(world.say(luna, "all", { thread: "t" }).recipients).toHaveLength(2);
  });
});

describe("inside an agent program", () => {
  test("a broadcast to three goes out, one to four asks first and stores nothing", async () => {
    using world = await makeWorld();
    const [luna, ...others] = [world.join(), world.join(), world.join(), world.join()];
    expect(sayInside(world, luna)).toEqual({ names: others.toSorted() });
    for (const name of others) world.turn(name);
    const late = world.join();
    const refused = sayInside(world, luna);
    expect(refused).toMatchObject({ code: "needs_confirmation", exit: exitCode.error });
    for (const name of [...others, late]) {
      expect((refused as Refusal).message).toContain(name);
      expect(world.turn(name)).toEqual([]);
    }
    expect(sayInside(world, luna, { go: true })).toMatchObject({ names: { length: 4 } });
  });
  test("naming four is no broadcast", async () => {
    using world = await makeWorld();
    const [luna, ...targets] = [1, 2, 3, 4, 5].map(() => world.join());
    expect(sayInside(world, luna!, { targets })).toEqual({ names: targets.toSorted() });
  });
  test("half a name that hits several asks first, a whole tag does not", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const joined = [world.join({ tag: "api" }), world.join({ tag: "api" })];
    const group = joined.map((name) => `api-${name}`).toSorted();
    expect(sayInside(world, luna, { targets: ["ap"] })).toMatchObject({
      code: "needs_confirmation",
    });
    expect(sayInside(world, luna, { targets: ["ap"], go: true })).toEqual({ names: group });
    expect(sayInside(world, luna, { targets: ["api-"] })).toEqual({ names: group });
  });
  test("half a name that hits one is enough", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join({ tag: "web" })];
    expect(sayInside(world, luna, { targets: ["we"] })).toEqual({ names: [`web-${nova}`] });
  });
});

test("a human at a shell is not asked", async () => {
  using world = await makeWorld();
  for (let n = 0; n < 5; n++) world.join();
  expect(world.say("bigboss", "to all").recipients).toHaveLength(5);
});

test("mail that somebody is handing over is in flight until that process dies", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), world.join()];
  const { id } = world.say(luna, "one", { targets: [nova] });
  expect(pendingMail(world.bus, nova)).toEqual({ ids: [id], inFlight: false });
  const hook = world.begin(nova, process.pid);
  expect(pendingMail(world.bus, nova)).toMatchObject({ ids: [id], inFlight: true });
  world.pass(31);
  expect(pendingMail(world.bus, nova)).toMatchObject({ ids: [id], inFlight: false });
  hook?.output();
  hook?.commit();
  expect(pendingMail(world.bus, nova)).toMatchObject({ ids: [], inFlight: false });
});

describe("listen", () => {
  const options = { timeoutSeconds: 5, via: "listen" };
  test("notices mail that came between its look and its wait", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const other = world.other();
    let isSent = false;
    // Asked after the look and before the wait.
    const isOver = () => {
      if (!isSent) {
        const sender = { kind: "external", name: luna } as const;
        send(other, { sender, targets: [nova], text: "just now" });
      }
      isSent = true;
      return false;
    };
    const begun = performance.now();
    const bus = {
      ...world.bus,
      system: { ...world.bus.system, monotonic: () => performance.now() },
    };
    const heard = await listen(bus, nova, { ...options, isOver });
    expect(heard).toMatchObject({ kind: "mail" });
    expect(performance.now() - begun).toBeLessThan(4000);
  });
  test("looks once before it gives up, even without any time", async () => {
    using world = await makeWorld();
    const nova = world.join();
    world.say("somebody", "there", { targets: [nova] });
    const look = { ...options, timeoutSeconds: 0 };
    expect(await listen(world.bus, nova, look)).toMatchObject({ kind: "mail" });
  });
  test("ends with its agent, and with its caller", async () => {
    using world = await makeWorld();
    const nova = world.join();
    expect(await listen(world.bus, "nobody", options)).toEqual({ kind: "gone" });
    expect(await listen(world.bus, nova, { ...options, isOver: () => true })).toEqual({
      kind: "over",
    });
    const stopping = () => {
      stopInstance(world.bus, nova, stopOrder);
      return false;
    };
    expect(await listen(world.bus, nova, { ...options, isOver: stopping })).toEqual({
      kind: "gone",
    });
  });
});
