// Readers: wake policies, what is unread, and who is behind a name.

import { afterEach, beforeEach, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { scratch } from "../../../tests/kit/scratch.ts";
import type { CommStore } from "../../core/channels/comm-store.ts";
import { realSystem } from "../../sys/system.ts";
import { type Bus, openBus } from "../bus.ts";
import {
  bindMember,
  channelsOf,
  findChannel,
  moveCursor,
  setTopicWake,
  setWake,
  unreadOf,
} from "./live-members.ts";
import { openLiveStore } from "./live-store.ts";

let folder: string;
let bus: Bus;
let store: CommStore;
let now: number;

beforeEach(() => {
  folder = scratch("hcom-members-");
  now = Date.UTC(2026, 1, 28);
  bus = openBus({ ...realSystem(), env: { HCOM_DIR: folder }, now: () => now });
  store = openLiveStore(bus, "main", {
    principalOf: (name) => (name === "luna" ? "p-luna" : undefined),
  });
});
afterEach(() => {
  bus.db.close();
  rmSync(folder, { recursive: true });
});

const seat = (channelId: number, participant = "luna") => ({
  space: "main",
  channelId,
  participant,
});

function group(name: string, ...participants: string[]): number {
  const { id } = store.createChannel({ name, type: "Group" });
  for (const participant of participants) store.joinChannel(id, participant);
  return id;
}

function say(channelId: number, sender: string, ...contents: string[]): void {
  for (const content of contents) store.sendMessage({ channelId, sender, content });
}

const unread = (channelId: number, participant = "luna", limit = 10) => {
  const { messages, total } = unreadOf(bus, seat(channelId, participant), limit);
  return { contents: messages.map((message) => message.content), total };
};

test("unread is what others said since one joined, oldest first, up to a limit", () => {
  const id = group("ops", "nova");
  say(id, "nova", "before");
  store.joinChannel(id, "luna");
  say(id, "nova", "one", "two");
  say(id, "luna", "my own");
  store.broadcast({ channelId: id, sender: "nova", content: "three" });
  say(id, "nova", "four");
  expect(unread(id)).toEqual({ contents: ["one", "two", "three", "four"], total: 4 });
  expect(unread(id, "luna", 2)).toEqual({ contents: ["one", "two"], total: 4 });
  expect(unread(id, "nova")).toEqual({ contents: ["my own"], total: 1 });
});

test("the cursor moves forward only, and each channel has its own", () => {
  const ops = group("ops", "luna");
  const build = group("build", "luna");
  say(ops, "nova", "one", "two");
  say(build, "nova", "three");
  moveCursor(bus, seat(ops), 2);
  moveCursor(bus, seat(ops), 1);
  expect(unread(ops).total).toBe(0);
  expect(unread(build).contents).toEqual(["three"]);
});

test("who leaves and comes back starts anew", () => {
  const id = group("ops", "luna");
  say(id, "nova", "one");
  store.leaveChannel(id, "luna");
  say(id, "nova", "two");
  store.joinChannel(id, "luna");
  say(id, "nova", "three");
  expect(unread(id).contents).toEqual(["three"]);
});

test("a subscriber reads its copies and what is for everybody, each channel for itself", () => {
  store.publish({ topic: "build.mac", sender: "nova", content: "before" });
  store.subscribe("build.*", "luna");
  store.publish({ topic: "build.mac", sender: "nova", content: "mac" });
  store.publish({ topic: "build.linux", sender: "nova", content: "linux" });
  store.publish({ topic: "build.mac", sender: "nova", content: "mac again" });
  store.subscribe("build.mac", "kira");
  store.publish({ topic: "build.mac", sender: "luna", content: "to kira alone" });
  say(1, "nova", "said, not published");
  expect(unread(1).contents).toEqual(["mac", "mac again", "said, not published"]);
  expect(unread(1, "kira").contents).toEqual(["to kira alone", "said, not published"]);
  const [subscription] = channelsOf(bus, "p-luna").subscriptions;
  expect(subscription).toMatchObject({ topic: "build.*", unread: 4 });
  moveCursor(bus, seat(1), 5);
  expect(unread(1).total).toBe(0);
  expect(unread(2).contents).toEqual(["linux"]);
  expect(channelsOf(bus, "p-luna").subscriptions[0]?.unread).toBe(1);
});

test("nobody else has anything to read", () => {
  const id = group("ops", "luna");
  store.subscribe("ops", "nova");
  expect(() => unread(id, "nova")).toThrow("Participant 'nova' is not in channel 1");
  expect(() => moveCursor(bus, seat(id, "nova"), 1)).toThrow("is not in channel 1");
  expect(() => unread(99)).toThrow("Channel not found: 99");
});

test("what has ended is not unread", () => {
  const id = group("ops", "luna");
  store.setChannelConfig(id, { ttl_seconds: 60 });
  say(id, "nova", "old");
  now += 50_000;
  say(id, "nova", "new");
  now += 20_000;
  expect(unread(id)).toEqual({ contents: ["new"], total: 1 });
});

test("a principal sees where it is in, how it is woken and how much is unread", () => {
  const ops = group("ops", "nova", "luna");
  store.createChannel({ name: "topic", type: "PubSub" });
  store.joinChannel(2, "luna");
  store.subscribe("topic", "luna");
  setWake(bus, seat(ops), "mute");
  setTopicWake(bus, { space: "main", subscriber: "luna", topic: "topic" }, "digest");
  say(ops, "nova", "one", "two");
  store.publish({ topic: "topic", sender: "nova", content: "three" });
  expect(channelsOf(bus, "p-luna")).toEqual({
    memberships: [
      {
        space: "main",
        channel: { id: ops, name: "ops", type: "Group" },
        participant: "luna",
        wake: "mute",
        unread: 2,
      },
      {
        space: "main",
        channel: { id: 2, name: "topic", type: "PubSub" },
        participant: "luna",
        wake: "push",
        unread: 1,
      },
    ],
    subscriptions: [
      // A member reads it there.
      { space: "main", id: 1, topic: "topic", subscriber: "luna", wake: "digest", unread: 0 },
    ],
  });
  expect(channelsOf(bus, "p-other")).toEqual({ memberships: [], subscriptions: [] });
});

test("a name can be bound to a principal later", () => {
  const id = group("ops", "someone");
  expect(channelsOf(bus, "p-new").memberships).toEqual([]);
  bindMember(bus, { ...seat(id, "someone"), principal: "p-new" });
  expect(channelsOf(bus, "p-new").memberships).toMatchObject([{ participant: "someone" }]);
});

test("what is not there cannot be set", () => {
  const id = group("ops", "luna");
  expect(() => setWake(bus, seat(id, "nova"), "mute")).toThrow("'nova' is not in channel 1");
  expect(() => setWake(bus, seat(9), "mute")).toThrow("Channel not found: 9");
  expect(() => bindMember(bus, { ...seat(id, "nova"), principal: "p" })).toThrow("not in channel");
  const topic = { space: "main", subscriber: "luna", topic: "ops" };
  expect(() => setTopicWake(bus, topic, "mute")).toThrow("'luna' is not subscribed to ops");
});

test("a channel is found by its id, then by its name, unless several have it", () => {
  group("ops");
  group("twin");
  group("1");
  group("77");
  const idOf = (text: string) => findChannel(bus, "main", text)?.id;
  expect([idOf("2"), idOf("ops"), idOf("1"), idOf("77"), idOf("Ops"), idOf("99")]).toEqual([
    2,
    1,
    1,
    4,
    undefined,
    undefined,
  ]);
  expect(findChannel(bus, "elsewhere", "ops")).toBeUndefined();
  const again = group("twin");
  expect(() => idOf("twin")).toThrow(`2 channels are called twin: 2, ${again}`);
});
