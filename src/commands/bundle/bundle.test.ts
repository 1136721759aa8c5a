// The command and the bundles that go with a message, over a log and files of their own.
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call, refusalOf } from "../../../tests/kit/call.ts";
import { listBundles } from "../../bus/bundles/find.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { start } from "../../bus/life/start.ts";
import { stopInstance } from "../../bus/life/stop.ts";
import type { Command } from "../../cli/command.ts";
import { appendEvent, isoTime } from "../../store/events.ts";
import { updateInstance } from "../../store/instances.ts";
import { realSystem, type System } from "../../sys/system.ts";
import send from "../send.ts";
import bundle from "./bundle.ts";

let home = "";
let system: System;
let bus: Bus;
let said = "";

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-bundle-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  mkdirSync(`${home}/.claude`);
  mkdirSync(`${home}/repo`);
  writeFileSync(`${home}/repo/a.ts`, "export const a = 1;\nlet b;\n");
  system = { ...realSystem(), env, home, cwd: `${home}/repo`, log: () => {} };
  bus = openBus(system);
  start(bus, { tool: "claude", as: "luna" });
  start(bus, { tool: "adhoc", as: "nova" });
  const recorded = join(import.meta.dir, "../../tools/claude/fixtures/2.1.329/work.jsonl");
  copyFileSync(recorded, `${home}/.claude/work.jsonl`);
  const session = { transcript_path: `${home}/.claude/work.jsonl`, session_id: "s-1" };
  updateInstance(bus.db, "luna", session);
});
afterEach(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

async function run(command: Command, ...argv: string[]): Promise<string> {
  const { code, text, notes } = await call(system, command, argv);
  expect(code).toBe(0);
  said = notes;
  return text;
}

const refusal = (command: Command, ...argv: string[]) => refusalOf(run(command, ...argv));

const parts = ["--description", "open: the tests", "--events", "1,2-3", "--files", "a.ts"];
const create = (...more: string[]) =>
  run(bundle, "create", "Login", ...parts, "--transcript", "luna:1-2", ...more);

test("a bundle is made, listed, shown and opened by the beginning of its id", async () => {
  const id = (await create()).trim();
  expect(id).toMatch(/^bundle:[0-9a-f]{8}$/);
  expect(await run(bundle)).toContain(`${id}  Login`);
  const short = id.slice(7, 11);
  const shown = await run(bundle, short);
  expect(shown).toContain("transcript: luna 1-2 (normal)");
  expect(shown).toBe(await run(bundle, "show", id));
  const open = await run(bundle, "cat", short);
  for (const line of [
    `  ${home}/repo/a.ts  as it was  27 bytes`,
    "    | export const a = 1;",
    "  [2] USER: [[RUN echo only-tools]]",
    "  #1  ",
    "luna  was created",
  ]) {
    expect(open).toContain(line);
  }
  expect(open).not.toContain("[3] USER");
});

test("a file that has changed or vanished since is told of, a missing one at once", async () => {
  writeFileSync(`${home}/repo/b.ts`, "b");
  const id = (await create("--files", "b.ts,nowhere.ts")).trim();
  expect(said).toBe("(nowhere.ts: there is no such file)\n");
  await create("--events", "1,900-990");
  expect(said).toBe("(900-990: nothing of it is in the log)\n");
  expect(await run(bundle, "list", "--last", "0")).toBe(
    "0 of 2 shown; more: hcom bundle list --last 2\n",
  );
  appendFileSync(`${home}/repo/a.ts`, "more");
  rmSync(`${home}/repo/b.ts`);
  const { files } = JSON.parse(await run(bundle, "cat", id, "--json"));
  const states = files.map(({ ref, state }: { ref: string; state: string }) => [ref, state]);
  expect(states).toEqual([
    ["a.ts", "changed"],
    ["b.ts", "gone"],
    ["nowhere.ts", "gone"],
  ]);
});

test("a transcript of who has stopped is still in it, of another session not", async () => {
  const id = (await create()).trim();
  stopInstance(bus, "luna", { by: "user", reason: "killed" });
  expect(await run(bundle, "cat", id)).toContain("[1] USER: ");
  start(bus, { tool: "claude", as: "luna" });
  const next = { transcript_path: `${home}/.claude/work.jsonl`, session_id: "s-2" };
  updateInstance(bus.db, "luna", next);
  const open = await run(bundle, "cat", id);
  expect(open).toContain("luna has begun another conversation since");
  expect(open).not.toContain("[1] USER: ");
});

test("an agent's bundle looks into files of its directory alone", async () => {
  writeFileSync(`${home}/secret`, "the key");
  symlinkSync(`${home}/secret`, `${home}/repo/link`);
  system = { ...system, env: { ...system.env, CLAUDECODE: "1" } };
  await create("--files", `${home}/secret,link`, "--name", "luna");
  const [made] = listBundles(bus, 1).bundles;
  const looked = made?.data.file_facts?.map((one) => one.sha256 !== undefined);
  expect(looked).toEqual([true, false, false]);
  expect(JSON.stringify(made)).not.toContain("the key");
  writeFileSync(`${home}/bundle.json`, "{}");
  const elsewhere = await refusal(bundle, "create", "--bundle-file", `${home}/bundle.json`);
  expect(elsewhere.message).toContain("is not below");
});

test("an agent does not learn from a bundle whether a file of others is there", async () => {
  writeFileSync(`${home}/secret`, "the key");
  mkdirSync(`${home}/repo/sub`);
  const links = { there: `${home}/secret`, away: `${home}/nowhere`, up: home };
  for (const [name, to] of Object.entries(links)) symlinkSync(to, `${home}/repo/${name}`);
  system = { ...system, env: { ...system.env, CLAUDECODE: "1" } };
  const pairs = [
    [`${home}/secret`, `${home}/nowhere`],
    ["../secret", "../nowhere"],
    ["sub/../../secret", "sub/../../nowhere"],
    ["there", "away"],
    ["up/secret", "up/nowhere"],
  ] as const;
  for (const [is, isNot] of pairs) {
    const answers = [];
    for (const path of [is, isNot]) {
      const id = (await create("--files", path, "--name", "luna")).trim();
      const told = said;
      const { files } = JSON.parse(await run(bundle, "cat", id, "--json"));
      const file = await refusal(bundle, "create", "--bundle-file", path);
      const texts = [told, JSON.stringify(files[1]), file.message, file.hint];
      answers.push(
        texts.map((text) => text?.replaceAll(path, "PATH").replace(/"path":"[^"]*"/, "")),
      );
    }
    expect(answers[0]).toEqual(answers[1]!);
    expect(answers[0]?.[1]).toContain('"state":"outside"');
  }
  await create("--files", "sub/none", "--name", "luna");
  expect(said).toContain("there is no such file");
});

test("whatever another program wrote into a bundle, no line of ours is forged by it", async () => {
  const evil = "x\r\n\x1b[2Jforged \u2028forged\u0085forged";
  const data = {
    ...{ bundle_id: `bundle:33333333${evil}`, title: evil, description: evil, created_by: evil },
    refs: {
      events: [evil],
      files: [evil],
      transcript: [{ range: evil, detail: evil, note: evil, agent: evil, session: evil }],
    },
    extends: evil,
    file_facts: [{ ref: evil, path: `/${evil}`, excerpt: evil, bytes: 1, sha256: evil }],
  };
  appendEvent(bus.db, { type: "bundle", instance: "luna", timestamp: isoTime(Date.now()), data });
  for (const words of [["list"], ["show", "3333"], ["cat", "3333"], ["chain", "3333"]]) {
    const text = await run(bundle, ...words);
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/);
    // The description may have lines, and so may what stood in a file.
    const forged = text.split("\n").filter((line) => line.startsWith("forged"));
    expect([words[0], forged.length]).toEqual([words[0], /show|cat/.test(words[0]!) ? 1 : 0]);
    await run(bundle, ...words, "--json");
  }
});

test("who has no transcript names whose, and a name that was never here is a slip", async () => {
  const none = await refusal(bundle, "create", "x", ...parts, "--transcript", "1-2");
  expect(none.message).toContain("whose transcript?");
  const slip = await refusal(bundle, "create", "x", ...parts, "--transcript", "zora:1");
  expect(slip.exit).toBe(3);
  expect(listBundles(bus, 9).total).toBe(0);
});

test("a chain goes back to where it began, also where somebody made a circle", async () => {
  const first = (await create()).trim();
  const second = (await create("--extends", first.slice(7, 12))).trim();
  const chain = await run(bundle, "chain", second);
  expect(chain.split("\n").map((line) => /bundle:\w+/.exec(line)?.[0])).toEqual([
    second,
    first,
    undefined,
  ]);
  expect((await create("--extends", "bundle:00000000")).trim()).toMatch(/^bundle:/);
  expect(said).toContain("there is no bundle bundle:00000000");
  const row = { bundle_id: "bundle:11111111", title: "circle", extends: "bundle:11111111" };
  const timestamp = isoTime(Date.now());
  appendEvent(bus.db, { type: "bundle", instance: "luna", timestamp, data: row });
  expect((await run(bundle, "chain", "1111")).trim().split("\n")).toHaveLength(1);
});

test("what another program wrote as a bundle is shown as far as it goes", async () => {
  const data = {
    bundle_id: "bundle:22222222",
    refs: { events: [1, null], transcript: ["1:full"] },
  };
  appendEvent(bus.db, { type: "bundle", instance: "luna", timestamp: isoTime(Date.now()), data });
  const open = await run(bundle, "cat", "2222");
  expect(open).toContain("[1] USER: ");
  expect(open).toContain("null: is no range of events");
});

test("a message says which bundle came with it, and both are in the log or neither", async () => {
  const flags = ["--title", "Login", ...parts, "--transcript", "luna:1"];
  const sent = JSON.parse(await run(send, "@nova", ...flags, "--json", "--", "take", "over"));
  const [made] = listBundles(bus, 9).bundles;
  expect(sent.bundle_id).toBe(made?.data.bundle_id);
  const row = bus.db.get<{ data: string }>("SELECT data FROM events WHERE id = ?", sent.id);
  const { text, bundle_id } = JSON.parse(row?.data ?? "");
  expect(bundle_id).toBe(sent.bundle_id);
  expect(text).toBe(
    [
      "take over",
      "",
      `[Bundle ${sent.bundle_id}]`,
      "Login",
      "open: the tests",
      "2 entries of the log, 1 file, 1 part of a transcript",
      `View bundle: hcom bundle cat ${sent.bundle_id}`,
    ].join("\n"),
  );
  await refusal(send, "@zora", ...flags, "--", "hi");
  await refusal(send, "@nova", "--title", "x", "--", "hi");
  await refusal(send, "@nova", ...flags, "--", " ");
  const count = bus.db.get("SELECT count(*) AS n FROM events WHERE type IN ('bundle', 'message')");
  expect(count).toEqual({ n: 2 });
});

test("a proposal holds what was said, done and written, and a command that makes it", async () => {
  await run(send, "@luna", "-b", "--", "look at this");
  const edit = { status: "active", context: "tool:Edit", detail: "/w/it's.ts" };
  const timestamp = isoTime(Date.now());
  appendEvent(bus.db, { type: "status", instance: "luna", timestamp, data: edit });
  const found = JSON.parse(await run(bundle, "prepare", "--for", "luna", "--json", "--compact"));
  expect(found.transcript).toEqual({ total: 3, range: "1-3" });
  expect(found.files).toEqual(["/w/it's.ts"]);
  expect(found.events.messages_to).toHaveLength(1);
  expect(found.events.file_operations).toHaveLength(1);
  expect(found.events.lifecycle.length).toBeGreaterThan(0);
  expect(found.command).toContain(String.raw`--files '/w/it'\''s.ts' --transcript luna:1-3:normal`);
  const text = await run(bundle, "preview", "--for", "luna");
  expect(text).toContain("look at this");
  expect(text).toContain("[3] USER: a plain question");
  stopInstance(bus, "luna", { by: "user", reason: "killed" });
  expect(await run(bundle, "prepare", "--for", "luna", "--compact")).toContain(
    "Transcript: 1-3 of 3",
  );
});

test("of an agent of a group that has stopped all screens say the full name", async () => {
  start(bus, { tool: "adhoc", as: "riko" });
  updateInstance(bus.db, "riko", { tag: "api" });
  await run(send, "@luna", "--from", "ops", "--", "hello");
  stopInstance(bus, "riko", { by: "user", reason: "external" });
  const text = await run(bundle, "prepare", "--for", "riko");
  expect(text).toMatch(/api-riko +.*stopped by a person/);
  expect(text).not.toMatch(/(?<!api-)\briko +.*stopped/);
});
