// Whatever happened on a device, what it publishes of it can be read by the strictest program of
// the group: random lives of a device, each publish checked field by field.
import { afterAll, describe, expect, test } from "bun:test";
import { openBus } from "../../src/bus/bus.ts";
import { send } from "../../src/bus/mail/send.ts";
import { Refusal } from "../../src/core/refusal.ts";
import { readState, tombstone } from "../../src/core/relay/payload.ts";
import { readRequests, requestJson } from "../../src/core/relay/request.ts";
import { statuses } from "../../src/core/status.ts";
import { beginSharing, nextPush, notePushed } from "../../src/relay/worker/publish.ts";
import { appendEvent, isoTime } from "../../src/store/events.ts";
import { insertInstance, updateInstance } from "../../src/store/instances.ts";
import { putDevice } from "../../src/store/relay/devices.ts";
import { addReceipt } from "../../src/store/relay/receipts.ts";
import { realSystem } from "../../src/sys/system.ts";
import { plainEnv, tempDir } from "../process/lab.ts";
import { faultsOfRequest, faultsOfState } from "./strict-reader.ts";

const seed = Number(process.env["RELAY_SEED"] ?? 1);
const publishes = Number(process.env["RELAY_PUBLISHES"] ?? 400);
const dir = tempDir();
const bus = openBus({ ...realSystem(), env: plainEnv(dir.path), home: dir.path, log: () => {} });
afterAll(() => {
  bus[Symbol.dispose]();
  dir[Symbol.dispose]();
});

let at = seed >>> 0;
const random = () => {
  at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
  return at / 2 ** 32;
};
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

const peer = "11111111-1111-4111-8111-111111111111";
const self = { uuid: "22222222-2222-4222-8222-222222222222", short: "ANNA" };
const names = ["luna", "kira", "miso"];
const texts = [
  "hello",
  "",
  "two\nlines\tand \u001b[31mcolour\u001b[0m \u202e\u0000",
  "\u{1f30d} ümlaut 漢字 half \ud83c end",
  'quotes " and \\ and </hcom> {"state":null}',
  "x".repeat(3000),
];
const long = ["\u{1f30d}".repeat(60_000), '"\\'.repeat(50_000)];
const words = () => pick(random() < 0.02 ? long : texts);

const threads = [undefined, undefined, "build", "a-b_c.d"];
const externals = ["bigboss", "ci", "Robot 7", "a:b", "ext_x", "_under"];
const strange = () => ({
  ...{ text: words(), list: [words(), random(), null], deep: { deep: { text: words() } } },
  action: pick(["created", "stopped", "reset", ""]),
});

const acts: (() => void)[] = [
  () => {
    const name = pick(names);
    const sender = { kind: "external", name: pick(externals) } as const;
    const targets = pick([[], [name], ["luna:BOXE"], [name, "luna:BOXE"]]);
    const thread = pick(threads);
    send(bus, { sender, targets, text: words(), thread, intent: pick([undefined, "inform"]) });
  },
  () => {
    const change = { status: pick(statuses), status_context: words(), status_detail: words() };
    updateInstance(bus.db, pick(names), { ...change, status_time: Math.floor(random() * 2e9) });
  },
  () =>
    updateInstance(bus.db, pick(names), {
      tag: pick([null, "api"]),
      directory: pick([null, "/w"]),
    }),
  () => append({ type: "status", instance: pick(names), data: strange() }),
  () => append({ type: "life", instance: pick([...names, "", "_device"]), data: strange() }),
  () => append({ type: "life", instance: "", data: { action: "relay_device_join", text: "x" } }),
  () => append({ type: "status", instance: pick(["sys_x", "_rpc", "luna:BOXE"]), data: strange() }),
  () =>
    append({ type: "message", instance: "luna:BOXE", data: { ...strange(), _relay: { id: 1 } } }),
  () =>
    addReceipt(bus.db, {
      ...{ device: peer, id: Math.ceil(random() * 100), name: pick(names) },
      ...{ state: "dead", at: 1, why: words() },
    }),
];

function append(event: { type: string; instance: string; data: Record<string, unknown> }): void {
  appendEvent(bus.db, { ...event, timestamp: isoTime(bus.system.now()) });
}

/** What is refused to whoever asked for it never was in the log. */
function act(): void {
  try {
    bus.db.write(pick(acts));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function meetPeer(hasLedger: number): void {
  putDevice(bus.db, {
    ...{ uuid: peer, short: "BOXE", capabilities: null, max_packet: null, has_ledger: hasLedger },
    ...{ first_seen: 1, synced_at: 1, watermark: 1, reset_at: 0, cursor: 0, head: 0, seen: 3 },
    ...{ skew: 0, epoch: "", gone_at: null },
  });
}

describe.each([
  ["of our own kind", 1],
  ["of older programs, which want the last events again", 0],
] as const)("in a group %s", (_group, hasLedger) => {
  test(`${publishes} publishes of a random life hold what the wire asks for`, () => {
    meetPeer(hasLedger);
    if (hasLedger === 1) {
      for (const name of names)
        insertInstance(bus.db, { name, created_at: 1, principal: `p-${name}`, tool: "claude" });
      insertInstance(bus.db, {
        ...{ name: "luna:BOXE", created_at: 1, principal: "there", origin_device_id: peer },
      });
      beginSharing(bus, true);
    }
    // Ours know by its epoch which log a number is of.
    const listener = { head: 0, isOlder: hasLedger === 0 };
    const faults = new Set<string>();
    let events = 0;
    let budget = 97_000;
    for (let n = 0; n < publishes; n++) {
      for (let times = random() * 6; times > 0; times--) act();
      const owed = new Set(random() < 0.5 ? [peer] : []);
      const push = nextPush(bus, self, { capabilities: ["kill"], budget, scanned: 0, owed });
      for (const fault of faultsOfState(push.text, listener)) faults.add(fault);
      const read = readState(push.text);
      if (read.kind !== "state" || read.dropped > 0) faults.add(`not read by ourselves: ${n}`);
      events += push.count;
      if (random() < 0.2) continue;
      notePushed(bus, push);
      budget = pick([97_000, 20_000, 8192]);
    }
    expect([...faults].slice(0, 10)).toEqual([]);
    expect(events).toBeGreaterThan(publishes / 2);
  }, 120_000);
});

test("a farewell and requests, too", () => {
  expect(faultsOfState(tombstone, { head: 9, isOlder: true })).toEqual([]);
  for (let n = 0; n < 500; n++) {
    const text = requestJson({
      ...{ id: pick([undefined, "r-1"]), action: pick(["kill", "relay_off"]), target: "BOXE" },
      ...{ device: self.uuid, at: 1_790_000_000 + random(), params: strange(), short: "ANNA" },
    });
    expect(faultsOfRequest(text)).toEqual([]);
    expect(readRequests(text)).toHaveLength(1);
  }
});

test("the strict reader notices what is wrong", () => {
  const push = nextPush(bus, self, {
    ...{ capabilities: [], budget: 20_000, scanned: 0, owed: new Set<string>() },
  });
  const broken = (change: (state: Record<string, unknown>) => void) => {
    const payload = JSON.parse(push.text);
    change(payload);
    return faultsOfState(JSON.stringify(payload), { head: 0, isOlder: true });
  };
  expect(broken((one) => delete (one["state"] as Record<string, unknown>)["reset_ts"])).not.toEqual(
    [],
  );
  expect(broken((one) => (one["events"] = [{ id: "1" }]))).not.toEqual([]);
  expect(broken((one) => (one["more"] = 1))).not.toEqual([]);
  expect(faultsOfState(push.text.slice(1), { head: 0, isOlder: true })).not.toEqual([]);
});
