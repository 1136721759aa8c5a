// One post, many copies: broadcasts to a channel's participants, publications to subscribers.
import { expect, test } from "bun:test";
import { channelTypes } from "../../src/core/channels/channel.ts";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { group, idsOf, noon, type Open, picture, refusalOf } from "./lab.ts";

const publish = (store: CommStore, topic: string, sender = "lead") =>
  store.publish({ topic, sender, content: "news" });

const reached = (store: CommStore, topic: string, sender = "lead") =>
  publish(store, topic, sender).map((one) => one.recipient);

export function checkFanOut(open: Open): void {
  test("a broadcast reaches everybody but its sender, in the order of joining", () => {
    const { store, clock } = open();
    const ops = group(store, "ops", "zoe", "ada", "mia");
    clock.now = noon + 5;
    const copies = store.broadcast({ channelId: ops, sender: "ada", content: "hi" });
    expect(copies.map((one) => [one.id, one.recipient])).toEqual([
      [1, "zoe"],
      [2, "mia"],
    ]);
    for (const [at, copy] of copies.entries()) {
      expect(copy).toMatchObject({
        channel_id: ops,
        sender: "ada",
        content: "hi",
        message_type: "Broadcast",
        timestamp: `2026-02-28T12:00:00.00500${at + 1}Z`,
        metadata: {},
        signature: new Bun.SHA256().update("hi").digest("hex"),
        acknowledged_by: [],
      });
    }
    expect(store.queryHistory(ops)).toEqual(copies);
    store.acknowledgeMessage(1, "zoe");
    expect(store.getMessage(2)?.acknowledged_by).toEqual([]);
  });

  test("a channel of any type is broadcast to, also by somebody who is not in it", () => {
    const { store } = open();
    for (const type of channelTypes) {
      const { id } = store.createChannel({ name: "x", type });
      store.joinChannel(id, "ada");
      store.joinChannel(id, "bob");
      expect(store.broadcast({ channelId: id, sender: "cyd", content: "hi" })).toHaveLength(2);
    }
  });

  test("a broadcast to nobody is none", () => {
    const { store } = open();
    const [empty, alone] = [group(store, "empty"), group(store, "alone", "ada")];
    const before = picture(store);
    expect(store.broadcast({ channelId: empty, sender: "ada", content: "hi" })).toEqual([]);
    expect(store.broadcast({ channelId: alone, sender: "ada", content: "hi" })).toEqual([]);
    expect(picture(store)).toEqual(before);
  });

  test("a broadcast to ten thousand reaches ten thousand", () => {
    const { store } = open();
    const all = Array.from({ length: 10_000 }, (_, at) => `agent-${at}`);
    const ops = group(store, "ops", ...all);
    const copies = store.broadcast({ channelId: ops, sender: "lead", content: "hi" });
    expect(copies.map((one) => one.recipient)).toEqual(all);
    expect(idsOf(copies)).toEqual(all.map((_, at) => at + 1));
    expect(store.stats()).toMatchObject({ message_count: 10_000, total_participants: 10_000 });
    expect(store.receiveMessages(ops, { recipient: "agent-9999" })).toHaveLength(1);
  }, 60_000);

  test("a subscription needs no channel and makes none", () => {
    const { store } = open();
    expect(store.subscribe("news", "ada")).toEqual({
      id: 1,
      topic: "news",
      subscriber: "ada",
      created_at: "2026-02-28T12:00:00Z",
    });
    expect(store.listChannels()).toEqual([]);
  });

  test("subscribing twice makes two subscriptions, of which each ends once", () => {
    const { store } = open();
    store.subscribe("news", "ada");
    store.subscribe("news", "ada");
    expect(idsOf(store.listSubscriptions())).toEqual([1, 2]);
    store.unsubscribe(1);
    expect(reached(store, "news")).toEqual(["ada"]);
    store.unsubscribe(2);
    expect(reached(store, "news")).toEqual([]);
    expect(refusalOf(() => store.unsubscribe(2)).message).toBe("Subscription not found: 2");
    expect(store.subscribe("news", "ada").id).toBe(3);
  });

  test("a publication makes the topic's channel and a notification for each subscriber", () => {
    const { store } = open();
    store.subscribe("news", "zoe");
    store.subscribe("news", "ada");
    store.subscribe("olds", "bob");
    const copies = publish(store, "news");
    expect(store.listChannels()).toMatchObject([
      {
        id: 1,
        name: "news",
        channel_type: "PubSub",
        participants: [],
        config: { max_participants: 0, ttl_seconds: 0, persistence: true },
      },
    ]);
    expect(copies).toMatchObject([
      { id: 1, channel_id: 1, sender: "lead", recipient: "zoe", message_type: "Notification" },
      { id: 2, channel_id: 1, sender: "lead", recipient: "ada", message_type: "Notification" },
    ]);
    expect(store.queryHistory(1)).toEqual(copies);
    expect(publish(store, "news")).toHaveLength(2);
    expect(store.listChannels()).toHaveLength(1);
  });

  test("a publication without subscribers delivers nothing, and the channel is there", () => {
    const { store } = open();
    expect(publish(store, "news")).toEqual([]);
    expect(store.listChannels()).toMatchObject([{ name: "news", channel_type: "PubSub" }]);
    expect(store.stats().message_count).toBe(0);
  });

  test("a subscriber gets one copy, by its first subscription, and the sender none", () => {
    const { store } = open();
    for (const who of ["zoe", "ada", "zoe", "lead", "bob", "ada"]) store.subscribe("news", who);
    expect(reached(store, "news")).toEqual(["zoe", "ada", "bob"]);
    store.unsubscribe(1);
    expect(reached(store, "news")).toEqual(["ada", "zoe", "bob"]);
    expect(reached(store, "news", "ada")).toEqual(["zoe", "lead", "bob"]);
  });

  test("the pub/sub channel with the lowest id is published through", () => {
    const { store } = open();
    group(store, "news");
    store.createChannel({ name: "news", type: "Broadcast" });
    const { id } = store.createChannel({ name: "news", type: "PubSub" });
    store.createChannel({ name: "news", type: "PubSub" });
    store.subscribe("news", "ada");
    expect(publish(store, "news")).toMatchObject([{ channel_id: id }]);
    expect(store.listChannels()).toHaveLength(4);
  });

  test("a topic matches as it is written", () => {
    const { store } = open();
    for (const [topic, who] of [
      ["News", "upper"],
      ["new", "short"],
      ["news_", "long"],
    ] as const) {
      store.subscribe(topic, who);
    }
    expect(reached(store, "news")).toEqual([]);
    expect(reached(store, "News")).toEqual(["upper"]);
  });

  test("a dotted pattern takes a star for one segment and a last hash for the rest", () => {
    const { store } = open();
    for (const topic of ["build.*", "build.*.failed", "build.#", "*.linux", "build.linux"]) {
      store.subscribe(topic, topic);
    }
    expect(reached(store, "build")).toEqual(["build.#"]);
    expect(reached(store, "build.linux")).toEqual(["build.*", "build.#", "*.linux", "build.linux"]);
    expect(reached(store, "build.linux.failed")).toEqual(["build.*.failed", "build.#"]);
    expect(reached(store, "test.linux")).toEqual(["*.linux"]);
    expect(reached(store, "builds")).toEqual([]);
    expect(store.listChannels().map((one) => one.name)).toEqual([
      "build",
      "build.linux",
      "build.linux.failed",
      "test.linux",
      "builds",
    ]);
  });

  test("who subscribed to a topic and to patterns of it gets one copy", () => {
    const { store } = open();
    store.subscribe("build.#", "ada");
    store.subscribe("build.linux", "bob");
    store.subscribe("build.linux", "ada");
    store.subscribe("build.*", "bob");
    expect(reached(store, "build.linux")).toEqual(["ada", "bob"]);
  });
}
