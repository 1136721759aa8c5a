// What is read of the log while others write to it.
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
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
