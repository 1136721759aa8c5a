// Documents in and out of the log's database: exactly as they were into an empty space, and merged
// without loss into one that is in use.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { CommStore } from "../../core/channels/comm-store.ts";
import { createMemoryStore, type MemoryStore } from "../../core/channels/memory-store.ts";
import { headForm, type Snapshot, seedForm } from "../../core/channels/snapshot.ts";
import { originsOf } from "../../store/channels/spaces.ts";
import { realSystem } from "../../sys/system.ts";
import { type Bus, openBus } from "../bus.ts";
import { openLiveStore } from "./live-store.ts";
import { exportSpace, importSnapshot } from "./spaces.ts";

let folder: string;
let bus: Bus;
let live: CommStore;
let now = Date.UTC(2026, 1, 28);

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/hcom-spaces-`);
  bus = openBus({ ...realSystem(), env: { HCOM_DIR: folder }, now: () => now });
  live = openLiveStore(bus, "main");
});
afterEach(() => {
  bus.db.close();
  rmSync(folder, { recursive: true });
});

function memory(from?: Snapshot): MemoryStore {
  const sha256 = (text: string) => new Bun.SHA256().update(text).digest("hex");
  return createMemoryStore({ now: () => now, sha256 }, from);
}

/** A group with two members and three messages, one acknowledged, and a subscription. */
function talk(store: CommStore, name = "ops"): void {
  const { id } = store.createChannel({ name, type: "Group" });
  store.joinChannel(id, "ada");
  store.joinChannel(id, "bob");
  now++;
  store.sendMessage({ channelId: id, sender: "ada", content: `hi from ${name}` });
  now++;
  const [copy] = store.broadcast({ channelId: id, sender: "ada", content: `all in ${name}` });
  store.acknowledgeMessage(copy?.id ?? 0, "bob");
  now++;
  store.sendMessage({ channelId: id, sender: "bob", content: "the same words" });
  store.subscribe(name, "cyd");
}

/** With everything that only some layouts have, in no particular order. */
const strange: Snapshot = {
  form: headForm,
  channels: [
    {
      record: {
        id: 7,
        name: "ops",
        channel_type: "Direct",
        created_at: "2026-02-28T10:30:00.123456789Z",
        participants: ["z", "a", "a\0b", "É"],
        config: {
          max_participants: 2 ** 32 - 1,
          ttl_seconds: 2 ** 60,
          persistence: false,
          encryption_required: true,
        },
      },
      extension: { state: "Active", big: "18446744073709551615", list: [1, { deep: null }] },
    },
    {
      record: {
        id: 2,
        name: "ops",
        channel_type: "PubSub",
        created_at: "2026-02-28T10:30:00Z",
        participants: [],
        config: {
          max_participants: 0,
          ttl_seconds: 0,
          persistence: true,
          encryption_required: false,
        },
      },
    },
  ],
  messages: [9, 3, 5].map((id) => ({
    record: {
      id,
      channel_id: id === 5 ? 44 : 7,
      sender: "a",
      recipient: id === 3 ? "z" : null,
      content: `\ufeff content\0 of 😀 ${id}`,
      message_type: "Query" as const,
      timestamp: `2026-02-28T10:30:00.12345678${id}Z`,
      metadata: { key: "value", 2: "two", "": "" },
      signature: id === 3 ? null : "",
      acknowledged_by: ["z", "a"],
    },
    extension: { priority: "High" },
  })),
  subscriptions: [4, 1].map((id) => ({
    record: { id, topic: "ops", subscriber: "z", created_at: "2026-02-28T10:30:00Z" },
  })),
  next: { channel: 50, message: 60, subscription: 70 },
  rest: { dead_letters: [{ reason: "Expired" }], lamport_counter: 12 },
};

test("into an empty space and out again a document is what it was", () => {
  const report = importSnapshot(bus, "doc", strange, "strange.acomm");
  expect(exportSpace(bus, "doc")).toEqual(strange);
  expect(report).toEqual({
    channels: { added: 2, known: 0, renumbered: 0 },
    messages: { added: 3, known: 0, renumbered: 0 },
    subscriptions: { added: 2, known: 0, renumbered: 0 },
    leftOut: [],
  });
  expect(exportSpace(bus, "doc", seedForm)).toEqual({ ...strange, form: seedForm });
});

test("an acknowledgement is told in the newer layouts' own field, where there is one", () => {
  const [first, ...others] = strange.messages;
  if (first === undefined) throw new Error("no message");
  const status = { ...first, extension: { status: "Sent", big: "18446744073709551615" } };
  importSnapshot(bus, "doc", { ...strange, messages: [status, ...others] }, "a.acomm");
  const store = openLiveStore(bus, "doc");
  for (const message of [9, 5]) store.acknowledgeMessage(message, "zoe");
  expect(exportSpace(bus, "doc").messages.map((kept) => kept.extension)).toEqual([
    { status: "Acknowledged", big: "18446744073709551615" },
    { priority: "High" },
    { priority: "High" },
  ]);
});

test("what memory and live store make of one history is one document", () => {
  const store = memory();
  const at = now;
  talk(store);
  now = at;
  talk(live);
  expect(exportSpace(bus, "main")).toEqual(store.snapshot());
});

test("a space that nobody used is an empty document, and stays none", () => {
  expect(exportSpace(bus, "never")).toEqual(memory().snapshot());
  expect(live.listChannels()).toEqual([]);
  expect(bus.db.get<object>("SELECT count(*) AS n FROM comm_space")).toEqual({ n: 0 });
});

test("an imported space works on with ids that nobody had", () => {
  importSnapshot(bus, "doc", strange, "strange.acomm");
  const store = openLiveStore(bus, "doc");
  expect(store.createChannel({ name: "new", type: "Group" }).id).toBe(50);
  expect(store.sendMessage({ channelId: 2, sender: "a", content: "on" }).id).toBe(60);
  expect(store.searchMessages("CONTENT\0 OF 😀", 9).map((one) => one.id)).toEqual([9, 5, 3]);
  const out = exportSpace(bus, "doc");
  expect(out.messages.map((kept) => kept.record.id)).toEqual([9, 3, 5, 60]);
});

test("importing twice changes nothing", () => {
  talk(live, "before");
  const store = memory();
  talk(store);
  talk(store, "build");
  importSnapshot(bus, "main", store.snapshot(), "a.acomm");
  const once = exportSpace(bus, "main");
  const again = importSnapshot(bus, "main", store.snapshot(), "moved/a.acomm");
  expect(exportSpace(bus, "main")).toEqual(once);
  expect(again.channels).toEqual({ added: 0, known: 2, renumbered: 0 });
  expect(again.messages).toEqual({ added: 0, known: 6, renumbered: 0 });
  expect(again.subscriptions).toEqual({ added: 0, known: 2, renumbered: 0 });
});

test("whatever has an id that is taken gets a fresh one, and its messages follow", () => {
  talk(live, "before");
  const store = memory();
  talk(store);
  const report = importSnapshot(bus, "main", store.snapshot(), "a.acomm");
  expect(report.channels).toEqual({ added: 0, known: 0, renumbered: 1 });
  expect(report.messages).toEqual({ added: 0, known: 0, renumbered: 3 });
  expect(live.getChannel(2)).toMatchObject({ name: "ops", participants: ["ada", "bob"] });
  const contents = (id: number) => live.queryHistory(id).map((message) => message.content);
  expect(contents(1)).toEqual(["hi from before", "all in before", "the same words"]);
  expect(contents(2)).toEqual(["hi from ops", "all in ops", "the same words"]);
  expect(live.queryHistory(2)[1]).toMatchObject({ recipient: "bob", acknowledged_by: ["bob"] });
  expect(live.stats().subscription_count).toBe(2);
});

test("what both sides added is there once, with everybody who joined or acknowledged", () => {
  talk(live);
  const theirs = memory(exportSpace(bus, "main"));
  theirs.joinChannel(1, "eve");
  theirs.acknowledgeMessage(1, "eve");
  theirs.sendMessage({ channelId: 1, sender: "eve", content: "theirs" });
  live.joinChannel(1, "dan");
  live.acknowledgeMessage(1, "dan");
  live.sendMessage({ channelId: 1, sender: "dan", content: "ours" });
  const report = importSnapshot(bus, "main", theirs.snapshot(), "a.acomm");
  expect(report.messages).toEqual({ added: 0, known: 3, renumbered: 1 });
  expect(live.getChannel(1)?.participants).toEqual(["ada", "bob", "dan", "eve"]);
  expect(live.getMessage(1)?.acknowledged_by).toEqual(["dan", "eve"]);
  const contents = live.queryHistory(1).map((message) => message.content);
  expect(contents.slice(3).sort()).toEqual(["ours", "theirs"]);
});

test("two of theirs that differ only in their ids stay two", () => {
  talk(live);
  const store = memory(exportSpace(bus, "main"));
  const again = { channelId: 1, sender: "ada", content: "again" };
  for (const _ of [1, 2, 3]) store.sendMessage(again);
  importSnapshot(bus, "main", store.snapshot(), "a.acomm");
  expect(live.searchMessages("again", 9)).toHaveLength(3);
  expect(importSnapshot(bus, "main", store.snapshot(), "a.acomm").messages.known).toBe(6);
  expect(live.searchMessages("again", 9)).toHaveLength(3);
});

test("messages of a channel that the document does not have stay out of ours", () => {
  talk(live);
  const store = memory();
  talk(store);
  const lost = { ...store.snapshot(), channels: [], subscriptions: [] };
  importSnapshot(bus, "main", lost, "a.acomm");
  expect(live.queryHistory(1)).toHaveLength(3);
  expect(live.searchMessages("hi from", 9)).toHaveLength(2);
});

test("sections that the space already has are named and kept with their origin", () => {
  importSnapshot(bus, "doc", strange, "a.acomm");
  const rest = { dead_letters: [{ reason: "Full" }], hives: [], lamport_counter: 12 };
  const other = { ...strange, rest };
  expect(importSnapshot(bus, "doc", other, "b.acomm").leftOut).toEqual([
    "the section dead_letters: 1 in the file, 1 kept",
  ]);
  expect(exportSpace(bus, "doc").rest).toEqual(strange.rest ?? {});
  const space = bus.db.get<{ id: number }>("SELECT id FROM comm_space")?.id ?? 0;
  expect(originsOf(bus.db, space).map((one) => [one.origin, one.rest])).toEqual([
    ["a.acomm", undefined],
    ["b.acomm", rest],
  ]);
  talk(live);
  expect(importSnapshot(bus, "main", strange, "a.acomm").leftOut).toEqual([]);
  expect(exportSpace(bus, "main").rest).toEqual(strange.rest ?? {});
  expect(exportSpace(bus, "main").form).toEqual(seedForm);
});

test("an import that fails leaves nothing", () => {
  talk(live);
  const before = exportSpace(bus, "main");
  const [good] = strange.messages;
  const bad = { ...good!, record: { ...good!.record, content: null as unknown as string } };
  expect(() => importSnapshot(bus, "main", { ...strange, messages: [bad] }, "x")).toThrow();
  expect(exportSpace(bus, "main")).toEqual(before);
});
