// Subagents share their root's session and process, and are agents of their own all the same:
// with a name, asleep until they are wanted, and never in the way of their root.
import { describe, expect, test } from "bun:test";
import { actorOfUse } from "../../src/bus/agents/actor.ts";
import { start } from "../../src/bus/life/start.ts";
import { stopInstance } from "../../src/bus/life/stop.ts";
import type { Answer } from "../../src/hooks/answer.ts";
import { answerSubagent } from "../../src/hooks/subagent.ts";
import { getInstance, updateInstance } from "../../src/store/instances.ts";
import { threadMembers } from "../../src/store/threads.ts";
import { factOf, makeWorld, type World } from "./world.ts";

type Kind = "subagent-start" | "subagent-end" | "action-end" | "turn-end";

/** One hook of a subagent, committed as after its output was flushed; the text it is told. */
async function hook(world: World, root: string, kind: Kind, id: string, type = "Explore") {
  const answer = await answerTo(world, root, kind, id, type);
  answer.commit();
  return textOf(answer);
}

function answerTo(world: World, root: string, kind: Kind, id: string, type = "Explore") {
  const fact = factOf({ kind, session: `s-${root}`, subagent: { id, type } });
  return answerSubagent(world.bus, world.tool, fact);
}

function textOf({ reply }: Answer): string {
  return reply.kind === "context" || reply.kind === "continue" ? reply.text : reply.kind;
}

/** A root with a subagent that is asleep and waits for nothing when it ends. */
async function pair(world: World) {
  const root = world.join();
  await hook(world, root, "subagent-start", "a1b2c3d");
  const child = `${root}_explore_1`;
  updateInstance(world.bus.db, child, { subagent_timeout: 0 });
  return { root, child };
}

function joinAs(world: World, id: string) {
  return start(world.bus, { tool: "claude", name: id });
}

describe("a subagent's name", () => {
  test("tells its root, its kind and a number", async () => {
    using world = await makeWorld();
    const root = world.join();
    const types = ["Explore", "explore", "code-Reviewer", "__", ""];
    for (const [at, type] of types.entries()) {
      await hook(world, root, "subagent-start", `a00000${at}`, type);
    }
    const made = ["explore_1", "explore_2", "code_reviewer_1", "task_1", "task_2"];
    expect(made.filter((name) => getInstance(world.bus.db, `${root}_${name}`))).toEqual(made);
  });
  test("is its row's for as long as the subagent lives, however often it starts", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    const before = world.row(child);
    await hook(world, root, "subagent-start", "a1b2c3d");
    expect(world.row(child)).toEqual(before);
    expect(getInstance(world.bus.db, `${root}_explore_2`)).toBeUndefined();
  });
  test("comes with its root's tag, directory and program", async () => {
    using world = await makeWorld();
    const root = world.join({ tag: "api" });
    await hook(world, root, "subagent-start", "a1b2c3d");
    const { tag, directory, tool } = world.row(root);
    expect(world.row(`${root}_explore_1`)).toMatchObject({
      ...{ tag, directory, tool },
      parent_name: root,
      parent_session_id: `s-${root}`,
      session_id: null,
      agent_id: "a1b2c3d",
      status: "inactive",
      status_context: "subagent:dormant",
    });
  });
  test("is told to it with the way to take part", async () => {
    using world = await makeWorld();
    const root = world.join();
    const text = await hook(world, root, "subagent-start", "a1b2c3d");
    expect(text).toContain(`subagent of ${root}`);
    expect(text).toContain("hcom start --name a1b2c3d");
  });
  test("inherits nothing from an earlier bearer", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    world.say(root, "join", { targets: [child], thread: "t" });
    const first = world.row(child).principal;
    stopInstance(world.bus, child, { by: "subagent", reason: "idle" });
    await hook(world, root, "subagent-start", "a9999999");
    expect(world.row(child).principal).not.toBe(first);
    expect(threadMembers(world.bus.db, "t")).toEqual([root]);
    expect(world.turn(child)).toEqual([]);
  });
});

test("a subagent of a session that does not take part is nobody", async () => {
  using world = await makeWorld();
  expect(await hook(world, "nobody", "subagent-start", "a1b2c3d")).toBe("silent");
  expect(await hook(world, "nobody", "action-end", "a1b2c3d")).toBe("silent");
  expect(await hook(world, "nobody", "subagent-end", "a1b2c3d")).toBe("silent");
});

describe("a subagent that has not joined", () => {
  test("ends without waiting, whatever was said to all", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    world.say(root, "to everybody");
    expect(await hook(world, root, "subagent-end", "a1b2c3d")).toBe("silent");
    expect(world.life(child)).toEqual(["created", "stopped idle"]);
  });
  test("gets no mail in the middle of its work", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    world.say(root, "by name", { targets: [child] });
    expect(await hook(world, root, "action-end", "a1b2c3d")).toBe("silent");
    expect(world.row(child).status_context).toBe("subagent:dormant");
  });
  test("is woken by being named, and learns who it is", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    world.say(root, "to everybody");
    const { id } = world.say(root, "by name", { targets: [child] });
    const text = await hook(world, root, "subagent-end", "a1b2c3d");
    expect(text).toContain(`You are **${child}**`);
    expect(text).toContain("by name");
    expect(world.states(id)).toEqual({ [child]: "handed" });
  });
  test("has joined once it was woken, and not before that was flushed", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    world.say(root, "by name", { targets: [child] });
    const answer = await answerTo(world, root, "subagent-end", "a1b2c3d");
    expect(world.row(child).name_announced).toBe(0);
    answer.commit();
    expect(world.row(child).name_announced).toBe(1);
    world.say(root, "second", { targets: [child] });
    const text = await hook(world, root, "action-end", "a1b2c3d");
    expect(text).toContain("second");
    expect(text).not.toContain("You are **");
  });
});

describe("a subagent that has joined", () => {
  test("is told once how to talk", async () => {
    using world = await makeWorld();
    const { child } = await pair(world);
    expect(joinAs(world, "a1b2c3d")).toMatchObject({ isNew: true, row: { name: child } });
    expect(joinAs(world, "a1b2c3d").isNew).toBe(false);
    expect(world.row(child)).toMatchObject({ status: "active", name_announced: 1 });
  });
  test("gets mail after its commands, broadcasts too", async () => {
    using world = await makeWorld();
    const { root } = await pair(world);
    joinAs(world, "a1b2c3d");
    world.say(root, "to everybody");
    expect(await hook(world, root, "action-end", "a1b2c3d")).toContain("to everybody");
    expect(await hook(world, root, "action-end", "a1b2c3d")).toBe("silent");
  });
  test("goes on when mail came before its end, and leaves when none did", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    joinAs(world, "a1b2c3d");
    world.say(root, "one more thing", { targets: [child] });
    const answer = await answerTo(world, root, "subagent-end", "a1b2c3d");
    expect(answer.reply).toMatchObject({ kind: "continue" });
    answer.commit();
    expect(await hook(world, root, "subagent-end", "a1b2c3d")).toBe("silent");
    expect(world.life(child)).toEqual(["created", "stopped task_completed"]);
  });
  test("waits at its end as long as its root's setting says", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    joinAs(world, "a1b2c3d");
    updateInstance(world.bus.db, child, { subagent_timeout: null });
    updateInstance(world.bus.db, root, { subagent_timeout: 0 });
    // With the configured half minute this test would run into its limit.
    expect(await hook(world, root, "subagent-end", "a1b2c3d")).toBe("silent");
    expect(world.life(child).at(-1)).toBe("stopped task_completed");
  });
  test("can write, and is written to, under its own name", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    joinAs(world, "a1b2c3d");
    world.say(child, "found it", { targets: [root] });
    expect(world.turn(root)).toEqual(["found it"]);
    expect(world.say(root, "thanks", { targets: [root, child] }).recipients).toHaveLength(1);
  });
});

describe("the root", () => {
  test("is left alone by every hook of its subagents", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    const { id } = world.say("somebody", "for the root", { targets: [root] });
    joinAs(world, "a1b2c3d");
    const before = world.row(root);
    for (const kind of ["action-end", "turn-end", "subagent-end"] as const) {
      await hook(world, root, kind, "a1b2c3d");
    }
    await hook(world, root, "action-end", "f0f0f0f");
    expect(getInstance(world.bus.db, child)).toBeUndefined();
    expect(world.row(root)).toEqual(before);
    expect(world.states(id)).toEqual({ [root]: "stored" });
  });
  test("is meant by its name, not the subagent whose name begins with it", async () => {
    using world = await makeWorld();
    const { root } = await pair(world);
    const sent = world.say("somebody", "hi", { targets: [root] });
    expect(sent.recipients.map((one) => one.name)).toEqual([root]);
  });
});

describe("a subagent's call of our MCP server", () => {
  const useId = "toolu_01";
  const call = (world: World, root: string, kind: "action-start" | "action-end", own: boolean) =>
    answerSubagent(world.bus, world.tool, {
      tool: "claude",
      hook: kind,
      session: `s-${root}`,
      subagent: { id: "a1b2c3d", type: "Explore" },
      action: own ? "mcp__hcom__send" : "mcp__other__send",
      detail: "",
      useId,
      input: {},
      output: "",
      isShell: false,
      ...(own ? { isOurs: true } : {}),
      kind,
    });
  test("is its own and not its root's, while it runs", async () => {
    using world = await makeWorld();
    const { root, child } = await pair(world);
    (await call(world, root, "action-start", true)).commit();
    expect(actorOfUse(world.bus, useId)).toBe(child);
    (await call(world, root, "action-end", true)).commit();
    expect(actorOfUse(world.bus, useId)).toBeUndefined();
  });
  test("is noted for our own tools only", async () => {
    using world = await makeWorld();
    const { root } = await pair(world);
    (await call(world, root, "action-start", false)).commit();
    expect(actorOfUse(world.bus, useId)).toBeUndefined();
  });
});
