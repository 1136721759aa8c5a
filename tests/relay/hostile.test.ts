// What strangers, and members that are no friends, put on the topics of a group.
import { afterAll, expect, test } from "bun:test";
import { openBus } from "../../src/bus/bus.ts";
import { readState } from "../../src/core/relay/payload.ts";
import { readRequests } from "../../src/core/relay/request.ts";
import { seal } from "../../src/relay/seal.ts";
import { newAnswering } from "../../src/relay/worker/answer.ts";
import { openEars } from "../../src/relay/worker/in.ts";
import { newStation } from "../../src/relay/worker/station.ts";
import { maxEventId } from "../../src/store/events.ts";
import { insertInstance } from "../../src/store/instances.ts";
import { queryEvents } from "../../src/store/query/events-query.ts";
import { listDevices } from "../../src/store/relay/devices.ts";
import { realSystem } from "../../src/sys/system.ts";
import { plainEnv, tempDir } from "../process/lab.ts";

const dir = tempDir();
const said: string[] = [];
let clock = Date.now();
const bus = openBus({
  ...realSystem(),
  env: plainEnv(dir.path),
  home: dir.path,
  now: () => clock,
  monotonic: () => clock,
  log: (record) => said.push(`${record.event} ${record.msg}`),
});
const opened: Disposable[] = [];
afterAll(() => {
  for (const one of opened) one[Symbol.dispose]();
  bus[Symbol.dispose]();
  dir[Symbol.dispose]();
});

const group = {
  id: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
  key: new Uint8Array(32).fill(7),
  url: "mqtt://h",
};
const peer = "11111111-1111-4111-8111-111111111111";
const self = { uuid: "22222222-2222-4222-8222-222222222222", short: "ANNA" };
const topic = `${group.id}/${peer}`;
insertInstance(bus.db, { name: "kira", created_at: 1, principal: "p-kira", status: "listening" });

function ears() {
  const config = {
    ...{ group, isEnabled: true, password: undefined, ca: undefined, fallbacks: [] },
    remoteControl: "full" as const,
  };
  const nothing = () => {};
  const station = newStation(bus, config, self, {
    schedule: nothing,
    show: nothing,
    leave: nothing,
  });
  const open = openEars(station, newAnswering());
  opened.push(open);
  return { hear: open.hear, station };
}

/** The same every time. */
function chance(seed: number): () => number {
  let at = seed;
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}

function state(id: number, text = "hi", change: object = {}): string {
  const event = {
    ...{ id, ts: "2026-11-28T06:31:35.732779+00:00", type: "message", instance: "luna" },
    data: {
      from: "luna",
      sender_kind: "instance",
      scope: "mentions",
      text,
      delivered_to: [],
      mentions: ["kira:ANNA"],
    },
    ...change,
  };
  const ledger = { epoch: "e", since: id - 1, head: id, receipts: {}, seen: {} };
  return JSON.stringify({
    state: { short_id: "BOXE", instances: {}, capabilities: [], ledger },
    events: [event],
  });
}

const sealed = (text: string, seconds = Math.floor(clock / 1000), at = topic) =>
  seal({ ...group, topic: at }, text, seconds);
const messages = () =>
  queryEvents(bus.db, { where: [{ sql: "type = ?", params: ["message"] }], limit: 100_000 });

test("100,000 altered envelopes bring nothing in, and are mentioned once", () => {
  const { hear } = ears();
  const random = chance(1);
  const before = maxEventId(bus.db);
  const whole = sealed(state(1));
  for (let n = 0; n < 100_000; n++) {
    const altered = whole.slice(
      0,
      random() < 0.1 ? Math.floor(random() * whole.length) : undefined,
    );
    for (let times = 0; times < 1 + random() * 3 && altered.length > 0; times++) {
      const at = Math.floor(random() * altered.length);
      altered[at] = (altered[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    }
    if (Buffer.from(altered).equals(whole)) continue;
    hear(topic, altered, random() < 0.5);
  }
  expect(maxEventId(bus.db)).toBe(before);
  expect(said.filter((line) => line.startsWith("not_authentic"))).toHaveLength(1);
}, 120_000);

test("the same envelope again, an older one and one on another topic bring nothing more", () => {
  const { hear } = ears();
  const first = sealed(state(1));
  hear(topic, first, false);
  expect(messages()).toHaveLength(1);
  hear(topic, first, true);
  hear(topic, sealed(state(1)), false);
  hear(topic, sealed(state(2, "older"), Math.floor(clock / 1000) - 5), false);
  hear(`${group.id}/33333333-3333-4333-8333-333333333333`, sealed(state(2, "elsewhere")), false);
  hear(`${group.id}/control`, first, false);
  hear(topic, new Uint8Array(0), true);
  expect(messages()).toHaveLength(1);
  expect(listDevices(bus.db).map((one) => one.short)).toEqual(["BOXE"]);
});

test("authentic envelopes with 20,000 altered payloads never stop the worker", () => {
  const random = chance(2);
  const texts = [state(3), JSON.stringify({ state: null, events: [] })];
  const alphabet = '{}[]",:0-9.eE+nulltrue\\u0000\u001b\u202e';
  const altered = () => {
    let text = texts[Math.floor(random() * texts.length)] ?? "";
    for (let times = 0; times < 1 + random() * 4; times++) {
      const at = Math.floor(random() * text.length);
      const piece = alphabet[Math.floor(random() * alphabet.length)] ?? "";
      text = text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 3));
    }
    return text;
  };
  for (let n = 0; n < 20_000; n++) {
    const text = altered();
    readState(text);
    readRequests(text);
  }
  const { hear, station } = ears();
  for (let n = 0; n < 2000; n++) {
    clock += 100;
    hear(topic, sealed(altered()), false);
    hear(`${group.id}/control`, sealed(altered(), undefined, `${group.id}/control`), false);
  }
  expect(station.shown.problems.filter((one) => one.includes("could not be stored"))).toEqual([]);
  for (const row of messages()) {
    expect(`${row.instance}${JSON.parse(row.data).from}`).not.toMatch(/[\u0000-\u001f]/);
  }
}, 60_000);

test("a member that floods is slowed down, and it is said once", () => {
  const { hear, station } = ears();
  clock += 60_000;
  const flooder = "44444444-4444-4444-8444-444444444444";
  const at = `${group.id}/${flooder}`;
  const text = (id: number) => state(id).replace("BOXE", "FLUT");
  const before = messages().length;
  for (let id = 1; id <= 2000; id++) hear(at, sealed(text(id), undefined, at), false);
  expect(messages().length - before).toBeLessThan(400);
  expect(station.shown.problems.filter((one) => one.includes("a second"))).toHaveLength(1);
}, 60_000);

test("a request of an hour ago is answered with the clocks' difference, and not done", () => {
  const { hear } = ears();
  const at = `${group.id}/control`;
  const request = (id: string) =>
    JSON.stringify({
      from_device: peer,
      events: [
        {
          ...{ ts: clock / 1000, type: "control", instance: "_control" },
          data: {
            action: "kill",
            target_device: "ANNA",
            from_device: peer,
            request_id: id,
            params: { target: "kira" },
          },
        },
      ],
    });
  hear(at, sealed(request("r-1"), Math.floor(clock / 1000) - 3600, at), false);
  const rows = queryEvents(bus.db, {
    where: [{ sql: "type = ?", params: ["rpc_result"] }],
    limit: 10,
  });
  expect(rows.map((row) => JSON.parse(row.data))).toMatchObject([{ request_id: "r-1", ok: false }]);
});

test("two devices with one short id: who is heard later changes nothing, and it is said", () => {
  const { hear, station } = ears();
  clock += 60_000;
  const third = "55555555-5555-4555-8555-555555555555";
  const at = `${group.id}/${third}`;
  hear(at, sealed(state(1, "from a namesake"), undefined, at), false);
  expect(messages().some((row) => row.data.includes("namesake"))).toBe(false);
  expect(station.shown.problems.join()).toContain("two devices are called BOXE");
});

test("our own short id at another device: the larger uuid takes another one", () => {
  const { hear, station } = ears();
  const smaller = "11111111-0000-4000-8000-000000000000";
  const at = `${group.id}/${smaller}`;
  hear(at, sealed(state(1).replace("BOXE", "ANNA"), undefined, at), false);
  expect(station.self.short).not.toBe("ANNA");
});

test("somebody else with our device's id is noticed", () => {
  const { hear, station } = ears();
  const at = `${group.id}/${self.uuid}`;
  hear(at, sealed(state(1), undefined, at), true);
  expect(station.shown.problems).toEqual([]);
  hear(at, sealed(state(1), undefined, at), false);
  hear(at, sealed(state(2), undefined, at), false);
  expect(station.shown.problems.join()).toContain("another machine uses this device's id");
});
