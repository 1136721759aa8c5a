// What is announced of a post, to whom, and that it is one thing with what is stored.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { CommStore } from "../../../core/channels/comm-store.ts";
import { realSystem } from "../../../sys/system.ts";
import { type Bus, openBus } from "../../bus.ts";
import { setTopicWake, setWake } from "../live-members.ts";
import { openLiveStore } from "../live-store.ts";
import type { Post } from "../post.ts";

let folder: string;
let bus: Bus;
let store: CommStore;
let posts: Post[];
let announce: (post: Post) => number | undefined;

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/hcom-post-`);
  bus = openBus({ ...realSystem(), env: { HCOM_DIR: folder } });
  posts = [];
  announce = (post) => {
    posts.push(post);
    return 700 + posts.length;
  };
  store = openLiveStore(bus, "main", {
    announce: (post) => announce(post),
    principalOf: (name) => (name.startsWith("agent") ? `principal of ${name}` : undefined),
  });
});
afterEach(() => {
  bus.db.close();
  rmSync(folder, { recursive: true });
});

function channel(type: "Group" | "PubSub", ...participants: string[]): number {
  const { id } = store.createChannel({ name: "build", type });
  for (const participant of participants) store.joinChannel(id, participant);
  return id;
}

const events = () =>
  bus.db.all<object>("SELECT id, event_id AS event FROM comm_message ORDER BY id");

test("a message is announced to every member but its sender, as it was stored", () => {
  const id = channel("Group", "agent-1", "someone", "agent-2");
  setWake(bus, { space: "main", channelId: id, participant: "agent-2" }, "digest");
  store.subscribe("build", "agent-3");
  const sent = store.sendMessage({
    channelId: id,
    sender: "agent-1",
    content: "hi",
    type: "Query",
  });
  expect(posts).toEqual([
    {
      space: "main",
      channel: { id, name: "build", type: "Group" },
      endsAfter: 0,
      sender: "agent-1",
      content: "hi",
      messageId: sent.id,
      readers: [
        { participant: "someone", principal: null, wake: "push" },
        { participant: "agent-2", principal: "principal of agent-2", wake: "digest" },
      ],
    },
  ]);
  expect(events()).toEqual([{ id: 1, event: 701 }]);
});

test("in a pub/sub channel a message is for members and for subscribers, each once", () => {
  const id = channel("PubSub", "agent-1", "agent-2");
  for (const [topic, name] of [
    ["build", "agent-3"],
    ["build", "agent-2"],
    ["build.#", "agent-4"],
    ["other", "agent-5"],
    ["build", "agent-3"],
  ] as const) {
    store.subscribe(topic, name);
  }
  store.sendMessage({ channelId: id, sender: "x", content: "hi" });
  const readers = posts[0]?.readers.map((reader) => reader.participant);
  expect(readers).toEqual(["agent-1", "agent-2", "agent-3", "agent-4"]);
});

test("a broadcast is one announcement of all its copies", () => {
  const id = channel("Group", "agent-1", "agent-2", "agent-3");
  const copies = store.broadcast({ channelId: id, sender: "agent-2", content: "all" });
  expect(copies.map((copy) => copy.recipient)).toEqual(["agent-1", "agent-3"]);
  expect(posts).toMatchObject([{ messageId: 1 }]);
  expect(posts[0]?.readers.map((reader) => reader.participant)).toEqual(["agent-1", "agent-3"]);
  expect(events()).toEqual([
    { id: 1, event: 701 },
    { id: 2, event: 701 },
  ]);
});

test("a publication reaches each subscriber by its first subscription", () => {
  store.subscribe("build.*", "agent-1");
  store.subscribe("build.linux", "agent-1");
  store.subscribe("build.linux", "agent-2");
  store.subscribe("build.mac", "agent-3");
  setTopicWake(bus, { space: "main", subscriber: "agent-1", topic: "build.*" }, "next-turn");
  store.publish({ topic: "build.linux", sender: "agent-2", content: "done" });
  expect(posts).toMatchObject([
    {
      channel: { id: 1, name: "build.linux", type: "PubSub" },
      messageId: 1,
      readers: [{ participant: "agent-1", principal: "principal of agent-1", wake: "next-turn" }],
    },
  ]);
});

test("what nobody gets is announced without a message", () => {
  store.publish({ topic: "silence", sender: "x", content: "hello?" });
  store.broadcast({ channelId: channel("Group", "x"), sender: "x", content: "hello?" });
  expect(posts.map(({ messageId, readers }) => [messageId, readers])).toEqual([
    [0, []],
    [0, []],
  ]);
  expect(events()).toEqual([]);
});

test("an announcement that fails takes the message back, and one without event leaves none", () => {
  const id = channel("Group", "agent-1");
  announce = () => {
    throw new Error("no");
  };
  expect(() => store.sendMessage({ channelId: id, sender: "x", content: "hi" })).toThrow("no");
  expect(() => store.publish({ topic: "new", sender: "x", content: "hi" })).toThrow("no");
  expect(store.stats()).toMatchObject({ channel_count: 1, message_count: 0 });
  expect(store.searchMessages("", 9)).toEqual([]);
  announce = () => undefined;
  expect(store.sendMessage({ channelId: id, sender: "x", content: "hi" }).id).toBe(1);
  expect(events()).toEqual([{ id: 1, event: null }]);
});

test("a copy shares its text with the others", () => {
  const id = channel("Group", ...Array.from({ length: 50 }, (_, at) => `p${at}`));
  store.broadcast({ channelId: id, sender: "x", content: "long".repeat(1000) });
  expect(bus.db.get<object>("SELECT count(*) AS n FROM comm_body")).toEqual({ n: 1 });
});

test("operations join the transaction that is under way", () => {
  const id = channel("Group", "agent-1");
  expect(() =>
    bus.db.write(() => {
      store.sendMessage({ channelId: id, sender: "x", content: "one" });
      store.joinChannel(id, "late");
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(store.getChannel(id)?.participants).toEqual(["agent-1"]);
  expect(store.queryHistory(id)).toEqual([]);
});
