// What a store refuses, in which words, which of several faults it names, and that nothing is
// changed by it.
import { expect, test } from "bun:test";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { exitCode } from "../../src/core/refusal.ts";
import { group, type Open, picture, refusalOf, say } from "./lab.ts";

const nameLength = "Invalid channel name: Channel name must be 1-128 characters";
const nameCharacters =
  "Invalid channel name: Channel name must contain only alphanumeric characters, hyphens, " +
  "or underscores";
const noSender = "Invalid sender: Sender cannot be empty";
const noContent = "Invalid message content: Message content cannot be empty";
const longContent =
  "Invalid message content: Message content exceeds maximum size of 1048576 bytes";

const mebibyte = 1_048_576;
const noChannel = "Channel not found: 999";

type Row = [what: string, act: (store: CommStore) => unknown, text: string];

const create = (name: string) => (store: CommStore) => store.createChannel({ name, type: "Group" });
const send =
  (channelId: number, sender: string, content: string) =>
  (store: CommStore): unknown =>
    store.sendMessage({ channelId, sender, content });
const broadcast =
  (channelId: number, sender: string, content: string) =>
  (store: CommStore): unknown =>
    store.broadcast({ channelId, sender, content });
const publish =
  (topic: string, sender = "ada", content = "hi") =>
  (store: CommStore): unknown =>
    store.publish({ topic, sender, content });
const subscribe =
  (topic: string, subscriber = "ada") =>
  (store: CommStore): unknown =>
    store.subscribe(topic, subscriber);
const join = (channelId: number, participant: string) => (store: CommStore) =>
  store.joinChannel(channelId, participant);
const leave = (channelId: number, participant: string) => (store: CommStore) =>
  store.leaveChannel(channelId, participant);
const acknowledge = (messageId: number, who: string) => (store: CommStore) =>
  store.acknowledgeMessage(messageId, who);

const names: Row[] = [
  ["a channel without a name", create(""), nameLength],
  ["a name of 129 bytes", create("a".repeat(129)), nameLength],
  ["a name of 65 characters in 130 bytes", create("é".repeat(65)), nameLength],
  ["a name with a space and a mark", create("bad channel!"), nameCharacters],
  ["a name with a dot", create("a.b"), nameCharacters],
  ["a name with a slash", create("a/b"), nameCharacters],
  ["a name of an emoji", create("💬"), nameCharacters],
  ["a name with a line break behind it", create("ops\n"), nameCharacters],
  ["a name of half a character", create("\ud83d"), nameCharacters],
  ["a publication without a topic", publish(""), nameLength],
  ["a publication to a topic of 129 bytes", publish("a".repeat(129)), nameLength],
  ["a publication to a topic with a space", publish("bad topic"), nameCharacters],
  ["a publication to a topic with an empty segment", publish("a..b"), nameCharacters],
  ["a publication to a pattern", publish("build.*"), nameCharacters],
  ["a publication to half a character", publish("\ud83d"), nameCharacters],
  ["a subscription without a topic", subscribe(""), nameLength],
  ["a subscription to a topic of 129 bytes", subscribe("a".repeat(129)), nameLength],
  ["a subscription to a topic with a space", subscribe("bad topic"), nameCharacters],
  ["a subscription to a lone star", subscribe("*"), nameCharacters],
  ["a subscription to a lone hash", subscribe("#"), nameCharacters],
  ["a subscription with a hash before the end", subscribe("a.#.b"), nameCharacters],
  ["a subscription with a star in a segment", subscribe("a*.b"), nameCharacters],
];

const words: Row[] = [
  ["sending without a sender", send(1, "", "hi"), noSender],
  ["sending nothing", send(1, "ada", ""), noContent],
  ["sending a byte too much", send(1, "ada", "x".repeat(mebibyte + 1)), longContent],
  ["sending too many bytes in few characters", send(1, "ada", "é".repeat(524_289)), longContent],
  ["broadcasting without a sender", broadcast(1, "", "hi"), noSender],
  ["broadcasting nothing", broadcast(1, "ada", ""), noContent],
  ["broadcasting a byte too much", broadcast(1, "ada", "x".repeat(mebibyte + 1)), longContent],
  ["publishing without a sender", publish("news", "", "hi"), noSender],
  ["publishing nothing", publish("news", "ada", ""), noContent],
  ["publishing a byte too much", publish("news", "ada", "x".repeat(mebibyte + 1)), longContent],
  ["joining as nobody", join(1, ""), noSender],
  ["subscribing as nobody", subscribe("news", ""), noSender],
  ["acknowledging as nobody", acknowledge(1, ""), noSender],
];

const things: Row[] = [
  ["sending to no channel", send(999, "ada", "hi"), noChannel],
  ["broadcasting to no channel", broadcast(999, "ada", "hi"), noChannel],
  ["receiving from no channel", (store) => store.receiveMessages(999), noChannel],
  ["joining no channel", join(999, "ada"), noChannel],
  ["leaving no channel", leave(999, "ada"), noChannel],
  ["configuring no channel", (store) => store.setChannelConfig(999, {}), noChannel],
  ["acknowledging no message", acknowledge(999, "ada"), "Message not found: 999"],
  ["unsubscribing nothing", (store) => store.unsubscribe(999), "Subscription not found: 999"],
];

const participants: Row[] = [
  ["joining twice", join(1, "ada"), "Participant 'ada' is already in channel 1"],
  ["joining a full channel", join(2, "bob"), "Channel 2 has reached maximum participants"],
  ["a third in a direct channel", join(3, "cyd"), "Channel 3 has reached maximum participants"],
  ["leaving a channel one is not in", leave(1, "zoe"), "Participant 'zoe' is not in channel 1"],
  ["leaving as nobody", leave(1, ""), "Participant '' is not in channel 1"],
];

const firstFaults: Row[] = [
  ["sending: the sender before content and channel", send(999, "", ""), noSender],
  ["sending: the content before the channel", send(999, "ada", ""), noContent],
  ["broadcasting: the sender before content and channel", broadcast(999, "", ""), noSender],
  ["broadcasting: the content before the channel", broadcast(999, "ada", ""), noContent],
  ["publishing: the sender before content and topic", publish("a b", "", ""), noSender],
  ["publishing: the content before the topic", publish("a b", "ada", ""), noContent],
  ["joining: the name before the channel", join(999, ""), noSender],
  [
    "joining: being in it before its being full",
    join(2, "ada"),
    "Participant 'ada' is already in channel 2",
  ],
  ["subscribing: the name before the topic", subscribe("a b", ""), noSender],
  ["acknowledging: the name before the message", acknowledge(999, ""), noSender],
  [
    "configuring: the channel before the values",
    (store) => store.setChannelConfig(999, { ttl_seconds: -1 }),
    noChannel,
  ],
];

export function checkRefusals(open: Open): void {
  test.each([...names, ...words, ...things, ...participants])(
    "%s is refused and changes nothing",
    (_what, act, text) => {
      refuses(open, act, text);
    },
  );
  test.each(firstFaults)("of two faults, %s", (_what, act, text) => {
    refuses(open, act, text);
  });

  test.each([-1, 1.5, 2 ** 32, Number.NaN])("%d as max_participants is refused", (value) => {
    checkConfigRefusal(open, { max_participants: value });
  });
  test.each([-1, 1.5, 2 ** 53, Number.NaN])("%d as ttl_seconds is refused", (value) => {
    checkConfigRefusal(open, { ttl_seconds: value });
  });

  test("what is not there ends with its own exit code", () => {
    const { store } = open();
    expect(refusalOf(() => store.joinChannel(1, "ada"))).toMatchObject({
      code: "channel_not_found",
      exit: exitCode.notFound,
    });
    expect(refusalOf(() => store.acknowledgeMessage(1, "ada"))).toMatchObject({
      code: "message_not_found",
      exit: exitCode.notFound,
    });
    expect(refusalOf(() => store.unsubscribe(1))).toMatchObject({
      code: "subscription_not_found",
      exit: exitCode.notFound,
    });
  });
}

function checkConfigRefusal(
  open: Open,
  config: { max_participants: number } | { ttl_seconds: number },
): void {
  const field = Object.keys(config).join();
  for (const act of [
    (store: CommStore) => store.createChannel({ name: "new", type: "Group", config }),
    (store: CommStore) => store.setChannelConfig(1, config),
  ]) {
    expect(refuses(open, act)).toMatchObject({
      code: "invalid_config",
      message: expect.stringContaining(field),
    });
  }
}

function refuses(open: Open, act: (store: CommStore) => unknown, text?: string) {
  const { store } = open();
  group(store, "ops", "ada", "bob");
  store.createChannel({ name: "one", type: "Group", config: { max_participants: 1 } });
  store.joinChannel(2, "ada");
  store.createChannel({ name: "pair", type: "Direct" });
  store.joinChannel(3, "ada");
  store.joinChannel(3, "bob");
  say(store, 1, "hello");
  store.subscribe("news", "bob");

  const before = picture(store);
  const refusal = refusalOf(() => act(store));
  if (text !== undefined) expect(refusal.message).toBe(text);
  expect(picture(store)).toEqual(before);
  // No number was used up either.
  expect(group(store, "next")).toBe(4);
  expect(say(store, 1, "next")).toEqual([2]);
  expect(store.subscribe("next", "ada").id).toBe(2);
  return refusal;
}
