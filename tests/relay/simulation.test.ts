// Three devices over a transport that drops, doubles and reorders, without a network: the same
// course for the same seed. `RELAY_MESSAGES` sets how long it is.
import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { send } from "../../src/bus/mail/send.ts";
import { readEvent, readState } from "../../src/core/relay/payload.ts";
import { beginSharing, eventsFor, nextPush, notePushed } from "../../src/relay/worker/publish.ts";
import { importEvents, receive } from "../../src/relay/worker/receive.ts";
import { deliveriesOf } from "../../src/store/deliveries.ts";
import { maxEventId } from "../../src/store/events.ts";
import { insertInstance } from "../../src/store/instances.ts";
import { queryEvents } from "../../src/store/query/events-query.ts";
import { deviceByUuid, setDeviceCursor } from "../../src/store/relay/devices.ts";
import { realSystem } from "../../src/sys/system.ts";
import { plainEnv, tempDir } from "../process/lab.ts";

const messages = Number(process.env["RELAY_MESSAGES"] ?? 3000);
const seed = Number(process.env["RELAY_SEED"] ?? 1);

function chance(from: number): () => number {
  let at = from >>> 0;
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}

interface Node {
  bus: Bus;
  self: { uuid: string; short: string };
  sent: string[];
  owed: Set<string>;
}

function node(dir: string, nth: number): Node {
  const home = join(dir, String(nth));
  mkdirSync(home);
  const bus = openBus({ ...realSystem(), env: plainEnv(home), home, log: () => {} });
  const uuid = `${nth}1111111-1111-4111-8111-111111111111`;
  insertInstance(bus.db, { name: "luna", created_at: 1, principal: `luna-${nth}` });
  beginSharing(bus, true);
  return { bus, self: { uuid, short: `DEV${nth}` }, sent: [], owed: new Set() };
}

test(`${messages} messages come once and in the order of their senders`, () => {
  using dir = tempDir();
  const random = chance(seed);
  const nodes = [1, 2, 3].map((nth) => node(dir.path, nth));
  const find = (uuid: string) => nodes.find((one) => one.self.uuid === uuid)!;
  const frames: { to: Node; from: Node; text: string }[] = [];

  const push = (from: Node, isReliable: boolean) => {
    const wish = { capabilities: [], budget: 20_000, scanned: 0, owed: from.owed };
    const pushed = nextPush(from.bus, from.self, wish);
    for (const to of nodes.filter((one) => one !== from)) {
      const copies = isReliable ? 1 : [0, 1, 1, 1, 1, 1, 1, 1, 2, 2][Math.floor(random() * 10)]!;
      for (let n = 0; n < copies; n++) frames.push({ to, from, text: pushed.text });
    }
    if (isReliable || random() < 0.9) notePushed(from.bus, pushed);
    return pushed.isAll;
  };

  const catchUp = (to: Node, from: Node) => {
    const device = deviceByUuid(to.bus.db, from.self.uuid);
    if (device === undefined) return;
    const newest = maxEventId(from.bus.db);
    const after = device.cursor ?? 0;
    const answer = eventsFor(from.bus, { after, newest, budget: 20_000 });
    const events = answer.events.flatMap((one) => readEvent(one) ?? []);
    to.bus.db.write(() => {
      importEvents(to.bus, to.self, {
        device: from.self.uuid,
        short: from.self.short,
        after,
        events,
      });
      setDeviceCursor(to.bus.db, from.self.uuid, Math.max(after, answer.upTo));
    });
  };

  const deliver = (isReliable: boolean) => {
    const at = isReliable ? 0 : Math.floor(random() * Math.min(8, frames.length));
    const [frame] = frames.splice(at, 1);
    const payload = readState(frame?.text ?? "");
    if (frame === undefined || payload.kind !== "state") return;
    const { to, from } = frame;
    const received = { device: from.self.uuid, ...payload, seconds: Math.floor(Date.now() / 1000) };
    const taken = receive(to.bus, to.self, received);
    if (payload.state.ledger?.receipts[to.self.uuid] !== undefined) to.owed.add(from.self.uuid);
    if (taken.isBehind && (isReliable || random() < 0.3)) catchUp(to, from);
  };

  for (const one of nodes) push(one, true);
  while (frames.length > 0) deliver(true);
  for (let n = 0; n < messages; n++) {
    const from = nodes[Math.floor(random() * 3)]!;
    const text = `${from.self.short} ${from.sent.length}`;
    from.sent.push(text);
    send(from.bus, { sender: { kind: "external", name: "tester" }, targets: [], text });
    if (random() < 0.4) push(from, false);
    while (frames.length > 30 || (frames.length > 0 && random() < 0.5)) deliver(false);
  }
  for (let round = 0; round < 40; round++) {
    for (const one of nodes) while (!push(one, true)) deliver(true);
    while (frames.length > 0) deliver(true);
  }

  for (const one of nodes) {
    const rows = queryEvents(one.bus.db, {
      where: [{ sql: "type = ?", params: ["message"] }],
      limit: 1e6,
    });
    const texts = rows
      .toSorted((a, b) => a.id - b.id)
      .map((row) => JSON.parse(row.data).text as string);
    for (const other of nodes) {
      expect(texts.filter((text) => text.startsWith(other.self.short))).toEqual(other.sent);
    }
    const own = rows.filter((row) => !row.instance.includes(":"));
    for (const row of own) {
      const remote = deliveriesOf(one.bus.db, row.id).filter((line) =>
        line.recipient.includes(":"),
      );
      expect(remote.map((line) => line.arrived_at !== null)).toEqual([true, true]);
    }
  }
  expect(find(nodes[0]!.self.uuid).sent.length).toBeGreaterThan(messages / 10);
  for (const one of nodes) one.bus[Symbol.dispose]();
}, 600_000);
