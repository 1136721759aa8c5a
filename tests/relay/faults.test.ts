// What goes wrong between two devices and their broker: each has its sentence, and nothing is lost.
import { afterAll, beforeAll, describe, test as everyTest, expect } from "bun:test";
import { until } from "../kit/until.ts";
import { hcom, tempDir } from "../process/lab.ts";
import {
  brokerPassword,
  closeAll,
  type Device,
  device,
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
  await sees(anna, "luna:BOXE");
}, 60_000);

afterAll(() => closeAll(dir, anna, boxe, broker));

const sees = (one: Device, name: string) =>
  until(async () => (await one.list()).some((row) => row["base_name"] === name), {
    timeoutMs: 20_000,
    what: `${name} at ${one.short}`,
  });

const texts = async (one: Device, like: RegExp): Promise<string[]> => {
  const rows = await one.events("--type", "message", "--full", "--last", "1000");
  const all = rows.map((row) => (row["data"] as { text: string }).text);
  return all.filter((text) => like.test(text));
};

const arrives = (one: Device, like: RegExp, count = 1) =>
  until(async () => (await texts(one, like)).length >= count && texts(one, like), {
    timeoutMs: 30_000,
    what: `${count} of ${like} at ${one.short}`,
    dump: async () => (await one.hcom("relay")).out,
  });

const isConnected = (one: Device) =>
  until(async () => (await one.hcom("relay")).out.includes("connected"), {
    timeoutMs: 40_000,
    what: `${one.short} connected`,
    dump: async () => (await one.hcom("relay")).out,
  });

describe("joining is refused in words", () => {
  const stranger = () => device(dir.path, "FOGE");
  test("with a token that lost its end", async () => {
    const run = await stranger().tell(token.slice(0, -30), "relay", "connect", "-");
    expect([run.code, run.err]).toEqual([2, expect.stringContaining("no token of a group")]);
  });

  test("with one of a time without keys", async () => {
    const run = await stranger().hcom("relay", "connect", "AaGyw9Tl9niQq83vEjRWeJAC");
    expect([run.code, run.err]).toEqual([1, expect.stringContaining("holds no key")]);
  });

  test("where no broker is", async () => {
    const run = await stranger().hcom("relay", "new", "--broker", "mqtt://127.0.0.1:1");
    expect([run.code, run.err]).toEqual([1, expect.stringContaining("nothing listens there")]);
    expect((await stranger().hcom("relay")).out).toContain("not configured");
  });

  test("where the certificate is nobody's that we trust", async () => {
    const run = await stranger().hcom("relay", "new", "--broker", broker.url);
    expect([run.code, run.err]).toEqual([1, expect.stringContaining("certificate is not trusted")]);
  });

  test("with a wrong password, which the status says", async () => {
    await using other = stranger();
    const input = `${token}\nwrong\n`;
    const run = await other.tell(
      input,
      "relay",
      "connect",
      "-",
      "--password-stdin",
      "--ca",
      broker.ca,
    );
    expect([run.code, run.out]).toEqual([1, expect.stringContaining("refuses our password")]);
    expect((await other.hcom("relay")).out).toContain("refuses our password");
    await other.hcom("relay", "off");
  }, 30_000);

  test("of the server that spoke HTTP, with a pointer", async () => {
    const run = await stranger().hcom("relay", "hf", "hf_token");
    expect([run.code, run.err]).toEqual([1, expect.stringContaining("hcom relay new")]);
  });
});

test("500 messages said while a device was away come in their order, each once", async () => {
  await boxe.hcom("relay", "off");
  const { send } = await import("../../src/bus/mail/send.ts");
  const sender = { kind: "external", name: "bigboss" } as const;
  for (let n = 0; n < 500; n++) send(anna.bus, { sender, targets: [], text: `away ${n}` });
  await until(async () => (await anna.hcom("relay")).out.includes("up to date"), {
    timeoutMs: 20_000,
    what: "all of it at the broker",
  });
  await boxe.hcom("relay", "on");
  await arrives(boxe, /^away 499$/);
  expect(await texts(boxe, /^away \d+$/)).toEqual(
    Array.from({ length: 500 }, (_, n) => `away ${n}`),
  );
}, 90_000);

const wide = { emoji: "x\u{1f30d}", ideographs: "\u4e16\u754c", quotes: '"\\', controls: "\t\n" };
for (const [kind, unit] of Object.entries(wide)) {
  test(`a message of 300,000 characters arrives whole: ${kind}`, async () => {
    await sees(anna, "luna:BOXE");
    const text = `long ${kind} ${unit.repeat(300_000 / unit.length)} end`;
    const run = await anna.tell(text, "send", "@luna:BOXE", "--stdin");
    expect([run.code, run.err]).toEqual([0, ""]);
    const like = new RegExp(`^long ${kind} `);
    const [whole] = await arrives(boxe, like);
    expect(whole === text).toBe(true);
    expect(await texts(boxe, like)).toHaveLength(1);
  }, 60_000);
}

test("a broker that restarts is found again, and what was said meanwhile goes out", async () => {
  await broker.stop();
  await until(async () => (await anna.hcom("relay")).out.includes("error"), {
    timeoutMs: 20_000,
    what: "the error in the status",
  });
  await anna.hcom("send", "@luna:BOXE", "--", "said without a broker");
  expect((await anna.hcom("why")).out).toContain("waiting to leave this machine");
  expect((await anna.hcom("relay")).out).toMatch(/[1-9]\d* events pending/);
  await broker.start();
  await Promise.all([isConnected(anna), isConnected(boxe)]);
  await arrives(boxe, /^said without a broker$/);
  expect(await texts(boxe, /^said without a broker$/)).toHaveLength(1);
}, 120_000);

test("a worker that is killed is started again by the next message, and goes on", async () => {
  const pid = await anna.worker();
  process.kill(pid, "SIGKILL");
  await until(async () => (await anna.hcom("relay")).out.includes("has died"), {
    timeoutMs: 10_000,
    what: "its death in the status",
  });
  expect((await anna.hcom("send", "@luna:BOXE", "--", "said to a dead worker")).code).toBe(0);
  await arrives(boxe, /^said to a dead worker$/);
  expect(await texts(boxe, /^said to a dead worker$/)).toHaveLength(1);
  expect(await anna.worker()).not.toBe(pid);
}, 60_000);

test("a second worker of one directory ends at once", async () => {
  const run = await hcom(anna.env, ["relay-worker"]);
  expect(run.code).toBe(1);
  expect((await anna.hcom("relay")).out).toContain("connected");
});

test("told to end, a worker takes its leave within a second", async () => {
  const pid = await boxe.worker();
  const began = performance.now();
  process.kill(pid, "SIGTERM");
  await until(async () => !(await anna.list()).some((row) => row["base_name"] === "luna:BOXE"), {
    timeoutMs: 5000,
    what: "its leave at the other",
  });
  expect(performance.now() - began).toBeLessThan(2000);
  await boxe.hcom("relay", "daemon", "start");
  await sees(anna, "luna:BOXE");
}, 60_000);

test("a copied directory says that another machine has its id", async () => {
  const copy = { ...boxe.env, HOME: `${dir.path}/copy`, HCOM_DIR: `${dir.path}/copy/.hcom` };
  await boxe.hcom("relay", "daemon", "stop");
  Bun.spawnSync(["cp", "-r", `${dir.path}/boxe`, `${dir.path}/copy`]);
  await boxe.hcom("relay", "daemon", "start");
  await using other = device(dir.path, "BOXE", copy);
  await other.hcom("relay", "daemon", "start");
  await until(
    async () => {
      const both = await Promise.all([boxe.hcom("relay"), other.hcom("relay")]);
      return both.some((run) => run.out.includes("another machine uses this device's id"));
    },
    { timeoutMs: 60_000, what: "the sentence", dump: async () => (await boxe.hcom("relay")).out },
  );
}, 90_000);

test("off --all asks the others to leave, too", async () => {
  await boxe.hcom("relay", "daemon", "restart");
  await sees(anna, "luna:BOXE");
  expect((await anna.hcom("relay", "off", "--all")).out).toContain("Asked 1 of 1 devices");
  await until(async () => (await boxe.hcom("relay")).out.includes("Relay: disabled"), {
    timeoutMs: 15_000,
    what: "the other's leave",
  });
}, 60_000);

test("the password stands in no process's words", () => {
  const all = Bun.spawnSync(["ps", "-A", "-ww", "-o", "args="]).stdout.toString();
  expect(all.includes(brokerPassword)).toBe(false);
});
