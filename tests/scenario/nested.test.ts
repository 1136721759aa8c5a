// Programs that an agent starts as commands inherit its environment: they must never be taken for
// it.
import { expect, test } from "bun:test";
import { makeWorld, takeInFact } from "./world.ts";

const base = { hook: "h" } as const;

test("another tool inside an agent's process takes neither its session nor its mail", async () => {
  using world = await makeWorld();
  const { name, processId } = world.launch();
  const own = { ...base, tool: "claude", session: "own" };
  expect(
    takeInFact(world.bus, { ...own, kind: "session-start", source: "startup" }, processId)?.name,
  )
    // The first session of a launched process is the agent's.
    .toBe(name);
  const nested = { ...base, tool: "codex", session: "nested" };
  for (const kind of ["batch-end", "turn-interrupted"] as const) {
    expect(takeInFact(world.bus, { ...nested, kind }, processId)).toBeUndefined();
  }
  const start = { ...nested, kind: "session-start", source: "startup" } as const;
  expect(takeInFact(world.bus, start, processId)).toBeUndefined();
  expect(world.row(name).session_id).toBe("own");
});

test("the end of a nested session is not the end of the agent", async () => {
  using world = await makeWorld();
  const { name, processId } = world.launch();
  const own = { ...base, tool: "claude", session: "own" };
  takeInFact(world.bus, { ...own, kind: "session-start", source: "startup" }, processId);
  const end = { ...base, tool: "codex", session: "nested", kind: "session-end", reason: "other" };
  takeInFact(world.bus, { ...end, kind: "session-end" }, processId);
  expect(world.row(name).session_id).toBe("own");
});

test("/resume ends a session and the agent goes on with the next one", async () => {
  using world = await makeWorld();
  const { name, processId } = world.launch();
  const own = { ...base, tool: "claude" };
  const at = (session: string) => ({ ...own, session });
  takeInFact(world.bus, { ...at("one"), kind: "session-start", source: "startup" }, processId);
  takeInFact(world.bus, { ...at("one"), kind: "session-end", reason: "resume" }, processId);
  const next = { ...at("two"), kind: "session-start", source: "resume" } as const;
  expect(takeInFact(world.bus, next, processId)?.name).toBe(name);
});
