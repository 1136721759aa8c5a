// Who an agent is while sessions and processes come and go: start, reclaim, clear, fork, switch,
// resume. A name keeps its principal, cursor and mail; nobody gets somebody else's.

import { describe, expect, test } from "bun:test";
import { bindMarked } from "../../src/bus/agents/bind-marked.ts";
import { bootstrapOf } from "../../src/bus/agents/bootstrap.ts";
import { calledBy, requireInstance, senderOf, whoAmI } from "../../src/bus/agents/identity.ts";
import type { Bus } from "../../src/bus/bus.ts";
import { bindSession } from "../../src/bus/life/binding/bind.ts";
import { admitSubagent } from "../../src/bus/life/binding/subagents.ts";
import { type StartOrder, start } from "../../src/bus/life/start.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import { processBinding, sessionBinding } from "../../src/store/bindings.ts";
import { endpointsOf, upsertEndpoint } from "../../src/store/endpoints.ts";
import { getInstance, listInstances, updateInstance } from "../../src/store/instances.ts";
import { processStart } from "../../src/sys/process.ts";
import { factOf, makeWorld, type World } from "./world.ts";

const asUser = { by: "user", reason: "self" };

/** A command inside a Claude session. */
function inside(world: World, session: string): Bus {
  return world.from({ CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session });
}

function startIn(bus: Bus, order: Partial<StartOrder> = {}) {
  return start(bus, { tool: "claude", ...order });
}

/** Lasting identity and cursor: what must survive. */
function self(world: World, name: string) {
  const { principal, last_event_id } = world.row(name);
  return { principal, cursor: last_event_id };
}

describe("start", () => {
  test("ties the calling session to a new name", async () => {
    using world = await makeWorld();
    const { row, isNew } = startIn(inside(world, "s1"));
    expect(isNew).toBe(true);
    expect(world.row(row.name)).toMatchObject({ session_id: "s1", name_announced: 1 });
    expect(sessionBinding(world.bus.db, "s1")).toBe(row.name);
    expect(world.life(row.name)).toEqual(["created", "started"]);
  });
  test("a second time in the same session gives the same name", async () => {
    using world = await makeWorld();
    const first = startIn(inside(world, "s1"));
    const again = startIn(inside(world, "s1"));
    expect(again).toMatchObject({ isNew: false, row: { name: first.row.name } });
  });
  test("in a launched process takes the reserved name", async () => {
    using world = await makeWorld();
    const { name, processId } = world.launch();
    const bus = world.from({ HCOM_PROCESS_ID: processId, HCOM_LAUNCHED: "1" });
    expect(startIn(bus)).toMatchObject({ isNew: true, row: { name } });
    expect(listInstances(world.bus.db)).toHaveLength(1);
  });
  test("outside of any agent program makes an ad-hoc agent of its own", async () => {
    using world = await makeWorld();
    const one = start(world.bus, { tool: "adhoc" }).row;
    const two = start(world.bus, { tool: "adhoc" }).row;
    expect(one).toMatchObject({ tool: "adhoc", status: "inactive", session_id: null });
    expect(two.name).not.toBe(one.name);
  });
});

describe("start --as", () => {
  test("gives a stopped name back with principal, cursor and the mail that waited", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const before = self(world, luna);
    world.say(nova, "while you are away", { targets: [luna] });
    stopInstance(world.bus, luna, asUser);
    const { row } = startIn(inside(world, "s-new"), { as: luna });
    expect(self(world, row.name)).toEqual(before);
    expect(row).toMatchObject({ name: luna, session_id: "s-new" });
    expect(world.turn(luna)).toEqual(["while you are away"]);
  });
  test("gives a name that nobody ever had", async () => {
    using world = await makeWorld();
    expect(startIn(inside(world, "s1"), { as: "mine_7" }).row.name).toBe("mine_7");
  });
  test("puts the temporary row away without using up its name", async () => {
    using world = await makeWorld();
    const luna = world.join();
    stopInstance(world.bus, luna, asUser);
    const bus = inside(world, "s-new");
    const temporary = startIn(bus).row.name;
    startIn(bus, { as: luna });
    expect(getInstance(world.bus.db, temporary)).toBeUndefined();
    expect(whoAmI(bus, {})).toMatchObject({ kind: "instance", name: luna });
  });
  test("of the own name changes nothing", async () => {
    using world = await makeWorld();
    const bus = inside(world, "s1");
    const { row } = startIn(bus);
    const before = world.row(row.name);
    startIn(bus, { as: row.name });
    expect(world.row(row.name)).toEqual(before);
  });
  test("of one's own session's live name works without knowing the process", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const bus = inside(world, `s-${luna}`);
    expect(startIn(bus, { as: luna }).row).toMatchObject({ name: luna, session_id: `s-${luna}` });
  });
  test("keeps the process that it runs in: it can still be killed and reached", async () => {
    using world = await makeWorld();
    const luna = world.join();
    stopInstance(world.bus, luna, asUser);
    const { name, processId } = world.launch();
    const context = JSON.stringify({ process_id: processId, control_socket: "/c.sock" });
    updateInstance(world.bus.db, name, { pid: 4242, launch_context: context });
    upsertEndpoint(world.bus.db, { instance: name, kind: "pty", port: 4711, now: 1 });
    startIn(world.from({ HCOM_PROCESS_ID: processId, HCOM_LAUNCHED: "1" }), { as: luna });
    expect(processBinding(world.bus.db, processId)?.instance_name).toBe(luna);
    expect(world.row(luna)).toMatchObject({ pid: 4242, launch_context: context });
    expect(endpointsOf(world.bus.db, luna).map((one) => one.port)).toEqual([4711]);
  });

  describe("is refused", () => {
    test("for an agent that lives in another session", async () => {
      using world = await makeWorld();
      const luna = world.join();
      const before = world.row(luna);
      expect(() => startIn(inside(world, "s-other"), { as: luna })).toThrow(/somebody else's/);
      expect(world.row(luna)).toEqual(before);
    });
    test("for one that left, but belongs to another program or directory", async () => {
      using world = await makeWorld();
      const luna = world.join();
      updateInstance(world.bus.db, luna, { status: "inactive", status_context: "exit:timeout" });
      const bus = inside(world, "s-other");
      expect(() => startIn(bus, { as: luna, tool: "codex" })).toThrow(/somebody else's/);
      updateInstance(world.bus.db, luna, { directory: "/elsewhere" });
      expect(() => startIn(bus, { as: luna })).toThrow(/somebody else's/);
    });
    test("for the place of a subagent, live or stopped", async () => {
      using world = await makeWorld();
      const luna = world.join();
      const child = admitSubagent(world.bus, { session: `s-${luna}`, id: "a1b2c3d", type: "x" })!;
      expect(() => startIn(inside(world, "s-other"), { as: child.name })).toThrow(/subagent/);
      stopInstance(world.bus, child.name, asUser);
      expect(() => startIn(inside(world, "s-other"), { as: child.name })).toThrow(/subagent/);
    });
    test("for a subagent that wants to be somebody else", async () => {
      using world = await makeWorld();
      const [luna, nova] = [world.join(), world.join()];
      admitSubagent(world.bus, { session: `s-${luna}`, id: "a1b2c3d", type: "x" });
      stopInstance(world.bus, nova, asUser);
      const bus = inside(world, `s-${luna}`);
      expect(() => startIn(bus, { as: nova, name: "a1b2c3d" })).toThrow(/subagent/);
    });
    for (const name of ["bigboss", "hcom", "Luna", "a-b", "", "luna:BOXE"]) {
      test(`for the name "${name}"`, async () => {
        using world = await makeWorld();
        expect(() => startIn(inside(world, "s1"), { as: name })).toThrow();
        expect(listInstances(world.bus.db)).toEqual([]);
      });
    }
  });
});

describe("a launched agent", () => {
  test("is known by its process, then by its session", async () => {
    using world = await makeWorld();
    const { name, processId } = world.launch();
    const started = { kind: "session-start", source: "startup", session: "s1" } as const;
    expect(world.hook(started, processId)).toBe(name);
    expect(world.hook({ kind: "prompt", session: "s1" })).toBe(name);
    expect(world.row(name)).toMatchObject({ session_id: "s1", status: "active" });
  });
  test("that resumes a known session gives up its reservation and brings its process", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const { name, processId } = world.launch({ tag: "api" });
    updateInstance(world.bus.db, name, { pid: 4242 });
    const resumed = { kind: "session-start", source: "resume", session: `s-${luna}` } as const;
    expect(world.hook(resumed, processId)).toBe(luna);
    expect(getInstance(world.bus.db, name)).toBeUndefined();
    expect(world.row(luna)).toMatchObject({ pid: 4242, tag: "api" });
    expect(world.life(name)).toEqual(["created"]);
  });
  test("that opens the session of another one leaves its process to it", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { process_id } = JSON.parse(world.row(nova).launch_context);
    const resumed = { kind: "session-start", source: "resume", session: `s-${luna}` } as const;
    expect(world.hook(resumed, process_id)).toBe(luna);
    expect(processBinding(world.bus.db, process_id)?.instance_name).toBe(luna);
    expect(world.row(nova)).toMatchObject({
      status: "inactive",
      status_context: "exit:session_switch",
    });
  });
  test("comes back when its own session is opened again in that terminal", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { process_id } = JSON.parse(world.row(nova).launch_context);
    const open = (session: string) =>
      world.hook({ kind: "session-start", source: "resume", session }, process_id);
    open(`s-${luna}`);
    world.pass(10);
    expect(open(`s-${nova}`)).toBe(nova);
    expect(world.row(nova)).toMatchObject({ status: "listening", session_id: `s-${nova}` });
    expect(world.row(luna).session_id).toBe(`s-${luna}`);
  });
  test("keeps its process when a late hook of the session before comes in", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { process_id } = JSON.parse(world.row(nova).launch_context);
    world.hook({ kind: "session-start", source: "resume", session: `s-${luna}` }, process_id);
    world.hook({ kind: "turn-end", session: `s-${nova}` }, process_id);
    expect(processBinding(world.bus.db, process_id)?.instance_name).toBe(luna);
    expect(world.row(luna)).toMatchObject({ session_id: `s-${luna}`, status: "listening" });
  });
  test("is not ended by the end of a session that it has left", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { process_id } = JSON.parse(world.row(nova).launch_context);
    world.hook({ kind: "session-start", source: "resume", session: `s-${luna}` }, process_id);
    world.hook({ kind: "session-end", reason: "other", session: `s-${nova}` }, process_id);
    expect(world.row(luna)).toMatchObject({ session_id: `s-${luna}`, status: "listening" });
    expect(getInstance(world.bus.db, nova)).toBeUndefined();
  });
  test("ends with its session, and its process is free", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const { process_id } = JSON.parse(world.row(luna).launch_context);
    const ended = { kind: "session-end", reason: "logout", session: `s-${luna}` } as const;
    expect(world.hook(ended, process_id)).toBeUndefined();
    expect(world.life(luna)).toEqual(["created", "stopped logout"]);
    expect(processBinding(world.bus.db, process_id)).toBeUndefined();
  });
});

describe("/clear", () => {
  async function cleared() {
    const world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { process_id } = JSON.parse(world.row(luna).launch_context);
    updateInstance(world.bus.db, luna, { pid: 4242 });
    const clear = () => {
      world.hook({ kind: "session-end", reason: "clear", session: `s-${luna}` }, process_id);
      const start = { kind: "session-start", source: "clear", session: "s-fresh" } as const;
      return world.hook(start, process_id);
    };
    return { world, luna, nova, clear };
  }
  test("keeps name, principal, cursor, process and mail", async () => {
    const { world, luna, nova, clear } = await cleared();
    using _ = world;
    const before = self(world, luna);
    world.say(nova, "still there?", { targets: [luna] });
    expect(clear()).toBe(luna);
    expect(self(world, luna)).toEqual(before);
    expect(world.row(luna)).toMatchObject({ session_id: "s-fresh", pid: 4242 });
    expect(world.turn(luna)).toEqual(["still there?"]);
    expect(world.life(luna)).toEqual(["created"]);
  });
  test("keeps subagents below their root", async () => {
    const { world, luna, clear } = await cleared();
    using _ = world;
    const child = admitSubagent(world.bus, { session: `s-${luna}`, id: "a1b2c3d", type: "x" })!;
    expect(clear()).toBe(luna);
    expect(world.row(child.name)).toMatchObject({
      parent_name: luna,
      parent_session_id: "s-fresh",
    });
  });
});

describe("a fork", () => {
  test("gets a name of its own and starts with the mail from now on", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    world.say(nova, "for luna", { targets: [luna] });
    const { name, processId } = world.launch();
    const forked = { kind: "session-start", source: "fork", session: "s-fork" } as const;
    expect(world.hook(forked, processId)).toBe(name);
    expect(world.row(name).principal).not.toBe(world.row(luna).principal);
    expect(world.turn(name)).toEqual([]);
    expect(world.turn(luna)).toEqual(["for luna"]);
  });
  test("that tells its parent's session first does not take it away", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const parent = `s-${luna}`;
    const { process_id } = JSON.parse(world.row(luna).launch_context);
    const { name, processId } = world.launch();
    expect(world.hook({ kind: "session-start", source: "fork", session: parent }, processId)).toBe(
      name,
    );
    expect(world.hook({ kind: "prompt", session: "s-fork" }, processId)).toBe(name);
    expect(world.hook({ kind: "prompt", session: parent }, process_id)).toBe(luna);
    expect([world.row(luna).session_id, world.row(name).session_id]).toEqual([parent, "s-fork"]);
  });
  test("of a stopped agent leaves it to its own resume", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const parent = `s-${luna}`;
    stopInstance(world.bus, luna, asUser);
    const { name, processId } = world.launch();
    world.hook({ kind: "session-start", source: "fork", session: parent }, processId);
    world.hook({ kind: "prompt", session: "s-fork" }, processId);
    const again = { kind: "session-start", source: "resume", session: parent } as const;
    expect(world.hook(again)).toBe(luna);
    expect(world.row(name).session_id).toBe("s-fork");
  });
});

describe("a resume of a stopped agent", () => {
  test("brings name, principal, cursor and waiting mail back", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join({ tag: "api" }), world.join()];
    updateInstance(world.bus.db, luna, { hints: "be short", wait_timeout: 77 });
    world.say(nova, "read before", { targets: [luna] });
    world.turn(luna);
    world.say(nova, "waits", { targets: [luna] });
    const before = self(world, luna);
    stopInstance(world.bus, luna, asUser);
    const { name, processId } = world.launch();
    const resumed = { kind: "session-start", source: "resume", session: `s-${luna}` } as const;
    expect(world.hook(resumed, processId)).toBe(luna);
    expect(self(world, luna)).toEqual(before);
    expect(world.row(luna)).toMatchObject({ hints: "be short", wait_timeout: 77, tag: "api" });
    expect(getInstance(world.bus.db, name)).toBeUndefined();
    expect(world.turn(luna)).toEqual(["waits"]);
  });
  test("does not happen by itself: a session that goes on after stop stays out", async () => {
    using world = await makeWorld();
    const luna = world.join();
    stopInstance(world.bus, luna, asUser);
    expect(world.hook({ kind: "prompt", session: `s-${luna}` })).toBeUndefined();
    expect(world.hook({ kind: "turn-end", session: `s-${luna}` })).toBeUndefined();
  });

  test("works without a launch of ours, too", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const before = self(world, luna);
    stopInstance(world.bus, luna, asUser);
    const again = { kind: "session-start", source: "resume", session: `s-${luna}` } as const;
    expect(world.hook(again)).toBe(luna);
    expect(self(world, luna)).toEqual(before);
  });
  test("takes no name away from who has it now", async () => {
    using world = await makeWorld();
    const luna = world.join();
    stopInstance(world.bus, luna, asUser);
    startIn(inside(world, "s-now"), { as: luna });
    const before = world.row(luna);
    const { name, processId } = world.launch();
    const resumed = { kind: "session-start", source: "resume", session: `s-${luna}` } as const;
    expect(world.hook(resumed, processId)).toBe(name);
    expect(world.row(luna)).toEqual(before);
  });
  test("is not meant by a session that nobody ever had", async () => {
    using world = await makeWorld();
    stopInstance(world.bus, world.join(), asUser);
    expect(world.hook({ kind: "prompt", session: "s-stranger" })).toBeUndefined();
  });
});

describe("a marker in a session's output", () => {
  const seen = (name: string) =>
    factOf({ kind: "action-end", session: "s1", output: `...\n[hcom:${name}]\n` });
  test("ties the session to the row that waits for it", async () => {
    using world = await makeWorld();
    const { row } = start(world.from({ CLAUDECODE: "1" }), { tool: "claude" });
    expect(bindMarked(world.bus, seen(row.name) as never)?.session_id).toBe("s1");
    expect(world.hook({ kind: "prompt", session: "s1" })).toBe(row.name);
  });
  test("means nothing after two minutes, for ad-hoc agents and for tied ones", async () => {
    using world = await makeWorld();
    const late = start(world.from({ CLAUDECODE: "1" }), { tool: "claude" }).row;
    world.pass(121);
    const adhoc = start(world.bus, { tool: "adhoc" }).row;
    for (const name of [late.name, adhoc.name, world.join(), "nobody"]) {
      expect(bindMarked(world.bus, seen(name) as never)).toBeUndefined();
    }
  });
});

describe("who is calling", () => {
  test("is told by --name: a base name, a full name or a subagent's id", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join({ tag: "a-b" }), world.join()];
    const child = admitSubagent(world.bus, { session: `s-${nova}`, id: "a1b2c3d", type: "x" })!;
    const named = (name: string, bus = world.bus) => requireInstance(bus, { name }).name;
    expect([named(luna), named(`a-b-${luna}`), named("a1b2c3d")]).toEqual([luna, luna, child.name]);
    const bus = inside(world, `s-${nova}`);
    expect([named(nova, bus), named("a1b2c3d", bus)]).toEqual([nova, child.name]);
    expect(requireInstance(bus, {}).name).toBe(nova);
  });
  test("is only itself in a session or process that is known", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const { name, processId } = world.launch();
    const places = [
      { bus: inside(world, `s-${nova}`), self: nova },
      { bus: world.from({ HCOM_PROCESS_ID: processId, HCOM_LAUNCHED: "1" }), self: name },
    ];
    for (const { bus, self } of places) {
      for (const verb of [whoAmI, requireInstance, senderOf]) {
        expect(() => verb(bus, { name: luna })).toThrow(`in ${self} and cannot act as ${luna}`);
      }
    }
    const unknown = inside(world, "s-nobody");
    expect(requireInstance(unknown, { name: luna }).name).toBe(luna);
    expect(calledBy(unknown, senderOf(unknown, { name: luna }))).toBe("an unknown session");
    expect(calledBy(world.bus, senderOf(world.bus, { name: luna }))).toBe("a shell");
    expect(calledBy(inside(world, `s-${nova}`), { kind: "external", name: "ci" })).toBe(nova);
  });
  test("is itself below its process, also without its environment", async () => {
    using world = await makeWorld();
    const [luna, nova] = [world.join(), world.join()];
    const pid = process.ppid;
    const launch_context = JSON.stringify({ pid_start: processStart(pid) });
    updateInstance(world.bus.db, nova, { pid, launch_context });
    expect(requireInstance(world.bus, {}).name).toBe(nova);
    expect(requireInstance(world.bus, { name: nova }).name).toBe(nova);
    expect(() => senderOf(world.bus, { name: luna })).toThrow(`cannot act as ${luna}`);
    updateInstance(world.bus.db, nova, { launch_context: JSON.stringify({ pid_start: "1" }) });
    expect(requireInstance(world.bus, { name: luna }).name).toBe(luna);
  });
  test("is the human at a shell of their own only", async () => {
    using world = await makeWorld();
    const nova = world.join();
    const { name, processId } = world.launch();
    stopInstance(world.bus, name, asUser);
    const places = [
      inside(world, `s-${nova}`),
      inside(world, "s-nobody"),
      world.from({ HCOM_LAUNCHED: "1" }),
      world.from({ HCOM_PROCESS_ID: processId }),
    ];
    for (const bus of places) {
      expect(() => senderOf(bus, {}, "bigboss")).toThrow(/from a shell of their own/);
    }
    expect(senderOf(world.bus, {}, "bigboss")).toEqual({ kind: "external", name: "bigboss" });
    expect(() => senderOf(world.bus, {}, nova.replace("a", "\u0430"))).toThrow(/would look|agent/);
    expect(() => senderOf(world.bus, {}, nova.toUpperCase())).toThrow(
      /is an agent here|would look/,
    );
  });
  test("is an expired session when its process is bound to nobody, never the human", async () => {
    using world = await makeWorld();
    const { name, processId } = world.launch();
    stopInstance(world.bus, name, asUser);
    const bus = world.from({ HCOM_PROCESS_ID: processId });
    expect(() => senderOf(bus, {})).toThrow(/identity not found: this session has expired/);
  });
  test("is an error for a name that nobody has, never somebody else", async () => {
    using world = await makeWorld();
    const luna = world.join();
    const bus = inside(world, `s-${luna}`);
    expect(() => whoAmI(bus, { name: "zzzz" })).toThrow(/no agent "zzzz" to act as/);
  });
  test("is the human at a shell, and nobody inside a program that does not take part", async () => {
    using world = await makeWorld();
    expect(senderOf(world.bus, {})).toEqual({ kind: "external", name: "bigboss" });
    expect(() => senderOf(inside(world, "s-unknown"), {})).toThrow(/does not know who is calling/);
  });
  test("has lost its connection when its process is bound to nobody any more", async () => {
    using world = await makeWorld();
    const { name, processId } = world.launch();
    stopInstance(world.bus, name, asUser);
    const bus = world.from({ HCOM_PROCESS_ID: processId, HCOM_LAUNCHED: "1" });
    expect(() => requireInstance(bus, {})).toThrow(/no longer connected/);
  });
});

test("a launched agent is not told that it joined, whatever is around its hooks", async () => {
  using world = await makeWorld();
  // Codex: a launch writes the text before there is any session, its server's hooks after that.
  const { name, processId } = world.launch();
  const bus = world.from({ HCOM_LAUNCHED: "" });
  const joined = "You joined with `hcom start`";
  expect(bootstrapOf(bus, world.row(name))).not.toContain(joined);
  bindSession(bus, { session: "s-late", processId });
  expect(bootstrapOf(bus, world.row(name))).not.toContain(joined);
  const started = startIn(inside(world, "s-own")).row;
  expect(bootstrapOf(bus, started)).toContain(joined);
});
