// Words of `hcom relay` that a person says now and then, and what a sender sees of its receipts.
import { afterAll, beforeAll, describe, test as everyTest, expect } from "bun:test";
import { encode } from "uqr";
import { asObject } from "../../src/core/json.ts";
import { spawnChild } from "../../src/pty/child.ts";
import { until } from "../kit/until.ts";
import { tempDir } from "../process/lab.ts";
import { launcher } from "../process/programs.ts";
import {
  brokerPassword,
  closeAll,
  type Device,
  device,
  hasBroker,
  type LabBroker,
  twoDevices,
} from "./lab.ts";
import { type Wire, wireTo } from "./wire.ts";

const dir = tempDir();
let broker: LabBroker;
let wire: Wire;
let anna: Device;
let boxe: Device;
let token = "";

const test = hasBroker ? everyTest : everyTest.skip;

beforeAll(async () => {
  if (!hasBroker) return;
  const through = async ({ tlsPort }: LabBroker) => {
    wire = await wireTo(tlsPort);
    return `mqtts://127.0.0.1:${wire.port}`;
  };
  ({ broker, anna, boxe, token } = await twoDevices(dir.path, through));
  await until(async () => (await anna.list()).some((row) => row["base_name"] === "luna:BOXE"), {
    timeoutMs: 20_000,
    what: "luna:BOXE at ANNA",
  });
}, 60_000);

afterAll(() => closeAll(dir, anna, boxe, wire, broker));

/** What a program shows on a terminal of so many columns; `typed` when it asks. */
async function onTerminal(
  one: Device,
  words: readonly string[],
  { cols = 80, typed = [] }: { cols?: number; typed?: readonly string[] } = {},
): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  const child = spawnChild({
    argv: ["sh", launcher, ...words],
    env: { ...one.env, TERM: "xterm-256color", NO_COLOR: "1" },
    directory: one.env["HOME"] ?? "/",
    ...{ cols, rows: 60 },
    onData: (bytes) => {
      text += decoder.decode(bytes, { stream: true });
    },
  });
  for (const [at, answer] of typed.entries()) {
    await until(() => text.split("(not shown): ").length - 1 > at, {
      ...{ timeoutMs: 10_000, what: `question ${at + 1}`, dump: () => text },
    });
    child.write(`${answer}\r`);
  }
  await child.exited;
  return text.replaceAll("\r", "");
}

/** Half blocks to the squares of a QR code. */
function squaresOf(rows: readonly string[]): string[] {
  const upper = (char: string) => (char === "█" || char === "▀" ? "0" : "1");
  const lower = (char: string) => (char === "█" || char === "▄" ? "0" : "1");
  return rows.flatMap((row) => [[...row].map(upper).join(""), [...row].map(lower).join("")]);
}

describe("relay token", () => {
  const line = () => `hcom relay connect ${token}`;

  test("is also a QR code on a terminal, which says the same line", async () => {
    const shown = await onTerminal(anna, ["relay", "token"]);
    const rows = shown.split("\n").filter((row) => /^[█▀▄ ]{20,}$/.test(row));
    const meant = encode(line()).data.map((row) => row.map((on) => (on ? "1" : "0")).join(""));
    expect(squaresOf(rows).slice(0, meant.length)).toEqual(meant);
    expect(shown).toContain("can do everything on your devices");
  }, 30_000);

  test("is one line for scripts, and fields with --json", async () => {
    const { out } = await anna.hcom("relay", "token");
    expect(out.split("\n")[0]).toBe(line());
    expect(out).not.toMatch(/[█▀▄]/);
    const json = JSON.parse((await anna.hcom("relay", "token", "--json")).out);
    expect(json).toMatchObject({ ok: true, token, command: line(), needs_password: true });
  });
});

test("a person is asked for the line and the password, and neither is shown", async () => {
  await using other = device(dir.path, "GANO");
  const words = ["relay", "connect", "-", "--password-stdin", "--ca", broker.ca];
  const typed = [`hcom relay connect ${token}`, `${brokerPassword}x\u007f`];
  const shown = await onTerminal(other, words, { typed });
  expect(shown).toContain("Connected.");
  for (const secret of [token, brokerPassword]) expect(shown).not.toContain(secret);
}, 30_000);

describe("relay push", () => {
  test("ends when the broker has everything", async () => {
    await anna.hcom("send", "@luna:BOXE", "--", "to be pushed");
    const pushed = await anna.hcom("relay", "push", "--json");
    expect(pushed.code).toBe(0);
    expect(JSON.parse(pushed.out)).toMatchObject({
      ...{ ok: true, queued: 0, health: { kind: "connected" } },
    });
    expect((await anna.hcom("relay", "push")).out).toBe("up to date\n");
  }, 30_000);

  test("says what holds it up, and that nothing is lost", async () => {
    wire.close(true);
    await until(async () => (await anna.hcom("relay")).out.includes("error"), {
      timeoutMs: 20_000,
      what: "the error",
    });
    await anna.hcom("send", "@luna:BOXE", "--", "into the void");
    const run = await anna.hcom("relay", "push");
    expect([run.code, run.out]).toEqual([
      1,
      expect.stringMatching(/^error - .*\n1 events? pending/),
    ]);
    wire.close(false);
    await until(async () => (await anna.hcom("relay", "push")).code === 0, {
      timeoutMs: 30_000,
      what: "the way to be free",
    });
  }, 90_000);

  test("is refused in words where the relay is off, or not there", async () => {
    await using other = device(dir.path, "FOGE");
    expect((await other.hcom("relay", "push")).err).toContain("in no group");
    await anna.hcom("relay", "off");
    const run = await anna.hcom("relay", "push");
    expect([run.code, run.err]).toEqual([1, expect.stringContaining("hcom relay on")]);
    await anna.hcom("relay", "on");
  }, 30_000);
});

describe("relay pull", () => {
  test("ends when what was missed is here", async () => {
    process.kill(await boxe.worker(), "SIGKILL");
    for (let n = 0; n < 30; n++) await anna.hcom("send", "@luna:BOXE", "--", `missed ${n}.`);
    expect((await anna.hcom("relay", "push")).code).toBe(0);
    const pulled = await boxe.hcom("relay", "pull");
    expect([pulled.code, pulled.out]).toEqual([0, "up to date\n"]);
    const rows = await boxe.events("--type", "message", "--last", "100");
    expect(rows.filter((row) => JSON.stringify(row).includes("missed "))).toHaveLength(30);
  }, 60_000);

  test("names a device that does not answer", async () => {
    process.kill(await anna.worker(), "SIGKILL");
    const pulled = await boxe.hcom("relay", "pull");
    expect([pulled.code, pulled.out]).toEqual([1, expect.stringContaining("from ANNA")]);
    await anna.hcom("relay", "on");
  }, 60_000);
});

test("who waits for mail has it, although the worker was killed before", async () => {
  await anna.hcom("relay", "pull");
  process.kill(await boxe.worker(), "SIGKILL");
  await boxe.hcom("listen", "--name", "luna", "--timeout", "1");
  const heard = boxe.hcom("listen", "--name", "luna", "--timeout", "30");
  await anna.hcom("send", "@luna:BOXE", "--", "are you there?");
  expect((await heard).out).toContain("are you there?");
}, 60_000);

test("status measures the way to the broker when it is asked to, and only then", async () => {
  const before = wire.opened;
  expect((await boxe.hcom("relay", "--json")).out).not.toContain('"ping"');
  expect(wire.opened).toBe(before);
  const { out } = await boxe.hcom("relay", "status", "--ping");
  expect(out).toMatch(/^Broker: +mqtts:\/\/127\.0\.0\.1:\d+ \(\d+ ms\)$/m);
  expect(wire.opened).toBe(before + 1);
}, 30_000);

test("who sent sees in list -v which agents of other devices have had it", async () => {
  await anna.hcom("relay", "pull");
  await boxe.hcom("listen", "--name", "luna", "--timeout", "1");
  await anna.hcom("send", "@luna:BOXE", "--name", "kira", "--", "a receipt, please");
  const heard = await boxe.hcom("listen", "--name", "luna", "--timeout", "20");
  expect(heard.out).toContain("a receipt, please");
  const receipts = async () => (await anna.hcom("list", "-v", "--name", "kira")).out;
  await until(async () => (await receipts()).includes("read by 1/1: luna:BOXE"), {
    timeoutMs: 15_000,
    what: "the receipt",
    dump: receipts,
  });
}, 60_000);

describe("events of another device", () => {
  test("are printed like ours: short, in full, and at a terminal a line each", async () => {
    await boxe.hcom("send", "@luna", "--", "said at boxe");
    const asked = ["--device", "boxe", "--type", "message", "--last", "1"];
    const [short] = await anna.events("--remote-fetch", ...asked);
    expect(short).toMatchObject({ type: "message", data: { text: "said at boxe" } });
    expect(asObject(short?.["data"])["delivered_to"]).toBeUndefined();
    const [full] = await anna.events(...asked, "--full");
    expect(full).toMatchObject({ id: short?.["id"], data: { delivered_to: ["luna"] } });
    const sql = await anna.events("--device", "boxe", "--sql", "msg_text = 'said at boxe'");
    expect(sql.map((one) => one["id"])).toEqual([short?.["id"]]);
    expect(await onTerminal(anna, ["events", ...asked])).toContain("said at boxe");
  }, 60_000);

  test("are asked for once: what waits, follows or subscribes is about the log here", async () => {
    const wrong = [
      ["events", "--remote-fetch"],
      ["events", "--device", "boxe", "--wait", "1"],
      ["events", "--device", "boxe", "--follow"],
      ["events", "--device", "boxe", "--all"],
      ["events", "sub", "idle:luna", "--device", "boxe"],
      ["events", "--device", "no name"],
    ];
    for (const words of wrong) {
      expect([words, (await anna.hcom(...words)).code]).toEqual([words, 2]);
    }
    expect((await anna.hcom("events", "--device", "ZZZZ")).code).toBe(3);
    const { code, err } = await anna.hcom("events", "--device", "boxe", "--sql", "nope(");
    expect([code, err]).toEqual([1, expect.stringContaining("BOXE: ")]);
  }, 60_000);
});
