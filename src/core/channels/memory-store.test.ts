// What a store in memory has beyond the contract of all stores: it comes out of a snapshot, and
// gives back in one what nobody changed.
import { expect, test } from "bun:test";
import type { Channel } from "./channel.ts";
import type { ChannelMessage } from "./channel-message.ts";
import { createMemoryStore } from "./memory-store.ts";
import { emptySnapshot, headForm, type Kept, type Snapshot } from "./snapshot.ts";

const noon = Date.UTC(2026, 1, 28, 12);
const clock = { now: noon };
const deps = { now: () => clock.now, sha256: (text: string) => `hash of ${text}` };

function aChannel(id: number, change: Partial<Channel> = {}): Kept<Channel> {
  const record: Channel = {
    id,
    name: "ops",
    channel_type: "Group",
    created_at: "2026-02-28T10:30:00.123456789Z",
    participants: ["ada"],
    config: {
      max_participants: 0,
      ttl_seconds: 0,
      persistence: true,
      encryption_required: false,
    },
    ...change,
  };
  return { record, extension: { state: "active" }, bytes: new Uint8Array([id]) };
}

function aMessage(id: number, change: Partial<ChannelMessage> = {}): Kept<ChannelMessage> {
  const record: ChannelMessage = {
    id,
    channel_id: 1,
    sender: "ada",
    recipient: null,
    content: `message ${id}`,
    message_type: "Text",
    timestamp: "2026-02-28T10:30:00.123456789Z",
    metadata: { key: "value" },
    signature: null,
    acknowledged_by: ["bob"],
    ...change,
  };
  return { record, extension: { priority: "high" }, bytes: new Uint8Array([id]) };
}

/** As documents are: in no order. */
function someDocument(): Snapshot {
  const topic = "ops";
  const created_at = "2026-02-28T10:30:00Z";
  return {
    form: headForm,
    channels: [aChannel(7), aChannel(1), aChannel(3)],
    messages: [aMessage(9), aMessage(2), aMessage(5, { channel_id: 3 })],
    subscriptions: [
      { record: { id: 4, topic, subscriber: "zoe", created_at }, bytes: new Uint8Array([4]) },
      { record: { id: 2, topic, subscriber: "ada", created_at } },
    ],
    next: { channel: 20, message: 30, subscription: 40 },
    rest: { hives: [] },
  };
}

test("what nobody changed is given back as it came, in its order", () => {
  const store = createMemoryStore(deps, someDocument());
  store.receiveMessages(1);
  store.searchMessages("message", 9);
  expect(store.listChannels().map((channel) => channel.id)).toEqual([1, 3, 7]);
  expect(store.receiveMessages(1).map((one) => one.id)).toEqual([2, 9]);
  expect(store.searchMessages("", 9).map((one) => one.id)).toEqual([9, 5, 2]);
  expect(store.listSubscriptions().map((one) => one.id)).toEqual([2, 4]);
  expect(store.snapshot()).toEqual(someDocument());
  expect(store.isChanged()).toBe(false);
});

test("a record that is changed loses its bytes and keeps what else is known of it", () => {
  const store = createMemoryStore(deps, someDocument());
  store.joinChannel(1, "bob");
  store.leaveChannel(7, "ada");
  store.setChannelConfig(3, { ttl_seconds: 0 });
  store.acknowledgeMessage(2, "ada");
  expect(store.isChanged()).toBe(true);
  const { channels, messages, rest, form } = store.snapshot();
  expect(channels.map((kept) => kept.bytes)).toEqual([undefined, undefined, undefined]);
  expect(channels.map((kept) => kept.extension)).toEqual(Array(3).fill({ state: "active" }));
  expect(messages.map((kept) => kept.bytes?.[0])).toEqual([9, undefined, 5]);
  expect(messages[1]).toMatchObject({
    record: { id: 2, metadata: { key: "value" }, acknowledged_by: ["bob", "ada"] },
    extension: { priority: "high" },
  });
  expect({ rest, form }).toEqual({ rest: { hives: [] }, form: headForm });
});

test("an acknowledgement is told in the newer layouts' own field, where there is one", () => {
  const from = someDocument();
  for (const kept of from.messages.slice(0, 2))
    kept.extension = { status: "Sent", priority: "Low" };
  const store = createMemoryStore(deps, from);
  store.acknowledgeMessage(9, "zoe");
  store.acknowledgeMessage(2, "bob");
  store.acknowledgeMessage(5, "zoe");
  expect(store.snapshot().messages.map((kept) => kept.extension)).toEqual([
    { status: "Acknowledged", priority: "Low" },
    { status: "Sent", priority: "Low" },
    { priority: "high" },
  ]);
});

test("neither what it came from nor an earlier snapshot changes with the store", () => {
  const from = someDocument();
  const store = createMemoryStore(deps, from);
  const before = store.snapshot();
  store.joinChannel(1, "bob");
  store.setChannelConfig(1, { ttl_seconds: 9 });
  store.acknowledgeMessage(5, "ada");
  store.sendMessage({ channelId: 3, sender: "ada", content: "hi" });
  store.subscribe("news", "ada");
  expect(from).toEqual(someDocument());
  expect(before).toEqual(someDocument());
});

test.each([
  ["creating", (store) => store.createChannel({ name: "new", type: "Group" })],
  ["joining", (store) => store.joinChannel(1, "zoe")],
  ["leaving", (store) => store.leaveChannel(1, "ada")],
  ["configuring", (store) => store.setChannelConfig(1, { ttl_seconds: 0, max_participants: 5 })],
  ["sending", (store) => store.sendMessage({ channelId: 1, sender: "ada", content: "hi" })],
  ["broadcasting", (store) => store.broadcast({ channelId: 1, sender: "zoe", content: "hi" })],
  ["publishing", (store) => store.publish({ topic: "new", sender: "ada", content: "hi" })],
  ["subscribing", (store) => store.subscribe("ops", "ada")],
  ["unsubscribing", (store) => store.unsubscribe(4)],
  ["acknowledging", (store) => store.acknowledgeMessage(2, "zoe")],
] satisfies [string, (store: ReturnType<typeof createMemoryStore>) => unknown][])(
  "%s changes the store",
  (_what, act) => {
    const store = createMemoryStore(deps, someDocument());
    act(store);
    expect(store.isChanged()).toBe(true);
  },
);

test.each([
  ["a refusal", (store) => expect(() => store.joinChannel(1, "ada")).toThrow("already in")],
  ["a second acknowledgement", (store) => store.acknowledgeMessage(2, "bob")],
  [
    "a broadcast to nobody",
    (store) => store.broadcast({ channelId: 1, sender: "ada", content: "x" }),
  ],
  ["nothing that has outlived its time", (store) => store.expireMessages()],
] satisfies [string, (store: ReturnType<typeof createMemoryStore>) => unknown][])(
  "%s changes nothing",
  (_what, act) => {
    const store = createMemoryStore(deps, someDocument());
    act(store);
    expect(store.isChanged()).toBe(false);
    expect(store.snapshot()).toEqual(someDocument());
  },
);

test("new ids follow the counters, and the highest id where counters are behind", () => {
  const ahead = createMemoryStore(deps, someDocument());
  expect(ahead.createChannel({ name: "new", type: "Group" }).id).toBe(20);
  expect(ahead.sendMessage({ channelId: 1, sender: "ada", content: "hi" }).id).toBe(30);
  expect(ahead.subscribe("ops", "ada").id).toBe(40);
  expect(ahead.snapshot().next).toEqual({ channel: 21, message: 31, subscription: 41 });

  const next = { channel: 1, message: 1, subscription: 1 };
  const behind = createMemoryStore(deps, { ...someDocument(), next });
  expect(behind.snapshot().next).toEqual({ channel: 8, message: 10, subscription: 5 });
  expect(behind.createChannel({ name: "new", type: "Group" }).id).toBe(8);
});

test("messages are ordered by the nanosecond, before 1970 too", () => {
  const at = (id: number, timestamp: string) => aMessage(id, { timestamp });
  const store = createMemoryStore(deps, {
    ...someDocument(),
    messages: [
      at(1, "2026-02-28T10:30:00.000000002Z"),
      at(2, "2026-02-28T10:30:00.000000001Z"),
      at(3, "2026-02-28T12:30:00+02:00"),
      at(4, "1969-12-31T23:59:59.999999999Z"),
      at(5, "1969-12-31T23:59:59.999999998Z"),
      at(6, "1970-01-01T00:00:00Z"),
    ],
  });
  expect(store.receiveMessages(1).map((one) => one.id)).toEqual([5, 4, 6, 3, 2, 1]);
  expect(store.searchMessages("", 2).map((one) => one.id)).toEqual([1, 2]);
  const since = "2026-02-28T10:30:00.000000002Z";
  expect(store.queryHistory(1, { since }).map((one) => one.id)).toEqual([1]);
});

test("messages of a channel that the document does not have are found and kept", () => {
  const messages = [aMessage(1, { channel_id: 99 })];
  const store = createMemoryStore(deps, { ...someDocument(), messages });
  expect(store.queryHistory(99)).toHaveLength(1);
  expect(store.searchMessages("message", 9)).toHaveLength(1);
  expect(store.getMessage(1)?.channel_id).toBe(99);
  expect(store.stats().message_count).toBe(1);
  expect(() => store.receiveMessages(99)).toThrow("Channel not found: 99");
});

test("of a document's pub/sub channels of one name the lowest id is published through", () => {
  const channel_type = "PubSub";
  const store = createMemoryStore(deps, {
    ...someDocument(),
    channels: [5, 3, 8].map((id) => aChannel(id, { channel_type, name: "a b" })),
  });
  store.subscribe("ops", "bob");
  // The name of a channel that is there needs no check: the document had it.
  expect(store.publish({ topic: "a b", sender: "ada", content: "hi" })).toEqual([]);
  expect(store.listChannels()).toHaveLength(3);
  const second = createMemoryStore(deps, {
    ...someDocument(),
    channels: [5, 3, 8].map((id) => aChannel(id, { channel_type })),
  });
  const copies = second.publish({ topic: "ops", sender: "lead", content: "hi" });
  expect(copies.map((one) => [one.channel_id, one.recipient])).toEqual([
    [3, "ada"],
    [3, "zoe"],
  ]);
});

test("a direct channel that came with three lets nobody else in and evicts nobody", () => {
  const participants = ["ada", "bob", "cyd"];
  const channels = [aChannel(1, { channel_type: "Direct", participants })];
  const store = createMemoryStore(deps, { ...someDocument(), channels });
  expect(() => store.joinChannel(1, "dan")).toThrow("Channel 1 has reached maximum participants");
  expect(store.broadcast({ channelId: 1, sender: "dan", content: "hi" })).toHaveLength(3);
  expect(store.getChannel(1)?.participants).toEqual(participants);
});

function aging() {
  clock.now = noon;
  const store = createMemoryStore({ ...deps, endsByItself: true });
  store.createChannel({ name: "brief", type: "Group", config: { ttl_seconds: 10 } });
  store.createChannel({ name: "ops", type: "Group" });
  const send = (channelId: number) =>
    store.sendMessage({ channelId, sender: "ada", content: "hi" }).id;
  const kept = () => store.snapshot().messages.map((message) => message.record.id);
  return { store, send, kept };
}

test("what has outlived its time stays in snapshots until something is done in its channel", () => {
  const { store, send, kept } = aging();
  send(1);
  clock.now = noon + 60_000;
  store.receiveMessages(1);
  send(2);
  expect(kept()).toEqual([1, 2]);
  send(1);
  expect(kept()).toEqual([2, 3]);
});

test("expiring removes what has outlived its time, once", () => {
  const { store, send, kept } = aging();
  send(1);
  send(1);
  send(2);
  clock.now = noon + 10_000;
  send(1);
  expect(store.expireMessages()).toEqual([]);
  clock.now = noon + 10_001;
  expect(store.expireMessages()).toEqual([{ channel_id: 1, expired: 2 }]);
  expect(store.expireMessages()).toEqual([]);
  expect(kept()).toEqual([3, 4]);
  expect(store.searchMessages("", 9).map((one) => one.id)).toEqual([4, 3]);
  expect(store.stats().message_count).toBe(2);
});

test("a store that is opened and has messages expired is changed by that", () => {
  const { store, send } = aging();
  send(1);
  const later = createMemoryStore({ ...deps, endsByItself: true }, store.snapshot());
  clock.now = noon + 60_000;
  expect(later.isChanged()).toBe(false);
  expect(later.expireMessages()).toEqual([{ channel_id: 1, expired: 1 }]);
  expect(later.isChanged()).toBe(true);
});

test("a channel that forgets as fast as it is told stays small", () => {
  const { store, send } = aging();
  for (let count = 0; count < 5000; count++) {
    clock.now = noon + count * 1000;
    send(1);
    if (count % 7 === 0) send(2);
  }
  expect(store.receiveMessages(1)).toHaveLength(11);
  expect(store.snapshot().messages).toHaveLength(11 + 715);
  expect(store.searchMessages("", 9999)).toHaveLength(11 + 715);
});

test("an empty store has the form that is asked for", () => {
  expect(createMemoryStore(deps).snapshot()).toEqual(emptySnapshot());
  expect(createMemoryStore(deps, emptySnapshot(headForm)).snapshot().form).toEqual(headForm);
});
