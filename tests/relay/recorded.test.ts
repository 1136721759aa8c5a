// What two devices of the original published, as our own device would have heard it.
import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { readState } from "../../src/core/relay/payload.ts";
import { readRequests } from "../../src/core/relay/request.ts";
import { keyOf } from "../../src/core/relay/token.ts";
import { unseal } from "../../src/relay/seal.ts";
import { receive } from "../../src/relay/worker/receive.ts";
import { getInstance } from "../../src/store/instances.ts";
import { queryEvents } from "../../src/store/query/events-query.ts";
import { listDevices } from "../../src/store/relay/devices.ts";
import { realSystem } from "../../src/sys/system.ts";
import { plainEnv, tempDir } from "../process/lab.ts";

interface Recorded {
  group: string;
  psk: string;
  publishes: { topic: string; hex: string; seconds: number; plain: unknown }[];
}

const file = join(import.meta.dir, "fixtures/recorded-0.7.24-and-0.7.31.json");
const recorded = JSON.parse(readFileSync(file, "utf8")) as Recorded;
const key = keyOf(recorded.psk)!;
const zipi = "f3a89bac-1b32-4d73-b52f-dcefc3c3eb06";
const naka = "fa7bdb7e-252f-451f-bea5-106c7fc6fd64";

const sealed = recorded.publishes.filter((one) => one.hex !== "");
const opened = sealed.map((one) => {
  const place = { id: recorded.group, key, topic: one.topic };
  return { ...one, opened: unseal(place, Buffer.from(one.hex, "hex")) };
});

test("every envelope opens to what was said, at the second it was said", () => {
  expect(opened.length).toBeGreaterThan(50);
  for (const one of opened) {
    expect(one.opened?.seconds).toBe(one.seconds);
    expect(JSON.parse(one.opened?.text ?? "")).toEqual(one.plain);
  }
});

test("every request is read with its action, target and parameters", () => {
  const requests = opened
    .filter((one) => one.topic.endsWith("/control"))
    .flatMap((one) => readRequests(one.opened?.text ?? ""));
  expect([...new Set(requests.map((one) => one.action))].sort()).toEqual([
    "config_get",
    "events",
    "kill",
    "relay_off",
    "term_screen",
    "transcript",
  ]);
  expect(requests.every((one) => one.target === "NAKA" && one.device === zipi)).toBe(true);
  expect(requests.find((one) => one.action === "kill")?.params).toEqual({ target: "mara" });
});

describe("a third device that hears all of it", () => {
  const dir = tempDir();
  const env = plainEnv(dir.path);
  const bus: Bus = openBus({ ...realSystem(), env, home: dir.path, log: () => {} });
  afterAll(() => {
    bus[Symbol.dispose]();
    dir[Symbol.dispose]();
  });
  const self = { uuid: "22222222-2222-4222-8222-222222222222", short: "ANNA" };
  const hear = (from: number, to: number) => {
    for (const one of opened.slice(from, to)) {
      const device = one.topic.split("/")[1] ?? "";
      const payload = readState(one.opened?.text ?? "");
      if (device === "control" || payload.kind !== "state") continue;
      receive(bus, self, { device, ...payload, seconds: one.seconds });
    }
  };
  let beforeTheReset: ReturnType<typeof getInstance>;
  const messages = () =>
    queryEvents(bus.db, { where: [{ sql: "type = ?", params: ["message"] }], limit: 100 })
      .map((row) => ({ ...row, data: JSON.parse(row.data) }))
      .sort((a, b) => a.id - b.id);

  test("has each message once, with the devices behind the names", () => {
    hear(0, 20);
    hear(10, 20);
    beforeTheReset = getInstance(bus.db, "fifi:ZIPI");
    hear(20, opened.length);
    expect(messages().map((row) => [row.instance, row.data.from, row.data.mentions])).toEqual([
      ["ext_bigboss:ZIPI", "bigboss:ZIPI", undefined],
      ["fifi:ZIPI", "fifi:ZIPI", ["mara:NAKA"]],
      ["mara:NAKA", "mara:NAKA", ["fifi:ZIPI"]],
      ["mara:NAKA", "mara:NAKA", ["fifi:ZIPI"]],
      ["mara:NAKA", "mara:NAKA", ["fifi:ZIPI"]],
    ]);
  });

  test("knows where each came from, when it was said, and what it answers", () => {
    const [all, request, ack] = messages();
    expect(all?.data._relay).toEqual({ device: zipi, short: "ZIPI", id: 6 });
    expect(all?.timestamp).toBe("2026-11-28T06:31:33.698139+00:00");
    expect(request?.data.thread).toBe("build");
    // 8 in its own log means another event here.
    expect([ack?.data.reply_to, ack?.data.reply_to_local]).toEqual(["8", undefined]);
  });

  test("says of a message that came cut that it is", () => {
    const cut = messages().at(-1);
    expect(cut?.data._relay_truncated.original_bytes).toBe(150_125);
    expect(cut?.data.text).toEndWith("[cut by its device: it was too long]");
  });

  test("mirrors their agents, and learns what the devices offer", () => {
    const fifi = beforeTheReset;
    expect([fifi?.tag, fifi?.origin_device_id, fifi?.directory]).toEqual([
      "api",
      zipi,
      "/home/dev/project",
    ]);
    expect(getInstance(bus.db, "kula:ZIPI")).toBeUndefined();
    const devices = listDevices(bus.db).map((one) => [
      one.uuid,
      one.short,
      one.has_ledger,
      one.max_packet,
    ]);
    expect(devices.sort()).toEqual([
      [zipi, "ZIPI", 0, null],
      [naka, "NAKA", 0, 1_048_576],
    ]);
  });

  test("keeps answers to others, and their devices' own life, out of its log", () => {
    const rows = queryEvents(bus.db, { where: [], limit: 1000 });
    expect(rows.filter((row) => row.type === "rpc_result" || row.instance === "_device")).toEqual(
      [],
    );
    const fromThem = rows.filter((row) => row.instance === "" && row.data.includes('_relay"'));
    expect(fromThem).toEqual([]);
  });
});
