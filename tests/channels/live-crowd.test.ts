// Many processes in one channel at once, and the sqlite3 shell as a reader.

import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { openLiveStore } from "../../src/bus/channels/live-store.ts";
import { realSystem } from "../../src/sys/system.ts";
import { scratch } from "../kit/scratch.ts";

function home(): { path: string; bus: Bus } & Disposable {
  const path = scratch("hcom-crowd-");
  const bus = openBus({ ...realSystem(), env: { HCOM_DIR: path } });
  return {
    path,
    bus,
    [Symbol.dispose]: () => {
      bus.db.close();
      rmSync(path, { recursive: true });
    },
  };
}

const source = (path: string) => JSON.stringify(`${import.meta.dir}/../../src/${path}`);

const sender = `import { openBus } from ${source("bus/bus.ts")};
  import { openLiveStore } from ${source("bus/channels/live-store.ts")};
  import { realSystem } from ${source("sys/system.ts")};
  using bus = openBus(realSystem(), { busyTimeoutMs: 20000 });
  const store = openLiveStore(bus, "main");
  const sender = process.argv.at(-1);
  store.sendMessage({ channelId: 1, sender, content: "hello of " + sender });`;

test("50 processes that send at once store 50 messages with 50 ids", async () => {
  using place = home();
  const store = openLiveStore(place.bus, "main");
  store.createChannel({ name: "ops", type: "Group" });
  const names = Array.from({ length: 50 }, (_, at) => `sender-${at}`);
  const ends = names.map(async (name) => {
    const child = Bun.spawn([process.execPath, "-e", sender, name], {
      env: { HCOM_DIR: place.path },
      stderr: "pipe",
    });
    return [await child.exited, await child.stderr.text()];
  });
  expect(await Promise.all(ends)).toEqual(names.map(() => [0, ""]));
  const sent = store.queryHistory(1);
  expect(sent.map((message) => message.sender).sort()).toEqual([...names].sort());
  const ids = sent.map((message) => message.id).sort((a, b) => a - b);
  expect(ids).toEqual(names.map((_, at) => at + 1));
  expect(store.searchMessages("of sender-7", 9)).toHaveLength(1);
}, 120_000);

const shell = Bun.which("sqlite3");
test.skipIf(shell === null)("the sqlite3 shell reads channels through their views", () => {
  using place = home();
  const store = openLiveStore(place.bus, "main");
  const config = { ttl_seconds: 3600 };
  const { id } = store.createChannel({ name: "ops", type: "Group", config });
  for (const name of ["nova", "luna"]) store.joinChannel(id, name);
  store.broadcast({ channelId: id, sender: "nova", content: "hi" });
  store.acknowledgeMessage(1, "luna");
  store.subscribe("ops", "kira");
  const gone: Bus = { ...place.bus, system: { ...place.bus.system, now: () => 1 } };
  openLiveStore(gone, "main").sendMessage({ channelId: id, sender: "nova", content: "long ago" });
  const sqlite = (sql: string) => {
    const { stdout, stderr } = Bun.spawnSync([shell ?? "", place.bus.db.path, sql]);
    return stdout.toString() + stderr.toString();
  };
  expect(sqlite("SELECT space, id, name, participants FROM acomm_channels_v1")).toBe(
    'main|1|ops|["nova","luna"]\n',
  );
  expect(
    sqlite("SELECT id, sender, recipient, content, acknowledged_by FROM acomm_messages_v1"),
  ).toBe('1|nova|luna|hi|["luna"]\n');
  expect(sqlite("SELECT topic, subscriber FROM acomm_subscriptions_v1")).toBe("ops|kira\n");
  const check = "INSERT INTO comm_fts(comm_fts) VALUES ('integrity-check'); PRAGMA integrity_check";
  expect(sqlite(check)).toBe("ok\n");
});
