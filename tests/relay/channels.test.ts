// A channel that the whole group knows: three devices, members on each, every message once.
import { afterAll, beforeAll, test as everyTest, expect } from "bun:test";
import { until } from "../kit/until.ts";
import { tempDir } from "../process/lab.ts";
import {
  brokerPassword,
  type Device,
  device,
  group,
  hasBroker,
  type LabBroker,
  startBroker,
} from "./lab.ts";

const dir = tempDir();
let broker: LabBroker;
let anna: Device;
let boxe: Device;
let cora: Device;
let token = "";

const test = hasBroker ? everyTest : everyTest.skip;

beforeAll(async () => {
  if (!hasBroker) return;
  broker = await startBroker(dir.path);
  anna = device(dir.path, "ANNA");
  boxe = device(dir.path, "BOXE");
  cora = device(dir.path, "CORA");
  token = await group(broker, anna, boxe, cora);
  await anna.agent("kira");
  await boxe.agent("luna");
  await cora.agent("luna");
  await said(boxe, "create", "ops");
  await said(anna, "create", "ops", "--shared", "--max", "20");
  await said(anna, "create", "private");
  await until(async () => (await info(cora, "ops")).includes("made by ANNA"), {
    ...{ timeoutMs: 20_000, what: "the channel at CORA" },
  });
  await said(anna, "join", "ops", "--as", "kira");
  await said(cora, "join", "ops", "--as", "luna");
  await until(async () => (await info(boxe, "ops-ANNA")).includes("made by ANNA"), {
    ...{ timeoutMs: 20_000, what: "the channel at BOXE" },
  });
  await said(boxe, "join", "ops-ANNA", "--as", "luna");
  for (const [one, name] of [
    [anna, "ops"],
    [boxe, "ops-ANNA"],
    [cora, "ops"],
  ] as const) {
    await until(async () => membersIn(await info(one, name)) === 3, {
      ...{ timeoutMs: 20_000, what: `three members at ${one.short}` },
      dump: () => info(one, name),
    });
  }
}, 90_000);

afterAll(async () => {
  if (!hasBroker) return dir[Symbol.dispose]();
  for (const one of [anna, boxe, cora]) await one[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

async function said(one: Device, ...words: string[]): Promise<string> {
  const run = await one.hcom("channel", ...words);
  if (run.code !== 0) throw new Error(`${words.join(" ")}: ${run.out}${run.err}`);
  return run.out;
}

const info = async (one: Device, channel: string) =>
  (await one.hcom("channel", "info", channel)).out;

function membersIn(shown: string): number {
  return /members: +(.*)$/m.exec(shown)?.[1]?.split(", ").length ?? 0;
}

const hears = async (one: Device, name: string, seconds = "20") =>
  (await one.hcom("listen", "--name", name, "--timeout", seconds)).out;

const history = (one: Device, channel: string) => said(one, "history", channel);
const times = (text: string, part: string) => text.split(part).length - 1;

test("each shows who is in it on which device, and a namesake keeps its name", async () => {
  expect(await info(anna, "ops")).toMatch(
    /members: +kira, (luna:BOXE, luna:CORA|luna:CORA, luna:BOXE)$/m,
  );
  expect(await info(boxe, "ops-ANNA")).toContain("at most 20 members");
  expect(await info(boxe, "ops")).not.toContain("shared");
  expect((await boxe.hcom("channel", "info", "private")).code).toBe(3);
}, 30_000);

test("what one says the members on all devices have once, and others in the history", async () => {
  await said(anna, "send", "ops", "--name", "kira", "--", "the build is red");
  const [there, elsewhere] = await Promise.all([hears(boxe, "luna"), hears(cora, "luna")]);
  for (const heard of [there, elsewhere]) expect(times(heard, "the build is red")).toBe(1);
  await said(boxe, "send", "ops-ANNA", "--name", "luna", "--", "i look at it");
  const [first, third] = await Promise.all([hears(anna, "kira"), hears(cora, "luna")]);
  for (const heard of [first, third]) expect(times(heard, "i look at it")).toBe(1);
  for (const [one, name] of [
    [anna, "ops"],
    [boxe, "ops-ANNA"],
    [cora, "ops"],
  ] as const) {
    const all = await history(one, name);
    expect([times(all, "the build is red"), times(all, "i look at it")]).toEqual([1, 1]);
  }
  expect(await history(anna, "ops")).toContain("luna:BOXE");
}, 90_000);

test("the sender learns how far it got on each device", async () => {
  await said(anna, "send", "ops", "--name", "kira", "--", "who has it now?");
  await Promise.all([hears(boxe, "luna"), hears(cora, "luna")]);
  const why = async () => (await anna.hcom("why", "--name", "kira")).out;
  await until(async () => times(await why(), "arrived there after") === 2, {
    ...{ timeoutMs: 20_000, what: "both receipts", dump: why },
  });
}, 60_000);

test("who left, or wants a count only, is not told at once", async () => {
  await said(cora, "leave", "ops", "--as", "luna");
  await said(boxe, "wake", "ops-ANNA", "mute", "--as", "luna");
  await until(async () => membersIn(await info(anna, "ops")) === 2, {
    ...{ timeoutMs: 20_000, what: "its leave at ANNA" },
  });
  await said(anna, "send", "ops", "--name", "kira", "--", "for nobody now");
  await until(async () => (await history(cora, "ops")).includes("for nobody now"), {
    ...{ timeoutMs: 20_000, what: "it in the history" },
  });
  expect(await hears(cora, "luna", "1")).not.toContain("for nobody now");
  expect(await hears(boxe, "luna", "1")).not.toContain("for nobody now");
}, 60_000);

test("its settings are its maker's, and another channel stays on its device", async () => {
  const refused = await boxe.hcom("channel", "config", "ops-ANNA", "--max", "3");
  expect([refused.code, refused.err]).toEqual([
    1,
    expect.stringContaining("of ANNA, which made it"),
  ]);
  await said(anna, "config", "ops", "--max", "9");
  await until(async () => (await info(boxe, "ops-ANNA")).includes("at most 9"), {
    ...{ timeoutMs: 20_000, what: "the new limit at BOXE" },
  });
  await said(anna, "send", "private", "--name", "kira", "--", "not for others");
  await said(anna, "send", "ops", "--name", "kira", "--", "behind it");
  await until(async () => (await history(boxe, "ops-ANNA")).includes("behind it"), {
    ...{ timeoutMs: 20_000, what: "what was said after it" },
  });
  expect(JSON.stringify(await boxe.events("--last", "100", "--full"))).not.toContain(
    "not for others",
  );
}, 60_000);

test("who joins a group late has what was said in the channel once one is in it", async () => {
  await using dora = device(dir.path, "DORA");
  await dora.join(token, broker);
  await dora.agent("nova");
  await until(async () => (await info(dora, "ops")).includes("made by ANNA"), {
    ...{ timeoutMs: 20_000, what: "the channel at DORA" },
  });
  await said(dora, "join", "ops", "--as", "nova");
  await until(async () => (await history(dora, "ops")).includes("the build is red"), {
    ...{ timeoutMs: 20_000, what: "what was said before" },
    dump: async () => (await dora.hcom("relay")).out,
  });
  const all = await history(dora, "ops");
  for (const text of ["the build is red", "i look at it", "behind it"])
    expect(times(all, text)).toBe(1);
  expect(all.indexOf("the build is red")).toBeLessThan(all.indexOf("i look at it"));
  expect(await said(dora, "read", "ops", "--as", "nova")).toContain("Nothing new in ops");
  const more = await said(dora, "history", "ops", "--fetch");
  expect(more).toContain("0 more from ANNA; there is nothing older");
  const here = await anna.hcom("channel", "history", "ops", "--fetch");
  expect([here.code, here.err]).toEqual([1, expect.stringContaining("was made here")]);
}, 90_000);
test("what is said in it is kept as long as its maker says, on every device", async () => {
  await said(anna, "send", "ops", "--name", "kira", "--", "gone soon");
  const places = [
    [anna, "ops"],
    [boxe, "ops-ANNA"],
    [cora, "ops"],
  ] as const;
  for (const [one, name] of places) {
    await until(async () => (await history(one, name)).includes("gone soon"), {
      ...{ timeoutMs: 20_000, what: `the words at ${one.short}` },
    });
  }
  await said(anna, "config", "ops", "--ttl", "1");
  for (const [one, name] of places) {
    await until(async () => (await info(one, name)).includes("until 1 s after"), {
      ...{ timeoutMs: 20_000, what: `the time to live at ${one.short}` },
      dump: () => info(one, name),
    });
    await until(async () => !(await history(one, name)).includes("gone soon"), {
      ...{ timeoutMs: 20_000, what: `its end at ${one.short}` },
      dump: () => history(one, name),
    });
  }
}, 120_000);

test("in another group nobody knows it", async () => {
  expect(await info(anna, "ops")).toContain("shared");
  const flags = ["--broker", broker.url, "--password-stdin", "--ca", broker.ca, "--go"];
  const made = await anna.tell(`${brokerPassword}\n`, "relay", "new", ...flags);
  expect([made.code, made.err]).toEqual([0, ""]);
  expect(await info(anna, "ops")).not.toContain("shared");
}, 60_000);
