// What the worker does with a connection that loses its publishes.
import { afterEach, expect, test } from "bun:test";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { shareChannel } from "../../src/bus/channels/live/share.ts";
import { liveForAgents } from "../../src/bus/channels/live-for-agents.ts";
import { send } from "../../src/bus/mail/send.ts";
import { mainSpace } from "../../src/core/channels/space.ts";
import { bytesOf } from "../../src/core/relay/batch.ts";
import { openPump } from "../../src/relay/worker/out.ts";
import { beginSharing, pushedUpTo } from "../../src/relay/worker/publish.ts";
import type { Session } from "../../src/relay/worker/session.ts";
import { newStation } from "../../src/relay/worker/station.ts";
import { maxEventId } from "../../src/store/events.ts";
import { insertInstance, listInstances } from "../../src/store/instances.ts";
import { realSystem } from "../../src/sys/system.ts";
import { until } from "../kit/until.ts";
import { plainEnv, tempDir } from "../process/lab.ts";
import { hear, node, publish } from "./nodes.ts";

const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0).reverse()) one[Symbol.dispose]();
});

/** A device with a backlog of more than one publish, and a broker that loses some of them. */
function backlog(loses: (nth: number, bytes: number) => boolean) {
  const dir = tempDir();
  const bus: Bus = openBus({
    ...{ ...realSystem(), env: plainEnv(dir.path), home: dir.path },
    log: () => {},
  });
  const group = {
    id: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    key: new Uint8Array(32),
    url: "mqtt://h",
  };
  const config = {
    ...{ group, isEnabled: true, password: undefined, ca: undefined, fallbacks: [] },
    remoteControl: "full" as const,
  };
  const self = { uuid: "22222222-2222-4222-8222-222222222222", short: "ANNA" };
  const quiet = { schedule() {}, show() {}, leave() {} };
  const station = newStation(bus, config, self, quiet);
  let tried = 0;
  const session: Session = {
    maxPacket: undefined,
    publish: (_topic, bytes) =>
      loses(tried++, bytes.length) ? Promise.reject(new Error("lost")) : Promise.resolve(),
    close: () => Promise.resolve(),
  };
  station.session = session;
  beginSharing(bus, true);
  insertInstance(bus.db, { name: "luna", created_at: 1, principal: "p-luna" });
  const sender = { kind: "external", name: "bigboss" } as const;
  for (let n = 0; n < 40; n++) send(bus, { sender, targets: [], text: "x".repeat(8000) });
  const pump = openPump(station);
  open.push(dir, bus, pump);
  const isAllOut = () => pushedUpTo(bus) === maxEventId(bus.db);
  return {
    station,
    allOut: () =>
      until(
        () => {
          pump.schedule();
          return isAllOut();
        },
        { timeoutMs: 10_000, what: "all of it at the broker" },
      ),
  };
}

test("one lost connection makes the next publishes no smaller", async () => {
  const { station, allOut } = backlog((nth) => nth === 1);
  const before = station.budget;
  await allOut();
  expect(station.budget).toBe(before);
});

test("a broker that hangs up at large publishes gets smaller ones, until they pass", async () => {
  const { station, allOut } = backlog((_nth, bytes) => bytes > 30_000);
  await allOut();
  expect(station.budget).toBeLessThan(30_000);
  expect(station.budget).toBeGreaterThanOrEqual(8192);
});

test("a state that is too large goes out short, and says what is missing", async () => {
  using dir = tempDir();
  using anna = node(dir.path, 1);
  using boxe = node(dir.path, 2);
  const budget = 16_000;
  const add = (name: string, shown: object) =>
    insertInstance(anna.bus.db, { name, created_at: 1, principal: `p-${name}`, ...shown });
  for (let n = 0; n < 60; n++)
    add(`idle${n}`, { status: "inactive", status_detail: "x".repeat(90) });
  for (let n = 0; n < 10; n++)
    add(`busy${n}`, { status: "active", transcript_path: "/t".repeat(99) });
  const sender = { kind: "external", name: "bigboss" } as const;
  send(anna.bus, { sender, targets: [], text: "y".repeat(3000) });
  const push = publish(anna, { budget });
  expect(bytesOf(push.text)).toBeLessThanOrEqual(budget);
  expect([push.isAll, push.count]).toEqual([true, 1]);
  hear(boxe, anna, push);
  const names = () => listInstances(boxe.bus.db).map((row) => row.name);
  const busy = Array.from({ length: 10 }, (_, n) => `busy${n}:DEV1`);
  expect(names()).toEqual(expect.arrayContaining(busy));
  expect(push.leftOut.agents).toBe(70 - names().length);
  expect(push.leftOut.agents).toBeGreaterThan(20);
  // A broker that takes more shows all of them, and one that takes less again makes nobody vanish.
  hear(boxe, anna, publish(anna));
  expect(names()).toHaveLength(70);
  hear(boxe, anna, publish(anna, { budget }));
  expect(names()).toHaveLength(70);
  expect(publish(anna).leftOut).toEqual({ agents: 0, channels: 0 });
});

test("channels that do not fit are left out alone, and nobody loses a seat", () => {
  using dir = tempDir();
  using anna = node(dir.path, 1);
  using boxe = node(dir.path, 2);
  anna.agent("kira");
  const { store } = liveForAgents(anna.bus, mainSpace);
  for (let n = 1; n <= 60; n++) {
    const { id } = store.createChannel({ name: `room-${n}`, type: "Group" });
    shareChannel(anna.bus, { space: mainSpace, channel: id });
    store.joinChannel(id, "kira");
  }
  const seats = () => boxe.bus.db.get<{ n: number }>("SELECT count(*) AS n FROM comm_member")?.n;
  const small = publish(anna, { budget: 9000 });
  expect(bytesOf(small.text)).toBeLessThanOrEqual(9000);
  expect(small.leftOut.channels).toBeGreaterThan(30);
  expect(small.leftOut.agents).toBe(0);
  hear(boxe, anna, publish(anna));
  expect(seats()).toBe(60);
  hear(boxe, anna, publish(anna, { budget: 9000 }));
  expect(seats()).toBe(60);
});
