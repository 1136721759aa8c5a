// What is mostly a slip of the person is refused, with the line that was meant.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { call, refusalOf } from "../../../tests/kit/call.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { start } from "../../bus/life/start.ts";
import type { Command } from "../../cli/command.ts";
import { realSystem, type System } from "../../sys/system.ts";
import channel from "../channel.ts";
import send from "../send.ts";
import inbox from "./inbox.ts";

let home = "";
let system: System;
let bus: Bus;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-words-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  system = { ...realSystem(), env, home, cwd: home, log: () => {} };
  bus = openBus(system);
  start(bus, { tool: "adhoc", as: "luna" });
  start(bus, { tool: "adhoc", as: "nova" });
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

const refused = (command: Command, ...argv: string[]) => refusalOf(call(system, command, argv));

test("a name with a colon before the text is no message to everybody", async () => {
  const { message, hint, exit } = await refused(send, "luna: how are you");
  expect([message, hint, exit]).toEqual([
    `send: "luna:" names an agent - did you mean hcom send @luna -- 'how are you'?`,
    "to everybody: hcom send -- 'luna: how are you'",
    2,
  ]);
});

test("a word with a colon of nobody here, a mention, and what is after -- are sent", async () => {
  for (const argv of [["note: hi"], ["luna: hi @nova"], ["--", "luna: hi"]]) {
    expect((await call(system, send, argv)).text).toContain("Sent to: ");
  }
});

test("the inbox is of nobody but the person", async () => {
  const { message, hint, exit } = await refused(inbox, "--name", "luna");
  expect(message).toContain("it takes no --name");
  expect([hint, exit]).toEqual(["luna's mail: hcom listen 1 --name luna", 2]);
});

test("a file that is not there is named in words", async () => {
  expect((await refused(send, "@luna", "--file", "/nope")).message).toBe(
    "cannot read /nope: there is no such file",
  );
  expect((await refused(channel, "import", "nope")).message).toBe("there is no file nope");
});

test("the name of the person is no agent's", async () => {
  expect(() => start(bus, { tool: "adhoc", as: "bigboss" })).toThrow("it is that of the person");
});
