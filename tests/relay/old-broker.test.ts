// Brokers that can less than today's: one of MQTT 3.1.1 (a real one behind a wire that turns MQTT 5
// away, in both ways that there are), and one that takes small packets only.
import { afterAll, describe, test as everyTest, expect } from "bun:test";
import { insertInstance } from "../../src/store/instances.ts";
import { until } from "../kit/until.ts";
import { tempDir } from "../process/lab.ts";
import { type Device, device, group, hasBroker, startBroker } from "./lab.ts";
import { wireTo } from "./wire.ts";

const test = hasBroker ? everyTest : everyTest.skip;
const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());

const has = (one: Device, text: string) =>
  until(
    async () => {
      const rows = await one.events("--type", "message", "--full", "--last", "50");
      const found = rows.filter((row) => JSON.stringify(row).includes(text));
      return found.length > 0 && found;
    },
    { timeoutMs: 20_000, what: text },
  );

describe.each(["refuses", "hangs up"] as const)("a broker that %s", (old) => {
  test("is spoken to in 3.1.1, and everything arrives once", async () => {
    const folder = `${dir.path}/${old.replace(" ", "-")}`;
    await using broker = await startBroker(folder);
    await using wire = await wireTo(broker.port, { old });
    await using anna = device(folder, "ANNA");
    await using boxe = device(folder, "BOXE");
    await group({ ...broker, url: `mqtt://127.0.0.1:${wire.port}` }, anna, boxe);
    await anna.agent("kira");
    await boxe.agent("luna");
    for (const one of [anna, boxe]) {
      await until(async () => (await one.list()).some((row) => String(row["name"]).includes(":")), {
        ...{ timeoutMs: 20_000, what: "the other's agent" },
        dump: async () => (await one.hcom("relay")).out + JSON.stringify(await one.list()),
      });
    }
    expect((await anna.hcom("send", "@luna:BOXE", "--", "hello from afar")).code).toBe(0);
    await has(boxe, "hello from afar");
    expect((await boxe.hcom("send", "@kira:ANNA", "--", "and back")).code).toBe(0);
    await has(anna, "and back");
    expect(await has(boxe, "hello from afar")).toHaveLength(1);
    expect(await has(anna, "and back")).toHaveLength(1);
    expect((await anna.hcom("term", "luna:BOXE")).err).toContain("BOXE");
    for (const one of [anna, boxe]) {
      const { out } = await one.hcom("relay");
      expect(out).toContain("connected");
      // What a broker of 3.1.1 sends back to us is no other machine with our id.
      expect(out).not.toContain("!");
    }
    // Mosquitto names the version that a client speaks: p2 is 3.1.1, p5 is 5.
    expect(await broker.log()).toMatch(/as hcom-w-\w+ \(p2,/);
    expect(await broker.log()).not.toMatch(/as hcom-w-\w+ \(p5,/);
  }, 90_000);
});

test("a broker of small packets carries what fits, and the status says what does not", async () => {
  const folder = `${dir.path}/small`;
  await using broker = await startBroker(folder, { extra: ["max_packet_size 12000"] });
  await using anna = device(folder, "ANNA");
  await using boxe = device(folder, "BOXE");
  for (let n = 0; n < 80; n++) {
    const shown = { status: "inactive", status_detail: "x".repeat(100) } as const;
    insertInstance(anna.bus.db, { name: `idle${n}`, created_at: 1, principal: `p${n}`, ...shown });
  }
  await group(broker, anna, boxe);
  await anna.agent("kira");
  await until(async () => (await boxe.list()).some((row) => row["base_name"] === "kira:ANNA"), {
    ...{ timeoutMs: 20_000, what: "kira at BOXE" },
    dump: async () => (await anna.hcom("relay")).out,
  });
  const long = `small broker ${"y".repeat(15_000)} end`;
  expect((await anna.tell(long, "send", "--stdin", "--go")).code).toBe(0);
  const [row] = await has(boxe, "small broker y");
  expect(JSON.stringify(row)).toContain(long);
  const status = async () => (await anna.hcom("relay")).out;
  const sentence = /! \d\d agents of this machine fit through no publish/;
  await until(async () => sentence.test(await status()), {
    ...{ timeoutMs: 20_000, what: "the sentence", dump: status },
  });
  expect(await status()).toContain("connected");
}, 90_000);
