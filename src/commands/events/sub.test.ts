// hcom events sub and unsub over a log of their own: whose a subscription is, and who ends it.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { call, refusalOf } from "../../../tests/kit/call.ts";
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
  home = mkdtempSync(`${tmpdir()}/hcom-sub-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  system = { ...realSystem(), env, home, cwd: home, log: () => {} };
  bus = openBus(system);
  for (const as of ["luna", "nova"]) start(bus, { tool: "adhoc", as });
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

const run = (...argv: string[]) => call(system, command, argv);
const refusal = (...argv: string[]) => refusalOf(run(...argv));
const made = async (...argv: string[]) =>
  JSON.parse((await run("sub", ...argv, "--json")).text) as { id: string; created: boolean };
const own = async () => {
  const { text } = await run("sub", "list", "--json");
  const rows = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return rows.filter(({ filter }) => !String(filter).includes("collision"));
};

test("it is the caller's, another agent's, the person's, or one's from outside", async () => {
  const kinds: [string[], string][] = [
    [["stopped:nova", "--name", "luna"], "luna"],
    [["stopped:luna", "--for", "nova"], "nova"],
    [["stopped:luna", "-b"], "bigboss"],
    [["stopped:luna"], "bigboss"],
    [["stopped:nova", "--as", "ci", "--on-hit", "@luna it is over"], "ci"],
  ];
  for (const [words, owner] of kinds) {
    const { id } = await made(...words);
    const row = (await own()).find((one) => one.id === id);
    expect([words, row?.for]).toEqual([words, owner]);
  }
  const { text } = await run("sub", "idle:luna", "--for", "nova", "--once");
  expect(text).toContain("for: nova");
  expect(text).toContain("nova will be notified on the next matching event\n");
  expect((await run("sub", "created", "-b")).text).toContain("matching events\n");
});

test("the same order twice is one, with another owner or once it is another", async () => {
  const first = await made("idle:luna", "--for", "nova");
  expect(first.created).toBe(true);
  expect(await made("idle:luna", "--for", "nova")).toMatchObject({ id: first.id, created: false });
  expect((await run("sub", "idle:luna", "--for", "nova")).text).toContain("already exists");
  for (const words of [["--for", "nova", "--once"], ["-b"]]) {
    const other = await made("idle:luna", ...words);
    expect([words, other.created, other.id === first.id]).toEqual([words, true, false]);
  }
});

test("it is ended by its id, the short form of that, and its preset", async () => {
  for (const form of [(id: string) => id, (id: string) => id.replace("sub-", "")]) {
    const { id } = await made("idle:luna", "-b");
    expect((await run("unsub", form(id))).text).toBe(`Removed ${id}\n`);
    expect(await own()).toEqual([]);
  }
  await made("idle:luna", "-b");
  expect((await run("unsub", "idle:luna")).text).toStartWith("Removed ");
  expect(await own()).toEqual([]);
  expect((await refusal("unsub", "sub-nope")).exit).toBe(3);
  expect((await run("unsub")).code).toBe(2);
});

test("what nobody would hear, nobody is, or no event can be is refused", async () => {
  expect((await refusal("sub", "idle:luna", "--as", "ci")).hint).toContain("--on-hit");
  expect((await refusal("sub", "idle:luna", "-b", "--on-hit", " ")).code).toBe("empty_message");
  expect((await refusal("sub", "idle:luna", "--for", "zora")).exit).toBe(3);
  expect((await refusal("sub", "idle:zora", "-b")).exit).toBe(3);
  expect((await refusal("sub", "idel:luna", "-b")).message).toContain("did you mean idle");
  expect((await refusal("sub", "--once")).exit).toBe(2);
  expect((await refusal("sub", "list", "--once")).exit).toBe(2);
  expect((await refusal("sub", "id IN (SELECT 1)", "-b")).code).toBe("bad_sql");
  expect((await refusal("sub", "idle:luna", "--type", "message", "--status", "idle")).exit).toBe(2);
  expect(await own()).toEqual([]);
});

test("a person reads what will be told, where, and how to end it", async () => {
  const asPerson = (...argv: string[]) => call(system, command, argv, { isForPeople: true });
  const first = (await asPerson("sub", "idle:luna")).text.replaceAll(/\n {2}/g, " ");
  const [, id = ""] = /\((sub-\w+)\)/.exec(first) ?? [];
  expect(first).toBe(
    `You hear each time of idle:luna, in hcom inbox (${id}). End it: hcom events unsub ${id}\n`,
  );
  expect((await asPerson("sub", "idle:luna")).text).toContain("as before");
  const row = getInstance(bus.db, "nova")!;
  const sender = { kind: "instance", name: "nova", row } as const;
  const { id: request } = send(bus, {
    ...{ sender, targets: ["luna"], text: "look", intent: "request" },
  });
  const { text } = await asPerson("sub", "list");
  expect(text).toContain(`luna stops or rests without answering #${request}\n`);
  expect(text).not.toContain("request_watch");
  expect((await run("sub", "idle:luna")).text).toContain("historical matches: 0 events");
});
