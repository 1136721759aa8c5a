// What a device answers to one that missed something.
import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openBus } from "../../src/bus/bus.ts";
import { send } from "../../src/bus/mail/send.ts";
import { bytesOf } from "../../src/core/relay/batch.ts";
import { beginSharing, eventsFor } from "../../src/relay/worker/publish.ts";
import { appendEvent, maxEventId } from "../../src/store/events.ts";
import { insertInstance } from "../../src/store/instances.ts";
import { addAnswer } from "../../src/store/relay/requests.ts";
import { realSystem } from "../../src/sys/system.ts";
import { plainEnv, tempDir } from "../process/lab.ts";

test("earlier answers are not in it, however many and large they are", () => {
  using dir = tempDir();
  const home = join(dir.path, "home");
  mkdirSync(home);
  using bus = openBus({ ...realSystem(), env: plainEnv(home), home, log: () => {} });
  beginSharing(bus, true);
  insertInstance(bus.db, { name: "luna", created_at: 1, principal: "luna-1" });
  const after = maxEventId(bus.db);
  for (let n = 0; n < 600; n++) {
    const data = { request_id: `r${n}`, action: "events_range", ok: true };
    const timestamp = "2026-01-01T00:00:00.000000+00:00";
    const eventId = appendEvent(bus.db, { type: "rpc_result", instance: "_rpc", data, timestamp });
    addAnswer(bus.db, { eventId, result: JSON.stringify({ text: "x".repeat(20_000) }), now: 1 });
  }
  const sender = { kind: "external", name: "bigboss" } as const;
  const { id } = send(bus, { sender, targets: [], text: "behind them" });
  const range = { after, newest: maxEventId(bus.db), budget: 60_000 };
  const answer = eventsFor(bus, range);
  expect(answer.events.map((one) => (one as { id: number }).id)).toContain(id);
  expect(answer.upTo).toBe(range.newest);
  expect(bytesOf(JSON.stringify(answer.events))).toBeLessThan(range.budget);
});
