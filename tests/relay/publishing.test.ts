// What the worker does with a connection that loses its publishes.
import { afterEach, expect, test } from "bun:test";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { send } from "../../src/bus/mail/send.ts";
import { openPump } from "../../src/relay/worker/out.ts";
import { beginSharing, pushedUpTo } from "../../src/relay/worker/publish.ts";
import type { Session } from "../../src/relay/worker/session.ts";
import { newStation } from "../../src/relay/worker/station.ts";
import { maxEventId } from "../../src/store/events.ts";
import { insertInstance } from "../../src/store/instances.ts";
import { realSystem } from "../../src/sys/system.ts";
import { until } from "../kit/until.ts";
import { plainEnv, tempDir } from "../process/lab.ts";

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
