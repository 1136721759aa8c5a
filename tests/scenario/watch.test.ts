// Who asked to hear of events hears of them: once, in words, and nobody else does.
import { describe, expect, test } from "bun:test";
import { setStatus } from "../../src/bus/agents/set-status.ts";
import { reserve } from "../../src/bus/life/binding/reserve.ts";
import { rename } from "../../src/bus/life/hand-over/rename.ts";
import { agentOf, withHold } from "../../src/bus/life/list.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { queryLog } from "../../src/bus/log/events.ts";
import { send } from "../../src/bus/mail/send.ts";
import { catchUp } from "../../src/bus/mail/waking/catch-up.ts";
import { catchUpAlone, catchUpFromHook } from "../../src/bus/mail/waking/catch-up-alone.ts";
import { openDebts } from "../../src/bus/watch/owed.ts";
import { type Order, subscribe, unsubscribe } from "../../src/bus/watch/subscribe.ts";
import { agentFields } from "../../src/cli/agent-fields.ts";
import { asObject, parseJson } from "../../src/core/json.ts";
import { updateInstance } from "../../src/store/instances.ts";
import { deleteKv } from "../../src/store/kv.ts";
import { changeSubscription, listSubscriptions } from "../../src/store/subscriptions.ts";
import { makeWorld, type World } from "./world.ts";

/** What the system said to this one so far, oldest first. */
function notices(world: World, name: string): string[] {
  return queryLog(world.bus, { filters: { type: ["message"] }, last: 1000 })
    .map((row) => asObject(parseJson(row.data)))
    .filter((data) => data["sender_kind"] === "system")
    .filter((data) => JSON.stringify(data["mentions"]) === JSON.stringify([name]))
    .map((data) => String(data["text"]));
}

function edits(world: World, name: string, file: string): void {
  setStatus(world.bus, name, { status: "active", context: "tool:Edit", detail: file });
}

function asks(world: World, caller: string, order: Partial<Order>) {
  const kind = caller === "bigboss" ? ("external" as const) : ("instance" as const);
  const base = { caller: { name: caller, kind }, filters: {}, once: false };
  return subscribe(world.bus, { ...base, ...order });
}

describe("a collision", () => {
  test("is told to both, once, with the file and the other's name", async () => {
    using world = await makeWorld();
    const [luna, nova, kiro] = [world.join(), world.join(), world.join()];
    edits(world, luna, "src/a.ts");
    world.pass(10);
    edits(world, nova, "src/a.ts");
    edits(world, luna, "src/a.ts");
    expect(catchUp(world.bus).toSorted()).toEqual([luna, nova].toSorted());
    for (const name of [luna, nova]) {
      expect(notices(world, name)).toHaveLength(1);
      expect(notices(world, name)[0]).toContain(`${nova} and ${luna} both edited src/a.ts`);
    }
    expect(notices(world, kiro)).toEqual([]);
  });

  test("is none half a minute later, in another file, or of one alone", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    edits(world, luna, "src/a.ts");
    world.pass(31);
    edits(world, nova, "src/a.ts");
    edits(world, nova, "src/b.ts");
    edits(world, nova, "src/b.ts");
    edits(world, luna, "");
    edits(world, nova, "");
    catchUp(world.bus);
    expect([...notices(world, luna), ...notices(world, nova)]).toEqual([]);
  });
});

describe("a subscription", () => {
  test("to what one agent does goes on when that one is called otherwise", async () => {
    using world = await makeWorld();
    const [luna, nova, other] = [world.join(), world.join(), world.join()];
    asks(world, nova, { condition: `file_edits:${luna}` });
    const filters = { agent: [luna, other], file: ["*.md"] };
    asks(world, nova, { filters });
    const own = asks(world, nova, { filters: { type: ["status"], file: [luna] } });
    rename(world.bus, world.row(luna), "second", "user");
    world.pass(1);
    edits(world, "second", "readme.md");
    catchUp(world.bus);
    expect(notices(world, nova)).toHaveLength(2);
    const kept = listSubscriptions(world.bus.db, nova).map(({ value }) =>
      asObject(value["filters"]),
    );
    expect(kept).toContainEqual({ agent: ["second"], file: ["*"], preset: "file_edits:second" });
    expect(kept).toContainEqual({ ...filters, agent: ["second", other] });
    // A word that is no agent's name stays.
    expect(own.isNew && JSON.stringify(kept)).toContain(`"file":["${luna}"]`);
  });

  test("tells its caller alone, whatever names the event holds", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    // Its own notice is no event that anybody is told of.
    asks(world, nova, { filters: { type: ["message"] } });
    asks(world, luna, { filters: { cmd: ["npm"] } });
    const detail = `npm test @${nova}`;
    setStatus(world.bus, nova, { status: "active", context: "tool:Bash", detail });
    catchUp(world.bus);
    expect(notices(world, luna)[0]).toMatch(/\| status \| .*npm test/);
    catchUp(world.bus);
    expect(notices(world, nova)).toEqual([]);
  });

  test("that fires once is gone then; the same order twice is one", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const first = asks(world, luna, { condition: `idle:${nova}`, once: true });
    expect(asks(world, luna, { condition: `idle:${nova}`, once: true })).toMatchObject({
      ...{ id: first.id, isNew: false },
    });
    world.idle(nova);
    world.idle(nova);
    catchUp(world.bus);
    world.idle(nova);
    catchUp(world.bus);
    expect(notices(world, luna)).toHaveLength(1);
    expect(listSubscriptions(world.bus.db, luna).map((one) => one.id)).not.toContain(first.id);
  });

  test("that fires once does so once, whichever process tells of two events", async () => {
    using world = await makeWorld();
    const [luna, nova, kiro] = [world.join(), world.join(), world.join()];
    asks(world, luna, { filters: { status: ["listening"] }, once: true });
    const others = [world.other(), world.other()];
    world.idle(nova);
    world.idle(kiro);
    for (const bus of others) catchUp(bus);
    expect(notices(world, luna)).toHaveLength(1);
  });

  test("does not flood: while a notice is unread the rest is counted", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    asks(world, luna, { condition: `file_edits:${nova}` });
    for (let n = 0; n < 5; n++) edits(world, nova, `src/${n}.ts`);
    catchUp(world.bus);
    expect(notices(world, luna)).toHaveLength(1);
    world.turn(luna);
    world.idle(nova);
    catchUp(world.bus);
    expect(notices(world, luna)).toHaveLength(2);
    expect(notices(world, luna)[1]).toContain("4 more matches");
  });

  test("is told of each event once, by whoever looks", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    asks(world, luna, { condition: `file_edits:${nova}`, onHit: "go on" });
    const others = [world.bus, world.other(), world.other()];
    for (let n = 0; n < 30; n++) {
      edits(world, nova, `src/${n}.ts`);
      for (const bus of others) catchUp(bus);
    }
    const said = queryLog(world.bus, { filters: { from: [luna] }, last: 1000 });
    expect(said).toHaveLength(30);
  });

  test("matches what a question with the same filters finds", async () => {
    using world = await makeWorld();
    const [luna, nova, kiro] = [world.join(), world.join(), world.join()];
    const orders: Partial<Order>[] = [
      { filters: { agent: [nova], type: ["status"] } },
      { filters: { file: ["*.ts"], status: ["active"] } },
      { filters: { cmd: ["^npm", "=ls"] } },
      { condition: "status_context LIKE 'tool:%' AND status_detail <> 'ls'" },
    ];
    const from = queryLog(world.bus, { filters: {}, last: 1 })[0]?.id ?? 0;
    const ids = orders.map((order) => asks(world, luna, { ...order, onHit: "hit" }).id);
    for (const detail of ["ls", "npm test", "cat npm", "a.ts"]) {
      const context = detail.endsWith(".ts") ? "tool:Write" : "tool:Bash";
      setStatus(world.bus, nova, { status: "active", context, detail });
      for (const name of [kiro, luna]) {
        setStatus(world.bus, name, { status: "active", context, detail });
      }
    }
    catchUp(world.bus);
    const hits = (id: string) =>
      queryLog(world.bus, { filters: { from: [luna] }, last: 1000 })
        .map((row) => String(asObject(parseJson(row.data))["called_by"]))
        .filter((by) => by.includes(id))
        .map((by) => Number(by.split("#")[1]));
    for (const [at, order] of orders.entries()) {
      const { condition: sql, filters = {} } = order;
      const asked = queryLog(world.bus, {
        ...{ filters, last: 1000 },
        ...(sql === undefined ? {} : { sql }),
      });
      const ofOthers = asked.filter((row) => row.id > from && row.instance !== luna);
      const expected = ofOthers.filter((row) => row.type === "status");
      expect(hits(ids[at] ?? "")).toEqual(expected.map((row) => row.id));
      expect(expected.length).toBeGreaterThan(1);
    }
  });

  test("that speaks feeds on nothing of its own, and wakes whom it speaks to", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    asks(world, luna, { filters: { type: ["message"] }, onHit: `@${nova} pong` });
    world.say(nova, "ping", { targets: [luna] });
    expect(catchUp(world.bus).toSorted()).toEqual([luna, nova].toSorted());
    for (let n = 0; n < 5; n++) expect(catchUp(world.bus)).toEqual([]);
    expect(queryLog(world.bus, { filters: { from: [luna] }, last: 100 })).toHaveLength(1);
    world.say(luna, "my own words", { targets: [nova] });
    expect(catchUp(world.bus)).toEqual([]);
  });

  test("whose words cannot be sent still tells its caller", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    asks(world, luna, { condition: `idle:${nova}`, onHit: "@zzzz hello", once: true });
    world.idle(nova);
    catchUp(world.bus);
    expect(notices(world, luna)).toHaveLength(1);
  });

  test("with SQL beside its preset fires where both hold", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const sql = "status_detail LIKE '%.ts'";
    asks(world, luna, { condition: `file_edits:${nova}`, sql, onHit: "hit" });
    edits(world, nova, "a.md");
    edits(world, nova, "a.ts");
    edits(world, luna, "b.ts");
    catchUp(world.bus);
    expect(queryLog(world.bus, { filters: { from: [luna] }, last: 100 })).toHaveLength(1);
    expect(notices(world, luna)[0]).toContain("a.ts");
  });

  test("of collisions in some files tells both, whoever came second", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    for (const name of [luna, nova]) {
      unsubscribe(world.bus, ["collision"], name, true);
      asks(world, name, { filters: { collision: ["yes"], file: ["*.ts"] } });
    }
    for (const file of ["a.ts", "a.md"]) for (const name of [luna, nova]) edits(world, name, file);
    catchUp(world.bus);
    for (const name of [luna, nova]) {
      expect(notices(world, name)).toHaveLength(1);
      expect(notices(world, name)[0]).toContain("a.ts");
    }
  });

  test("is ended by its own agent alone; a person ends anybody's", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { id } = asks(world, luna, { condition: `idle:${nova}` });
    for (const word of [id, id.replace("sub-", "")]) {
      expect(() => unsubscribe(world.bus, [word], nova, true)).toThrow("no subscription");
    }
    expect(unsubscribe(world.bus, [id], "bigboss", false)).toEqual([id]);
  });

  test("that fails hurts neither the writer nor the others", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const broken = asks(world, luna, { condition: `idle:${nova}` });
    changeSubscription(world.bus.db, broken.id, { sql: "no_such_column = 1" });
    asks(world, luna, { condition: `stopped:${nova}` });
    world.idle(nova);
    stopInstance(world.bus, nova, { by: "user", reason: "killed" });
    catchUp(world.bus);
    expect(notices(world, luna)).toHaveLength(1);
    expect(notices(world, luna)[0]).toContain("stopped");
  });

  test("ends with its caller, or by its id or preset; bigboss has an inbox for it", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    asks(world, "bigboss", { condition: `stopped:${nova}` });
    const { id } = asks(world, luna, { condition: `idle:${nova}` });
    expect(unsubscribe(world.bus, [`idle:@${nova}`], luna, true)).toEqual([id]);
    expect(() => unsubscribe(world.bus, ["collision", "nope"], luna, true)).toThrow("nope");
    expect(unsubscribe(world.bus, ["collision"], luna, true)[0]).toStartWith("sub-");
    expect(() => unsubscribe(world.bus, ["collision"], luna, true)).toThrow("no subscription");
    stopInstance(world.bus, nova, { by: "user", reason: "killed" });
    expect(listSubscriptions(world.bus.db, nova)).toEqual([]);
    catchUp(world.bus);
    expect(notices(world, "bigboss")).toHaveLength(1);
  });

  test.each([
    ["id IN (SELECT 1)", "no SELECT"],
    ["idel:luna", "did you mean idle?"],
    ["status_vall = 'x'", "no such column"],
    ["id > 0 -- '\n AND (SELECT 1) -- '", "no SELECT"],
    ["stopped:luna status", "takes no more words"],
  ])("on %s is refused", async (condition, reason) => {
    using world = await makeWorld();
    const luna = world.join();
    expect(() => asks(world, luna, { condition })).toThrow(reason);
  });
});

describe("where no wrapper tells", () => {
  /** An agent whose wrapper was killed: its row says that there is one. */
  function withWrapper(world: World): string {
    const name = world.join();
    updateInstance(world.bus.db, name, {
      ...{ pid: process.pid, launch_context: JSON.stringify({ control_socket: "/tmp/gone" }) },
    });
    return name;
  }

  test("a wrapper has two seconds to tell; then whoever writes does", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), withWrapper(world)];
    asks(world, luna, { condition: `idle:${nova}` });
    world.idle(nova);
    await catchUpAlone(world.bus);
    expect(notices(world, luna)).toEqual([]);
    world.pass(2);
    await catchUpAlone(world.bus);
    expect(notices(world, luna)).toHaveLength(1);
  });

  test("a log that was taken over begins to be told with the first look", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    asks(world, luna, { condition: `idle:${nova}` });
    world.idle(nova);
    deleteKv(world.bus.db, "events_watched");
    await catchUpAlone(world.bus);
    expect(notices(world, luna)).toEqual([]);
    world.idle(nova);
    await catchUpAlone(world.bus);
    expect(notices(world, luna)).toHaveLength(1);
  });

  test("a hook runs nobody's SQL; a command does", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const mine = asks(world, luna, { condition: "status_val = 'listening'" });
    asks(world, luna, { condition: `idle:${nova}` });
    world.idle(nova);
    await catchUpFromHook(world.bus);
    expect(notices(world, luna)).toEqual([]);
    await catchUpAlone(world.bus);
    expect(notices(world, luna)).toHaveLength(2);
    unsubscribe(world.bus, [mine.id], luna, true);
    world.turn(luna);
    world.idle(nova);
    await catchUpFromHook(world.bus);
    expect(notices(world, luna)).toHaveLength(3);
  });
});

describe("a request", () => {
  const request = { intent: "request" } as const;

  test("without an answer is told to its sender once, when the reader goes idle", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { id } = world.say(luna, "look at it", { targets: [nova], ...request });
    world.idle(nova);
    catchUp(world.bus);
    // It has not had it yet.
    expect(notices(world, luna)).toEqual([]);
    world.turn(nova);
    world.idle(nova);
    catchUp(world.bus);
    world.idle(nova);
    catchUp(world.bus);
    expect(notices(world, luna)).toHaveLength(1);
    expect(notices(world, luna)[0]).toContain(
      `${nova} went idle without responding to your request #${id}`,
    );
  });

  test("that was answered says nothing, in whatever form the answer came", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const first = world.say(luna, "one", { targets: [nova], ...request });
    world.turn(nova);
    world.say(nova, "done", { targets: [luna], replyTo: String(first.id) });
    world.idle(nova);
    catchUp(world.bus);
    world.say(luna, "two", { targets: [nova], ...request });
    world.turn(nova);
    world.say(nova, "done", { targets: [luna] });
    world.idle(nova);
    catchUp(world.bus);
    expect(notices(world, luna)).toEqual([]);
    expect(listSubscriptions(world.bus.db).filter((one) => one.mode === "request")).toEqual([]);
  });

  test("goes with its reader to another name", async () => {
    using world = await makeWorld();
    const [luna, nova, zora] = [world.join(), world.join(), world.join()];
    const first = world.say(luna, "one", { targets: [nova], ...request });
    world.say(luna, "two", { targets: [zora], ...request });
    for (const name of [nova, zora]) world.turn(name);
    rename(world.bus, world.row(nova), "first", "user");
    rename(world.bus, world.row(zora), "second", "user");
    world.say("second", "done", { targets: [luna] });
    world.idle("first");
    world.idle("second");
    catchUp(world.bus);
    expect(notices(world, luna)).toEqual([
      expect.stringContaining(`first went idle without responding to your request #${first.id}`),
    ]);
  });

  test("to everybody of a project is no request to each of them", async () => {
    using world = await makeWorld();
    const luna = world.join();
    world.join();
    world.say(luna, "who can look?", { ...request, within: "/", go: true });
    expect(listSubscriptions(world.bus.db).filter((one) => one.mode === "request")).toEqual([]);
  });

  test("to two is told of the one that stopped and of the one that rests", async () => {
    using world = await makeWorld();
    const [luna, nova, kiro] = [world.join(), world.join(), world.join()];
    world.say(luna, "look", { targets: [nova, kiro], ...request });
    stopInstance(world.bus, nova, { by: "system", reason: "killed" });
    world.turn(kiro);
    world.idle(kiro);
    catchUp(world.bus);
    const told = notices(world, luna);
    expect(told).toHaveLength(2);
    expect(told.filter((text) => text.includes(`${nova} stopped without`))).toHaveLength(1);
    expect(told.filter((text) => text.includes(`${kiro} went idle without`))).toHaveLength(1);
  });

  test("is owed by whom it named until that one answers", async () => {
    using world = await makeWorld();
    const [luna, nova, kiro] = [world.join(), world.join(), world.join()];
    const { id } = world.say(luna, "look", { targets: [nova, kiro], ...request });
    world.pass(90);
    const sender = { kind: "external", name: "bigboss" } as const;
    const asked = send(world.bus, { sender, targets: [nova], text: "and you?", ...request });
    const [first = "", second = ""] = [nova, kiro].toSorted();
    expect(openDebts(world.bus)).toEqual([
      { by: first, to: luna, request: id, seconds: 90 },
      { by: second, to: luna, request: id, seconds: 90 },
      { by: nova, to: "bigboss", request: asked.id, seconds: 0 },
    ]);
    // A word to somebody else is no answer, nor is a reply to something else.
    world.say(nova, "wait", { targets: [kiro] });
    world.say(nova, "re", { targets: [luna], replyTo: String(asked.id) });
    const owes = (name: string) => agentOf(world.bus, world.row(name)).owes.map((one) => one.to);
    expect([owes(nova), owes(kiro), owes(luna)]).toEqual([[luna], [luna], []]);
    world.say(kiro, "seen", { targets: [luna] });
    expect([owes(nova), owes(kiro)]).toEqual([[luna], []]);
    expect(
      agentFields(await withHold(world.bus, agentOf(world.bus, world.row(nova)))).owes,
    ).toEqual([{ to: luna, request: id, seconds: 90 }]);
  });

  test("is owed to nobody who has gone, and by no new holder of a name", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    world.say(luna, "look", { targets: [nova], ...request });
    const stopOrder = { by: "system", reason: "killed" };
    stopInstance(world.bus, luna, stopOrder);
    expect(openDebts(world.bus)).toEqual([]);
    reserve(world.bus, {
      name: luna,
      tool: "claude",
      directory: "/",
      by: "test",
      isLaunched: true,
    });
    expect(openDebts(world.bus)).toEqual([]);
    world.say(nova, "look", { targets: [luna], ...request });
    world.pass(8 * 86_400);
    const kiro = world.join();
    world.say(nova, "and you", { targets: [kiro], ...request });
    expect(openDebts(world.bus).map((one) => one.by)).toEqual([kiro]);
  });
});
