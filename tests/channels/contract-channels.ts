// Channels: creating, joining, leaving, listing, configuring, counting.
import { expect, test } from "bun:test";
import { channelTypes } from "../../src/core/channels/channel.ts";
import { group, idsOf, noon, type Open, picture, refusalOf, say } from "./lab.ts";

export function checkChannels(open: Open): void {
  test("a new channel has nobody in it, the next id and the defaults", () => {
    const { store, clock } = open();
    expect(store.createChannel({ name: "ops", type: "Group" })).toEqual({
      id: 1,
      name: "ops",
      channel_type: "Group",
      created_at: "2026-02-28T12:00:00Z",
      participants: [],
      config: {
        max_participants: 0,
        ttl_seconds: 0,
        persistence: true,
        encryption_required: false,
      },
    });
    clock.now = noon + 1234;
    const second = store.createChannel({ name: "build", type: "PubSub" });
    expect(second).toMatchObject({ id: 2, created_at: "2026-02-28T12:00:01.234Z" });
  });

  test("records have their fields in the order in which they are printed", () => {
    const { store } = open();
    const channel = store.createChannel({ name: "ops", type: "Group" });
    expect(Object.keys(channel).join(" ")).toBe(
      "id name channel_type created_at participants config",
    );
    expect(Object.keys(channel.config).join(" ")).toBe(
      "max_participants ttl_seconds persistence encryption_required",
    );
    expect(Object.keys(store.subscribe("ops", "ada")).join(" ")).toBe(
      "id topic subscriber created_at",
    );
    expect(Object.keys(store.stats()).join(" ")).toBe(
      "channel_count message_count subscription_count total_participants",
    );
  });

  test("a channel is of any type and has any configuration", () => {
    const { store } = open();
    const config = {
      max_participants: 2 ** 32 - 1,
      ttl_seconds: Number.MAX_SAFE_INTEGER,
      persistence: false,
      encryption_required: true,
    };
    for (const type of channelTypes) {
      const channel = store.createChannel({ name: "x", type, config });
      expect(channel).toMatchObject({ channel_type: type, config });
      expect(store.getChannel(channel.id)).toEqual(channel);
    }
  });

  test.each(["a".repeat(128), "é".repeat(64), "x", "-", "_", "team_A-1", "größe", "日本", "Ⅷ½"])(
    "%s is a name",
    (name) => {
      const { store } = open();
      expect(store.createChannel({ name, type: "Group" }).name).toBe(name);
      expect(store.getChannel(1)?.name).toBe(name);
    },
  );

  test("two channels of one name are two channels", () => {
    const { store } = open();
    const [first, second] = [group(store, "ops", "ada"), group(store, "ops", "bob")];
    say(store, first, "one");
    say(store, second, "two", "three");
    expect(idsOf(store.listChannels())).toEqual([1, 2]);
    expect(store.receiveMessages(first)).toHaveLength(1);
    expect(store.receiveMessages(second)).toHaveLength(2);
    expect(store.getChannel(second)?.participants).toEqual(["bob"]);
  });

  test("channels are listed by id, and a thousand of them", () => {
    const { store } = open();
    for (let count = 0; count < 1000; count++) group(store, `c${count}`);
    expect(idsOf(store.listChannels())).toEqual(Array.from({ length: 1000 }, (_, at) => at + 1));
  });

  test("an unknown channel is undefined", () => {
    expect(open().store.getChannel(1)).toBeUndefined();
  });

  test("participants are kept in the order of joining", () => {
    const { store } = open();
    const ops = group(store, "ops", "zoe", "ada", "mia");
    store.leaveChannel(ops, "ada");
    store.joinChannel(ops, "ada");
    expect(store.getChannel(ops)?.participants).toEqual(["zoe", "mia", "ada"]);
  });

  test("a participant has any name but the empty one", () => {
    const { store } = open();
    const odd = [
      "a b",
      " ",
      "Ada",
      "ada",
      "'; --",
      "%",
      "😀",
      "x".repeat(1000),
      "a\0b",
      "é",
      "e\u0301",
    ];
    const ops = group(store, "ops", ...odd);
    expect(store.getChannel(ops)?.participants).toEqual(odd);
    for (const name of odd) store.leaveChannel(ops, name);
    expect(store.getChannel(ops)?.participants).toEqual([]);
  });

  test("half a character in a name becomes a replacement character, wherever it is given", () => {
    const { store } = open();
    const ops = group(store, "ops", "a\ud83d");
    expect(store.getChannel(ops)?.participants).toEqual(["a\ufffd"]);
    expect(refusalOf(() => store.joinChannel(ops, "a\ufffd")).code).toBe("already_in_channel");
    const sent = store.sendMessage({ channelId: ops, sender: "a\udc00", content: "hi" });
    expect(sent.sender).toBe("a\ufffd");
    expect(store.queryHistory(ops, { sender: "a\ud83d" })).toEqual([sent]);
    store.acknowledgeMessage(sent.id, "a\ud83d");
    expect(store.getMessage(sent.id)?.acknowledged_by).toEqual(["a\ufffd"]);
    expect(store.subscribe("news", "a\ud83d").subscriber).toBe("a\ufffd");
    store.leaveChannel(ops, "a\ud83d");
    expect(store.getChannel(ops)?.participants).toEqual([]);
  });

  test("who leaves leaves the messages there", () => {
    const { store } = open();
    const ops = group(store, "ops", "ada");
    say(store, ops, "bye");
    store.leaveChannel(ops, "ada");
    expect(store.receiveMessages(ops)).toHaveLength(1);
    expect(refusalOf(() => store.leaveChannel(ops, "ada")).code).toBe("not_in_channel");
  });

  test("a place that was left can be taken", () => {
    const { store } = open();
    const { id } = store.createChannel({ name: "pair", type: "Direct" });
    store.joinChannel(id, "ada");
    store.joinChannel(id, "bob");
    store.leaveChannel(id, "ada");
    store.joinChannel(id, "cyd");
    expect(store.getChannel(id)?.participants).toEqual(["bob", "cyd"]);
  });

  test("a direct channel holds one when it is configured so, and never more than two", () => {
    const { store } = open();
    for (const [max_participants, holds] of [
      [1, 1],
      [2, 2],
      [9, 2],
    ] as const) {
      const config = { max_participants };
      const { id } = store.createChannel({ name: "pair", type: "Direct", config });
      for (let count = 0; count < holds; count++) store.joinChannel(id, `agent-${count}`);
      expect(refusalOf(() => store.joinChannel(id, "late")).code).toBe("channel_full");
    }
  });

  test("a lower limit evicts nobody, and a higher one lets in", () => {
    const { store } = open();
    const ops = group(store, "ops", "ada", "bob", "cyd");
    store.setChannelConfig(ops, { max_participants: 1 });
    expect(store.getChannel(ops)?.participants).toEqual(["ada", "bob", "cyd"]);
    expect(refusalOf(() => store.joinChannel(ops, "dan")).code).toBe("channel_full");
    store.leaveChannel(ops, "ada");
    expect(refusalOf(() => store.joinChannel(ops, "dan")).code).toBe("channel_full");
    store.setChannelConfig(ops, { max_participants: 3 });
    store.joinChannel(ops, "dan");
    store.setChannelConfig(ops, { max_participants: 0 });
    store.joinChannel(ops, "eve");
    expect(store.getChannel(ops)?.participants).toEqual(["bob", "cyd", "dan", "eve"]);
  });

  test("a change of configuration keeps what it does not name", () => {
    const { store } = open();
    const ops = group(store, "ops", "ada");
    const first = store.setChannelConfig(ops, { max_participants: 5, persistence: false });
    expect(first.config).toEqual({
      max_participants: 5,
      ttl_seconds: 0,
      persistence: false,
      encryption_required: false,
    });
    const second = store.setChannelConfig(ops, { ttl_seconds: 60, encryption_required: true });
    expect(second).toMatchObject({ id: ops, name: "ops", participants: ["ada"] });
    expect(second.config).toEqual({ ...first.config, ttl_seconds: 60, encryption_required: true });
    expect(store.setChannelConfig(ops, {})).toEqual(second);
    expect(store.getChannel(ops)).toEqual(second);
  });

  test("an empty store counts nothing, and who is in two channels counts twice", () => {
    const { store } = open();
    const count = (channels: number, messages: number, subscriptions: number, all: number) =>
      expect(store.stats()).toEqual({
        channel_count: channels,
        message_count: messages,
        subscription_count: subscriptions,
        total_participants: all,
      });
    count(0, 0, 0, 0);
    const ops = group(store, "ops", "ada", "bob");
    group(store, "build", "ada");
    say(store, ops, "one", "two");
    store.subscribe("ops", "ada");
    count(2, 2, 1, 3);
    store.unsubscribe(1);
    store.leaveChannel(ops, "bob");
    count(2, 2, 0, 2);
  });

  test("what a caller does to a record is its own affair", () => {
    const { store } = open();
    const ops = group(store, "ops", "ada");
    const [sent] = say(store, ops, "hello");
    store.subscribe("news", "ada");
    const before = structuredClone(picture(store));
    const channels = [store.getChannel(ops)!, ...store.listChannels()];
    const made = store.setChannelConfig(ops, {});
    for (const channel of [...channels, made]) {
      channel.name = "changed";
      channel.participants.push("changed");
      channel.config.ttl_seconds = 1;
    }
    for (const message of [
      store.getMessage(sent!)!,
      ...store.receiveMessages(ops),
      ...store.queryHistory(ops),
      ...store.searchMessages("", 9),
    ]) {
      message.content = "changed";
      message.acknowledged_by.push("changed");
      message.metadata["changed"] = "changed";
    }
    for (const one of store.listSubscriptions()) one.topic = "changed";
    expect(picture(store)).toEqual(before);
  });

  test("two stores know nothing of each other", () => {
    const [here, there] = [open().store, open().store];
    say(here, group(here, "ops", "ada"), "secret");
    here.subscribe("news", "ada");
    expect(picture(there)).toEqual(picture(open().store));
    expect(group(there, "other")).toBe(1);
    expect(there.publish({ topic: "news", sender: "bob", content: "hi" })).toEqual([]);
  });
}
