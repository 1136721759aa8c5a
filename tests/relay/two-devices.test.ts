// Two devices and a broker with password and TLS: what a person sees on both.
import { afterAll, beforeAll, describe, test as everyTest, expect } from "bun:test";
import { statSync } from "node:fs";
import { until } from "../kit/until.ts";
import { tempDir } from "../process/lab.ts";
import {
  brokerPassword,
  closeAll,
  type Device,
  hasBroker,
  type LabBroker,
  twoDevices,
} from "./lab.ts";

const dir = tempDir();
let broker: LabBroker;
let anna: Device;
let boxe: Device;
let token = "";

const test = hasBroker ? everyTest : everyTest.skip;

beforeAll(async () => {
  if (!hasBroker) return;
  ({ broker, anna, boxe, token } = await twoDevices(dir.path));
}, 60_000);

afterAll(() => closeAll(dir, anna, boxe, broker));

const names = async (one: Device) =>
  (await one.list()).map((row) => row["base_name"] ?? row["name"]);
const sees = (one: Device, name: string) =>
  until(async () => (await names(one)).includes(name), {
    timeoutMs: 15_000,
    what: `${name} at ${one.short}`,
  });

const messages = async (one: Device, text: string) =>
  (await one.events("--type", "message", "--last", "50")).filter((row) =>
    JSON.stringify(row).includes(text),
  );

test("each lists the other's agents", async () => {
  await Promise.all([sees(anna, "luna:BOXE"), sees(boxe, "kira:ANNA")]);
}, 30_000);

test("a message reaches one agent on the other device once, and says from where", async () => {
  await sees(anna, "luna:BOXE");
  const sent = await anna.hcom("send", "@luna:BOXE", "--", "look at the build");
  expect([sent.code, sent.err]).toEqual([0, ""]);
  const heard = await boxe.hcom("listen", "--name", "luna", "--timeout", "15");
  expect(heard.out).toMatch(/\[new message #\d+:ANNA\] bigboss:ANNA → luna: look at the build/);
  expect(await messages(boxe, "look at the build")).toHaveLength(1);
}, 40_000);

test("an unfinished name with its device is enough, and a bare one is local only", async () => {
  const sent = await anna.hcom("send", "@luna:B", "--", "by a beginning");
  expect(sent.code).toBe(0);
  await until(async () => (await messages(boxe, "by a beginning")).length === 1, {
    timeoutMs: 10_000,
    what: "the message",
  });
  const refused = await anna.hcom("send", "@luna", "--", "nobody here");
  expect(refused.code).toBe(3);
  expect(refused.err).toContain("@luna:BOXE");
}, 30_000);

test("a broadcast reaches agents on both", async () => {
  expect((await boxe.hcom("send", "--", "hello everybody")).out).toContain("kira:ANNA");
  const heard = await anna.hcom("listen", "--name", "kira", "--timeout", "15");
  expect(heard.out).toContain("hello everybody");
}, 30_000);

describe("status", () => {
  test("says connected, who else is there, and what is queued", async () => {
    await until(async () => (await anna.hcom("relay")).out.includes("up to date"), {
      timeoutMs: 10_000,
      what: "an empty queue",
    });
    const { out } = await anna.hcom("relay", "status");
    expect(out).toContain("connected");
    expect(out).toMatch(/^Device: +ANNA$/m);
    expect(out).toMatch(/online: +BOXE \(/);
    const found = JSON.parse((await anna.hcom("relay", "--json")).out);
    expect(found).toMatchObject({
      configured: true,
      enabled: true,
      device: "ANNA",
      health: { kind: "connected" },
    });
    expect(found.devices).toMatchObject([{ short: "BOXE", presence: "online", agents: 1 }]);
  }, 30_000);

  test("the key, the token and the broker's password stand in a private file only", async () => {
    const { out } = await anna.hcom("relay", "--json");
    const psk =
      /psk = "(.+)"/.exec(await Bun.file(`${anna.env["HCOM_DIR"]}/config.toml`).text())?.[1] ?? "?";
    const log = await Bun.file(`${anna.env["HCOM_DIR"]}/.tmp/logs/hcom.log`)
      .text()
      .catch(() => "");
    const pid = await anna.worker();
    const ps = await Bun.file(`/proc/${pid}/cmdline`).text();
    const env = await Bun.file(`/proc/${pid}/environ`).text();
    for (const secret of [psk, token, brokerPassword]) {
      expect([out, log, ps, env].some((text) => text.includes(secret))).toBe(false);
    }
    expect(statSync(`${anna.env["HCOM_DIR"]}/config.toml`).mode & 0o077).toBe(0);
    expect(statSync(`${anna.env["HCOM_DIR"]}/.tmp/relay-worker.json`).mode & 0o077).toBe(0);
  }, 30_000);
});

test("off takes leave at once, and on comes back with what was said meanwhile", async () => {
  expect((await boxe.hcom("relay", "off")).out).toContain("Relay: disabled");
  await until(async () => !(await names(anna)).includes("luna:BOXE"), {
    timeoutMs: 5000,
    what: "its leave",
  });
  await boxe.hcom("send", "@luna", "--", "said while away");
  expect((await boxe.hcom("relay", "on")).out).toContain("connected");
  await sees(anna, "luna:BOXE");
  await until(async () => (await messages(anna, "said while away")).length === 1, {
    timeoutMs: 10_000,
    what: "what was said",
  });
}, 40_000);
