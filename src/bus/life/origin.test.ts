// Whose conversation is meant: by name, by session, by title; known to hcom, or only to its tool.
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getInstance, listInstances, updateInstance } from "../../store/instances.ts";
import { realSystem } from "../../sys/system.ts";
import { type Bus, openBus } from "../bus.ts";
import { bindSession, ownSession } from "./binding/bind.ts";
import { findOrigin } from "./origin.ts";
import { type LaunchedAs, prepareInstance } from "./prepare-instance.ts";
import { start } from "./start.ts";
import { stopInstance } from "./stop.ts";

const root = mkdtempSync("/tmp/origin-");
afterAll(() => rmSync(root, { recursive: true, force: true }));
const session = "0f1e2d3c-0000-4000-8000-00000000000";
let serial = 0;

function place(): { bus: Bus; put(path: string, ...lines: object[]): void } {
  const home = join(root, String(++serial));
  const env = { HCOM_DIR: `${home}/h`, HOME: home };
  const system = { ...realSystem(), env, home, cwd: root, log: () => {} };
  return {
    bus: openBus(system),
    put(path, ...lines) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
      writeFileSync(join(home, path), text);
    },
  };
}

/** An agent whose session has begun. */
function agent(bus: Bus, id: string, as: Partial<LaunchedAs> = {}): string {
  const { row, processId } = prepareInstance(bus, {
    ...{ tool: "claude", tag: "team", directory: root, by: "user", isHeadless: false },
    ...{ launchArgs: ["--model", "opus", "fix it"], isAnnounced: false },
    ...as,
  });
  bindSession(bus, { session: id, processId, mayRestore: true });
  return row.name;
}

test("a stopped agent is found by name, by its whole name and by its session", async () => {
  const { bus } = place();
  const name = agent(bus, `${session}1`);
  stopInstance(bus, name, { by: "user", reason: "killed" });
  for (const written of [name, `@${name}`, `team-${name}`, `${session}1`]) {
    expect(await findOrigin(bus, written)).toMatchObject({
      name,
      session: `${session}1`,
      directory: root,
      tag: "team",
      isLive: false,
      // The prompt was that launch's.
      args: ["--model", "opus"],
    });
  }
});

test("one that is here is live, by name and by session", async () => {
  const { bus } = place();
  const name = agent(bus, `${session}2`);
  expect(await findOrigin(bus, name)).toMatchObject({ name, isLive: true });
  expect(await findOrigin(bus, `${session}2`)).toMatchObject({ name, isLive: true });
});

test("a session that goes on under another name is that one's", async () => {
  const { bus } = place();
  const name = agent(bus, `${session}0`);
  stopInstance(bus, name, { by: "user", reason: "killed" });
  const other = agent(bus, `${session}a`);
  ownSession(bus, other, { session: `${session}0`, processId: undefined });
  expect(await findOrigin(bus, name)).toMatchObject({ name: other, isLive: true });
});

test("who left no session cannot go on, and it is said how its name can", async () => {
  const { bus } = place();
  const { row } = prepareInstance(bus, {
    ...{ tool: "adhoc", tag: null, directory: root, by: "user", isHeadless: false },
    ...{ launchArgs: [], isAnnounced: false },
  });
  stopInstance(bus, row.name, { by: "user", reason: "stopped" });
  await expect(findOrigin(bus, row.name)).rejects.toMatchObject({
    code: "no_session",
    hint: expect.stringContaining(`hcom start --as ${row.name}`),
  });
  await expect(findOrigin(bus, "nobody")).rejects.toMatchObject({ code: "not_found", exit: 3 });
});

test("a session that hcom never saw is found where its tool keeps it", async () => {
  const { bus, put } = place();
  const meta = { type: "session_meta", payload: { id: `${session}4`, cwd: "/srv/other" } };
  put(".claude/projects/-srv-app/x.jsonl", { type: "summary" });
  put(`.claude/projects/-srv-app/${session}3.jsonl`, { type: "mode" }, { cwd: "/srv/app" });
  put(`.codex/sessions/2026/11/28/rollout-2026-11-28T10-00-00-${session}4.jsonl`, meta);
  const claude = await findOrigin(bus, `${session}3`);
  expect(claude).toMatchObject({ name: undefined, directory: "/srv/app", isLive: false });
  expect(claude.tool.name).toBe("claude");
  const codex = await findOrigin(bus, `${session}4`);
  expect([codex.tool.name, codex.directory]).toEqual(["codex", "/srv/other"]);
});

test("the last title that its person gave it leads to a session", async () => {
  const { bus, put } = place();
  const titled = (customTitle: string, sessionId: string) => ({
    ...{ type: "custom-title", customTitle, sessionId },
  });
  const [one, two] = [`${session}5`, `${session}6`];
  put(`.claude/projects/-a/${one}.jsonl`, titled("first", one), titled("Billing", one));
  put(`.claude/projects/-b/${two}.jsonl`, { cwd: "/b" }, titled("first", two));
  put(".codex/session_index.jsonl", { id: `${session}7`, thread_name: "billing" });
  expect(await findOrigin(bus, "first")).toMatchObject({ session: two, directory: "/b" });
  await expect(findOrigin(bus, "billing")).rejects.toMatchObject({
    code: "ambiguous",
    hint: expect.stringContaining(`${one} (claude)`),
  });
});

test("the agent that comes back is the same one, with what it had not read", () => {
  const { bus } = place();
  const name = agent(bus, `${session}8`);
  const before = stoppedRow(bus, name);
  const after = resumed(bus, name, `${session}8`);
  expect(after).toMatchObject({
    name,
    principal: before.principal,
    session_id: `${session}8`,
    last_event_id: before.last_event_id,
    status: "pending",
  });
});

test("of two sessions that had one name the one that is asked for comes back", async () => {
  const { bus } = place();
  const name = agent(bus, `${session}b`);
  const first = stoppedRow(bus, name);
  resumed(bus, name, `${session}b`);
  // The name begins anew in another session, and reads on.
  ownSession(bus, name, { session: `${session}c`, processId: undefined });
  updateInstance(bus.db, name, { last_event_id: 900, hints: "of the second" });
  stopInstance(bus, name, { by: "user", reason: "killed" });
  expect(await findOrigin(bus, `${session}b`)).toMatchObject({ name, session: `${session}b` });
  expect(await findOrigin(bus, name)).toMatchObject({ session: `${session}c` });
  expect(resumed(bus, name, `${session}b`)).toMatchObject({
    ...{ session_id: `${session}b`, last_event_id: first.last_event_id, hints: first.hints },
  });
});

test("a session is taken up once: who comes second is told who has it", () => {
  const { bus } = place();
  const name = agent(bus, `${session}d`);
  stoppedRow(bus, name);
  resumed(bus, name, `${session}d`);
  expect(() => resumed(bus, name, `${session}d`)).toThrow(`${name} has taken up this session`);
  expect(() => resumed(bus, undefined, `${session}d`)).toThrow("has taken up this session");
  const never = resumed(bus, undefined, `${session}e`);
  expect(() => resumed(bus, undefined, `${session}e`)).toThrow(`${never.name} has taken up`);
  expect(listInstances(bus.db)).toHaveLength(2);
});

test("a return that failed leaves everything where it was", async () => {
  const { bus } = place();
  const name = agent(bus, `${session}9`);
  const before = stoppedRow(bus, name);
  resumed(bus, name, `${session}9`);
  stopInstance(bus, name, { by: "system", reason: "stale_cleanup", isPlaceholder: true });
  const found = await findOrigin(bus, name);
  expect(found).toMatchObject({ isLive: false, principal: before.principal });
  expect(found.session).toBe(`${session}9`);
});

function stoppedRow(bus: Bus, name: string) {
  const row = getInstance(bus.db, name);
  stopInstance(bus, name, { by: "user", reason: "killed" });
  if (row === undefined) throw new Error(`no row of ${name}`);
  return row;
}

function resumed(bus: Bus, name: string | undefined, id: string) {
  const origin = {
    ...{ as: "resume" as const, session: id, name, principal: undefined, tag: null, args: [] },
    ...{ directory: root, isHeadless: false, isLive: false, tool: {} as never },
  };
  return prepareInstance(bus, {
    ...{ tool: "claude", tag: "team", directory: root, by: "user", isHeadless: false },
    ...{ launchArgs: [], isAnnounced: false, origin },
  }).row;
}

test("a session is its name's also when a shell has had the name since", async () => {
  const { bus } = place();
  const name = agent(bus, `${session}b`);
  stopInstance(bus, name, { by: "user", reason: "stopped" });
  start(bus, { as: name, tool: "adhoc", name: undefined });
  stopInstance(bus, name, { by: "user", reason: "killed" });
  expect(await findOrigin(bus, name)).toMatchObject({ name, session: `${session}b` });
});
