// What a hook may skip its input for, on the real log.
import { expect, test } from "bun:test";
import { setStatus } from "../../src/bus/agents/set-status.ts";
import { nothingWaits } from "../../src/bus/mail/nothing-waits.ts";
import { updateInstance } from "../../src/store/instances.ts";
import { makeWorld, type World } from "./world.ts";

const inside = (world: World, session: string, more: Record<string, string> = {}) =>
  nothingWaits(world.from({ CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session, ...more }));

function known(world: World): string {
  const name = world.join();
  updateInstance(world.bus.db, name, { name_announced: 1 });
  setStatus(world.bus, name, { status: "active", context: "tool:Bash" });
  return name;
}

test("a known agent at work without mail has nothing to hear", async () => {
  using world = await makeWorld();
  const name = known(world);
  expect(inside(world, `s-${name}`)).toBe(true);
});

test("mail is something to hear, until it was handed over", async () => {
  using world = await makeWorld();
  const [luna, nova] = [world.join(), known(world)];
  world.say(luna, "hello", { targets: [nova] });
  expect(inside(world, `s-${nova}`)).toBe(false);
  world.turn(nova);
  setStatus(world.bus, nova, { status: "active", context: "tool:Bash" });
  expect(inside(world, `s-${nova}`)).toBe(true);
});

test("after an approval, before the first words, beside a subagent: input is read", async () => {
  using world = await makeWorld();
  const [asked, fresh, root] = [known(world), known(world), known(world)];
  setStatus(world.bus, asked, { status: "blocked", context: "approval" });
  updateInstance(world.bus.db, fresh, { name_announced: 0 });
  updateInstance(world.bus.db, fresh, { parent_name: root });
  expect([asked, fresh, root].map((name) => inside(world, `s-${name}`))).toEqual([
    false,
    false,
    false,
  ]);
});

test("an environment that does not tell whose it is says nothing", async () => {
  using world = await makeWorld();
  const name = known(world);
  const other = world.launch();
  expect(inside(world, "another-session")).toBe(false);
  expect(nothingWaits(world.from({ CLAUDECODE: "1" }))).toBe(false);
  // The process belongs to another agent by now: the session is about to move.
  expect(inside(world, `s-${name}`, { HCOM_PROCESS_ID: other.processId })).toBe(false);
});
