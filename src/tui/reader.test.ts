// What is read of the log while others write to it.
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { openBus } from "../bus/bus.ts";
import { start } from "../bus/life/start.ts";
import { send } from "../bus/mail/send.ts";
import { realSystem } from "../sys/system.ts";
import { emptyWorld } from "../view/world.ts";
import { openReader } from "./reader.ts";

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function busOf(): ReturnType<typeof openBus> {
  const dir = mkdtempSync("/tmp/hr-");
  dirs.push(dir);
  const env = { HOME: dir, HCOM_DIR: `${dir}/.hcom`, PATH: "/usr/bin:/bin" };
  return openBus({ ...realSystem(), env, home: dir, log: () => {} }, { writer: "test" });
}

test("a log that is written over this one is noticed, though its file is the same", () => {
  using bus = busOf();
  start(bus, { tool: "claude", as: "luna" });
  let replaced = 0;
  const reader = openReader(bus, () => replaced++);
  expect(reader.news(emptyWorld(0))?.activity?.map((one) => one.name)).toContain("luna");
  const other = busOf();
  start(other, { tool: "claude", as: "nova" });
  const { path } = other.db;
  other[Symbol.dispose]();
  bus.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  expect(reader.news(emptyWorld(0))).toBeUndefined();
  // As `cp` does it. Both logs have as many events.
  writeFileSync(bus.db.path, readFileSync(path));
  const names = reader.news(emptyWorld(0))?.activity?.map((one) => one.name);
  expect([replaced, names]).toEqual([1, expect.arrayContaining(["nova"])]);
  expect(names).not.toContain("luna");
});

test("what is said between two looks is shown once, with its words", () => {
  using bus = busOf();
  start(bus, { tool: "claude", as: "luna" });
  const sender = { kind: "external", name: "writer" } as const;
  const say = (text: string) => send(bus, { sender, targets: ["luna"], text });
  const reader = openReader(bus);
  let world = emptyWorld(0);
  const take = (found: Partial<typeof world> | undefined) => {
    world = { ...world, ...found };
  };
  // The tail began before this was said, and the first look has it, too.
  say("one");
  take(reader.news(world));
  take(reader.news(world));
  // The look at what was before comes later than the first, and takes nothing that is still to come.
  say("two");
  take(reader.earlier());
  expect(world.messages.map((one) => one.text)).toEqual(["one"]);
  expect(world.activity.filter((one) => one.kind === "message")).toHaveLength(1);
  take(reader.news(world));
  expect(world.messages.map((one) => one.text)).toEqual(["one", "two"]);
  expect(world.activity.filter((one) => one.kind === "message")).toHaveLength(2);
  expect(reader.news(world)).toBeUndefined();
});
