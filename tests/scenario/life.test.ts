// How agents end: stopped once, with their subagents, cleaned up one at a time, and never because
// the machine slept.
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireNamed } from "../../src/bus/agents/identity.ts";
import { heartbeat, setStatus } from "../../src/bus/agents/set-status.ts";
import type { Bus } from "../../src/bus/bus.ts";
import { detachWrapper, noteWrapper } from "../../src/bus/life/attach.ts";
import { admitSubagent } from "../../src/bus/life/binding/subagents.ts";
import { type Agent, listAgents } from "../../src/bus/life/list.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { recentStops, stopHistory } from "../../src/bus/life/stops.ts";
import { queryLog } from "../../src/bus/log/events.ts";
import { processBinding, sessionBinding } from "../../src/store/bindings.ts";
import { endpointsOf, upsertEndpoint } from "../../src/store/endpoints.ts";
import { getInstance, listInstances, updateInstance } from "../../src/store/instances.ts";
import { processStart } from "../../src/sys/process.ts";
import { makeWorld, type World } from "./world.ts";

const order = { by: "user", reason: "external" };

function names(agents: readonly Agent[]): string[] {
  return agents.map((agent) => agent.row.name).sort();
}

function stopsIn(world: World): string[] {
  const life = queryLog(world.bus, { filters: { action: ["stopped"] }, last: 100 });
  return life.map((event) => `${event.instance} ${JSON.parse(event.data).reason}`);
}

/** `name status context` of everybody, as a reader sees it. */
function look(world: World, bus: Bus = world.bus): Record<string, string> {
  const shown = listAgents(bus).map((agent) => [
    agent.row.name,
    `${agent.computed.status} ${agent.computed.context}`.trim(),
  ]);
  return Object.fromEntries(shown);
}

describe("stop", () => {
  test("removes the row with all that hangs on it and keeps a snapshot", async () => {
    using world = await makeWorld();
    const luna = world.join({ tag: "api" });
    const { process_id } = JSON.parse(world.row(luna).launch_context);
    upsertEndpoint(world.bus.db, { instance: luna, kind: "hook", port: 1, now: 1 });
    const before = world.row(luna);
    expect(stopInstance(world.bus, luna, order)).toBe("stopped");
    const { db } = world.bus;
    expect(getInstance(db, luna)).toBeUndefined();
    expect(sessionBinding(db, `s-${luna}`)).toBeUndefined();
    expect(processBinding(db, process_id)).toBeUndefined();
    expect(endpointsOf(db, luna)).toEqual([]);
    const [event] = queryLog(world.bus, { filters: { action: ["stopped"] }, last: 1 });
    const data = JSON.parse(event?.data ?? "{}");
    expect(data).toMatchObject({ action: "stopped", by: "user", reason: "external" });
    expect("placeholder" in data).toBe(false);
    for (const [key, value] of Object.entries(data.snapshot)) {
      expect({ [key]: value }).toEqual({ [key]: before[key as keyof typeof before] as never });
    }
    expect(data.snapshot).toMatchObject({ principal: before.principal, tag: "api" });
  });

  test("by two at the same time is one stop", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const other = world.other();
    const outcomes: string[] = [];
    // The other process is quicker: it comes between our look and our write.
    const slow = beforeWriting(world.bus, () => {
      outcomes.push(stopInstance(other, luna, { by: "other", reason: "killed" }));
    });
    outcomes.push(stopInstance(slow, luna, order));
    expect(outcomes).toEqual(["stopped", "already_stopped"]);
    expect(stopsIn(world)).toEqual([`${luna} killed`]);
  });

  test("does not hit the next life of the name", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const other = world.other();
    const slow = beforeWriting(world.bus, () => {
      stopInstance(other, luna, order);
      world.pass(1);
      world.hook({ kind: "session-start", source: "resume", session: `s-${luna}` });
    });
    expect(stopInstance(slow, luna, order)).toBe("already_stopped");
    expect(world.row(luna).session_id).toBe(`s-${luna}`);
  });

  test("of nobody says so and writes nothing", async () => {
    using world = await makeWorld();
    expect(stopInstance(world.bus, "nobody", order)).toBe("already_stopped");
    expect(stopsIn(world)).toEqual([]);
  });

  test("takes the subagents first, by whose parent they are", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const session = `s-${luna}`;
    const [one, two] = ["a1b2c3d", "a1b2c3e"].map((id) =>
      admitSubagent(world.bus, { session, id, type: "explore" }),
    );
    const foreign = admitSubagent(world.bus, { session: `s-${nova}`, id: "a1b2c3f", type: "x" });
    stopInstance(world.bus, luna, order);
    expect(stopsIn(world)).toEqual([
      `${one?.name} parent_stopped`,
      `${two?.name} parent_stopped`,
      `${luna} external`,
    ]);
    expect(world.row(foreign?.name ?? "").parent_name).toBe(nova);
  });

  test("is recent for ten minutes and until the agent is back", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join({ tag: "api" }), world.join()];
    stopInstance(world.bus, luna, order);
    world.pass(300);
    stopInstance(world.bus, nova, order);
    expect(recentStops(world.bus).map((stop) => stop.name)).toEqual([nova, `api-${luna}`]);
    world.hook({ kind: "session-start", source: "resume", session: `s-${nova}` });
    expect(recentStops(world.bus).map((stop) => stop.name)).toEqual([`api-${luna}`]);
    world.pass(301);
    expect(recentStops(world.bus)).toEqual([]);
  });
  test("that was asked one thing and answered is missed by nobody, and can be found", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    // Our own process became its program.
    updateInstance(world.bus.db, luna, {
      ...{ pid: 4_000_001, launch_context: JSON.stringify({ wrapper_pid: 4_000_001 }) },
    });
    for (const name of [luna, nova]) stopInstance(world.bus, name, order);
    expect(recentStops(world.bus).map((stop) => stop.name)).toEqual([nova]);
    const { stops } = stopHistory(world.bus, { name: undefined, last: 5 });
    expect(stops.map((stop) => stop.name).toSorted()).toEqual([luna, nova].toSorted());
  });
});

describe("the end of a wrapped program", () => {
  test("stops the agent that its process belongs to", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const { process_id } = JSON.parse(world.row(luna).launch_context);
    detachWrapper(world.bus, { processId: process_id, reason: "closed", exitCode: 0 });
    expect(world.life(luna)).toEqual(["created", "stopped closed"]);
  });
  test("stops nobody when the agent has left that process", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { process_id } = JSON.parse(world.row(nova).launch_context);
    world.hook({ kind: "session-start", source: "resume", session: `s-${luna}` }, process_id);
    detachWrapper(world.bus, { processId: process_id, reason: "closed", exitCode: 0 });
    expect(stopsIn(world)).toEqual([`${luna} closed`]);
    detachWrapper(world.bus, { processId: process_id, reason: "closed", exitCode: 0 });
    expect(stopsIn(world)).toHaveLength(1);
  });
  test("before its first hook is a failed launch with the end of its screen", async () => {
    using world = await makeWorld();
    const { name, processId } = world.launch();
    const screenTail = "not logged in";
    detachWrapper(world.bus, { processId, reason: "closed", exitCode: 3, screenTail });
    const filters = { action: ["launch_failed"] };
    const [event] = queryLog(world.bus, { filters, last: 2 });
    expect(JSON.parse(event?.data ?? "{}")).toMatchObject({
      reason: "exited_before_bind",
      detail: "exit code 3: not logged in",
    });
    expect(getInstance(world.bus.db, name)).toBeUndefined();
  });
});

describe("a launch that never became a session", () => {
  test("is launching, then failed, and that is said once", async () => {
    using world = await makeWorld();
    const { name } = world.launch();
    world.pass(10);
    expect(look(world)).toEqual({ [name]: "launching new" });
    world.pass(21);
    expect(look(world)).toEqual({ [name]: "inactive launch_failed" });
    look(world);
    world.pass(5);
    look(world, world.other());
    expect(world.life(name)).toEqual(["created", "launch_failed no_session"]);
  });
  test("is launching for as long as its wrapper runs", async () => {
    using world = await makeWorld();
    const { name } = world.launch();
    noteWrapper(world.bus, name, { pid: process.pid, start: processStart(process.pid) ?? "" });
    world.pass(200);
    expect(look(world)).toEqual({ [name]: "launching new" });
  });
  test("is said with whose process has ended, and the end of its log", async () => {
    using world = await makeWorld();
    const { name } = world.launch();
    const log = join(world.bus.paths.dir, "it.log");
    writeFileSync(log, "first line\nError: \u001b[31mno login\n");
    updateInstance(world.bus.db, name, { background_log_file: log });
    noteWrapper(world.bus, name, { pid: process.pid, start: "1" });
    world.pass(31);
    look(world);
    const [event] = queryLog(world.bus, { filters: { action: ["launch_failed"] }, last: 1 });
    const { detail } = JSON.parse(event?.data ?? "{}");
    expect(detail).toStartWith(`hcom's wrapper (process ${process.pid}) has ended`);
    expect(detail).toContain("last in its log: first line\nError: ");
    expect(detail).not.toContain("\u001b");
  });
  test("goes after two minutes and leaves its name to others", async () => {
    using world = await makeWorld();
    const { name } = world.launch();
    world.pass(31);
    look(world);
    world.pass(90);
    expect(look(world)).toEqual({});
    expect(world.life(name).at(-1)).toBe("stopped stale_cleanup");
    const filters = { action: ["stopped"] };
    const [event] = queryLog(world.bus, { filters, last: 1 });
    expect(JSON.parse(event?.data ?? "{}").placeholder).toBe(true);
    expect(recentStops(world.bus)).toEqual([]);
  });
  test("can still become one while nobody has cleaned up", async () => {
    using world = await makeWorld();
    const { name, processId } = world.launch();
    world.pass(60);
    look(world);
    world.hook({ kind: "session-start", source: "startup", session: "s1" }, processId);
    expect(look(world)).toEqual({ [name]: "listening start" });
  });
  test("cannot be written to once it has failed", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const { name } = world.launch();
    expect(world.say(luna, "welcome", { targets: [name] }).recipients).toHaveLength(1);
    world.pass(31);
    look(world);
    expect(() => world.say(luna, "hello?", { targets: [name] })).toThrow(/no agent/);
    expect(world.say(luna, "to all").recipients.map((one) => one.base)).toEqual(["bigboss"]);
  });
});

describe("clean-up", () => {
  test("stops at most one agent per look", async () => {
    using world = await makeWorld();
    const all = [world.join(), world.join(), world.join()];
    look(world);
    world.pass(3600 * 2);
    const sizes = [1, 2, 3, 4].map(() => Object.keys(look(world)).length);
    expect(sizes).toEqual([2, 1, 0, 0]);
    expect(stopsIn(world).sort()).toEqual(all.map((name) => `${name} stale_cleanup`).sort());
  });
  test("shows no subagent of the agent it has just stopped", async () => {
    using world = await makeWorld();
    const luna = world.join();
    admitSubagent(world.bus, { session: `s-${luna}`, id: "a1b2c3d", type: "x" });
    look(world);
    world.pass(3600 * 2);
    expect([look(world), listInstances(world.bus.db)]).toEqual([{}, []]);
  });
  test("is a matter of the list: reading the status of one agent stops nobody", async () => {
    using world = await makeWorld();
    const luna = world.join();
    look(world);
    world.pass(4000);
    expect(world.row(luna).status).toBe("listening");
    expect(stopsIn(world)).toEqual([]);
  });
});

describe("after the machine slept", () => {
  test("nobody is stale for a minute, in no process", async () => {
    using world = await makeWorld();
    const luna = world.join();
    look(world);
    world.pass(600);
    expect(look(world)).toEqual({ [luna]: "listening start" });
    world.pass(30);
    expect(look(world, world.other())).toEqual({ [luna]: "listening start" });
    world.pass(31);
    look(world);
    world.pass(6);
    expect(look(world)).toEqual({ [luna]: "inactive stale:listening" });
  });
  test("nothing is cleaned up in that minute", async () => {
    using world = await makeWorld();
    const { name } = world.launch();
    const luna = world.join();
    look(world);
    world.pass(3000);
    expect(names(listAgents(world.bus))).toEqual([luna, name].sort());
    expect(stopsIn(world)).toEqual([]);
  });
  test("a pause between looks alone is no sleep: somebody's heart went on beating", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    look(world);
    for (let n = 0; n < 20; n++) {
      world.pass(30);
      heartbeat(world.bus, nova);
    }
    expect(look(world)).toEqual({
      [luna]: "inactive stale:listening",
      [nova]: "listening start",
    });
  });
  test("a clock that was ahead for a while leaves no minute of hours behind", async () => {
    using world = await makeWorld();
    const luna = world.join();
    look(world);
    world.pass(3000);
    look(world);
    world.pass(-3000);
    setStatus(world.bus, luna, { status: "listening", context: "" });
    world.pass(20);
    look(world);
    world.pass(20);
    expect(look(world)).toEqual({ [luna]: "inactive stale:listening" });
  });
});

/** The same bus, on which something else happens just before the first write. */
function beforeWriting(bus: Bus, meanwhile: () => void): Bus {
  let isDue = true;
  const db = new Proxy(bus.db, {
    get: (target, key) => {
      if (key === "write" && isDue) {
        isDue = false;
        meanwhile();
      }
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...bus, db };
}

test("whoever asks for an agent that has stopped hears when and how", async () => {
  using world = await makeWorld();
  const name = world.join();
  stopInstance(world.bus, name, { by: "luna", reason: "killed" });
  world.pass(180);
  expect(() => requireNamed(world.bus, name)).toThrow(
    `${name} has stopped, 3m ago (taken off the list by luna)`,
  );
});

test("a long command stands whole in the event of its action, in short elsewhere", async () => {
  using world = await makeWorld();
  const name = world.join();
  const detail = `${"a".repeat(1999)}🙂${"b".repeat(100_000)}`;
  for (const context of ["tool:Bash", "approval", "approved:Bash"]) {
    setStatus(world.bus, name, { status: "active", context, detail });
    expect(world.row(name).status_detail).toBe(`${"a".repeat(1999)}... (102001 characters)`);
  }
  const events = queryLog(world.bus, { filters: {}, last: 3 }).map((one) => JSON.parse(one.data));
  const lengths = events.map((data) => data.detail.length);
  expect(lengths).toEqual([detail.length, 2022, 2022]);
});
