// The command over a log of its own: archives asked along, and what ends a person's waiting.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { call, refusalOf } from "../../../tests/kit/call.ts";
import { append } from "../../bus/append.ts";
import { resetLog } from "../../bus/archive/reset.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { start } from "../../bus/life/start.ts";
import { send } from "../../bus/mail/send.ts";
import { getInstance } from "../../store/instances.ts";
import { realSystem, type System } from "../../sys/system.ts";
import command from "./events.ts";

let home = "";
let system: System;
let bus: Bus;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-events-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  system = { ...realSystem(), env, home, cwd: home, log: () => {} };
  bus = openBus(system);
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

const run = (isForPeople: boolean, ...argv: string[]) =>
  call(system, command, argv, { isForPeople });

function join(name: string): void {
  start(bus, { tool: "adhoc", as: name });
}

function say(from: string, to: string, text: string): void {
  const row = getInstance(bus.db, from)!;
  send(bus, { sender: { kind: "instance", name: from, row }, targets: [to], text });
}

/** Three generations, each with an agent of its own and one message. */
async function generations(): Promise<void> {
  for (const [name, text] of [
    ["luna", "first"],
    ["nova", "second"],
    ["kira", "third"],
  ] as const) {
    if (name !== "luna") await resetLog(bus, "user");
    join(name);
    say(name, "bigboss", text);
  }
}

const parsed = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("--all asks the archives, too, and says where each event is from", async () => {
  await generations();
  const rows = parsed((await run(false, "--all", "--type", "message")).text);
  expect(rows.map((row) => row.data.text)).toEqual(["first", "second", "third"]);
  expect(rows.map((row) => row.source)).toEqual([
    expect.stringMatching(/^session-/),
    expect.stringMatching(/^session-/),
    "current",
  ]);
  const two = parsed((await run(false, "--all", "--type", "message", "--last", "2")).text);
  expect(two.map((row) => row.data.text)).toEqual(["second", "third"]);
  const people = (await run(true, "--all", "--type", "message")).text;
  expect(people).toMatch(/^session-.*\n.*first\nsession-.*\n.*second\ncurrent\n.*third\n$/);
});

test("--all knows who was only there before, and not who never was", async () => {
  await generations();
  const rows = parsed((await run(false, "--all", "--from", "luna")).text);
  expect(rows.map((row) => row.data.text)).toEqual(["first"]);
  expect((await refusalOf(run(false, "--all", "--from", "zora"))).message).toContain("zora");
  expect((await refusalOf(run(false, "--all", "--follow"))).code).toBe("usage");
});

test("an archive that cannot be read is left out", async () => {
  await generations();
  const [path] = new Bun.Glob("archive/*/hcom.db").scanSync({ cwd: `${home}/.hcom` });
  writeFileSync(`${home}/.hcom/${path}`, "no database");
  const rows = parsed((await run(false, "--all", "--type", "message")).text);
  expect(rows).toHaveLength(2);
});

const never = ["--wait", "20", "--type", "life", "--action", "stopped"];

test("a person at a terminal who waits is told of mail that names them", async () => {
  join("luna");
  say("luna", "bigboss", "lies about");
  const waiting = run(true, ...never);
  say("luna", "bigboss", "look here");
  const { code, text } = await waiting;
  expect([code, text]).toEqual([
    0,
    expect.stringMatching(/^No match yet, but mail for you: #\d+\n$/),
  ]);
});

test("a script of the person's waits for the match alone", async () => {
  join("luna");
  const waiting = run(false, "--wait", "0.3", ...never.slice(2));
  say("luna", "bigboss", "look here");
  expect(await waiting).toEqual({ code: 1, text: '{"timed_out":true}\n', notes: "" });
});

test("a person reads what was asked, whose mail came, and what it did itself", async () => {
  join("luna");
  const asked = {
    status: "active",
    context: "prompt",
    position: 0,
    detail: "run hcom start",
  } as const;
  append(bus, { type: "status", instance: "luna", data: asked });
  const reads = { status: "active", context: "deliver:bigboss", position: 0 } as const;
  append(bus, { type: "status", instance: "luna", data: reads });
  append(bus, { type: "life", instance: "luna", data: { action: "ready", by: "user" } });
  const { text } = await run(true, "--agent", "luna", "--last", "3");
  expect(text).toMatch(/luna +prompted: run hcom start\n/);
  expect(text).toMatch(/luna +mail from bigboss\n/);
  expect(text).toMatch(/luna +is ready \(by you\)\n/);
  const script = await run(false, "--agent", "luna", "--last", "3");
  expect(script.text).toContain('"context":"deliver:bigboss"');
});
