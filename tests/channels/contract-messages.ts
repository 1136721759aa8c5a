// Messages one by one: what a record is, what may be in it, and its acknowledgements.
import { expect, test } from "bun:test";
import { channelTypes } from "../../src/core/channels/channel.ts";
import { messageTypes } from "../../src/core/channels/channel-message.ts";
import { group, idsOf, noon, type Open, say } from "./lab.ts";

const hashOfHi = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";

export function checkMessages(open: Open): void {
  test("a message is for everybody, and signed with the hash of its content", () => {
    const { store, clock } = open();
    const ops = group(store, "ops", "ada");
    clock.now = noon + 20;
    const sent = store.sendMessage({ channelId: ops, sender: "bob", content: "hi" });
    expect(sent).toEqual({
      id: 1,
      channel_id: ops,
      sender: "bob",
      recipient: null,
      content: "hi",
      message_type: "Text",
      timestamp: "2026-02-28T12:00:00.020001Z",
      metadata: {},
      signature: hashOfHi,
      acknowledged_by: [],
    });
    expect(Object.keys(sent).join(" ")).toBe(
      "id channel_id sender recipient content message_type timestamp metadata signature " +
        "acknowledged_by",
    );
    expect(store.getMessage(1)).toEqual(sent);
    expect(store.receiveMessages(ops)).toEqual([sent]);
  });

  test("every type can be sent, in every type of channel, without any fan-out", () => {
    const { store } = open();
    for (const type of channelTypes) {
      const { id } = store.createChannel({ name: "x", type });
      store.joinChannel(id, "ada");
      store.joinChannel(id, "bob");
      for (const message of messageTypes) {
        store.sendMessage({ channelId: id, sender: "ada", content: "hi", type: message });
      }
      const seen = store.receiveMessages(id);
      expect(seen.map((one) => one.message_type)).toEqual([...messageTypes]);
      expect(seen.every((one) => one.recipient === null)).toBe(true);
    }
  });

  test.each([
    ["one byte", "x"],
    ["one mebibyte", "x".repeat(1_048_576)],
    ["one mebibyte of two-byte characters", "é".repeat(524_288)],
    ["emoji and joiners", "👩‍👩‍👧 🏳️‍🌈 e\u0301"],
    ["quotes and wildcards", `it's "100%" of C:\\_*?[a-z]; DROP TABLE x --`],
    ["line breaks and tabs", "one\ntwo\r\n\tthree\u2028four"],
    ["white space alone", "  \n"],
    ["control characters and NUL", "a\0b\u0001\u001b[31m\u007f"],
    ["a byte order mark", "\ufeffx"],
    ["something like JSON", '{"a":[1,null]}'],
    ["a number", "0012.50"],
  ])("%s comes back as it was sent", (_what, content) => {
    const { store } = open();
    const ops = group(store, "ops");
    const sent = store.sendMessage({ channelId: ops, sender: "ada", content });
    expect(sent.content === content).toBe(true);
    expect(store.getMessage(sent.id)?.content === content).toBe(true);
    expect(store.queryHistory(ops)[0]?.content === content).toBe(true);
    expect(store.getMessage(sent.id)?.signature).toBe(
      new Bun.SHA256().update(content).digest("hex"),
    );
  });

  test("half a character in a content becomes a replacement character before it is signed", () => {
    const { store } = open();
    const sent = store.sendMessage({
      channelId: group(store, "ops"),
      sender: "a",
      content: "x\ud83d",
    });
    expect(sent.content).toBe("x\ufffd");
    expect(sent.signature).toBe(new Bun.SHA256().update("x\ufffd").digest("hex"));
    expect(store.getMessage(sent.id)).toEqual(sent);
  });

  test("ids count through all channels, every copy has its own", () => {
    const { store } = open();
    const [ops, build] = [group(store, "ops", "ada", "bob", "cyd"), group(store, "build")];
    expect(say(store, ops, "one")).toEqual([1]);
    expect(say(store, build, "two")).toEqual([2]);
    expect(idsOf(store.broadcast({ channelId: ops, sender: "x", content: "all" }))).toEqual([
      3, 4, 5,
    ]);
    expect(say(store, build, "three")).toEqual([6]);
  });

  test("an unknown message is undefined", () => {
    expect(open().store.getMessage(1)).toBeUndefined();
  });

  test("who acknowledges is added once, in order, and may be anybody", () => {
    const { store } = open();
    const [id] = say(store, group(store, "ops", "ada"), "hi", "ho");
    for (const who of ["zoe", "ada", "zoe", "a b"]) store.acknowledgeMessage(id!, who);
    expect(store.getMessage(id!)?.acknowledged_by).toEqual(["zoe", "ada", "a b"]);
    expect(store.receiveMessages(1)[0]?.acknowledged_by).toEqual(["zoe", "ada", "a b"]);
    expect(store.queryHistory(1)[0]?.acknowledged_by).toEqual(["zoe", "ada", "a b"]);
    expect(store.searchMessages("hi", 1)[0]?.acknowledged_by).toEqual(["zoe", "ada", "a b"]);
    expect(store.getMessage(id! + 1)?.acknowledged_by).toEqual([]);
  });

  test("receiving takes nothing away, and one's own messages are received", () => {
    const { store } = open();
    const ops = group(store, "ops", "ada");
    say(store, ops, "mine");
    const first = store.receiveMessages(ops, { recipient: "ada" });
    expect(first).toHaveLength(1);
    expect(store.receiveMessages(ops, { recipient: "ada" })).toEqual(first);
  });

  test("a recipient receives what is for everybody and for it", () => {
    const { store } = open();
    const ops = group(store, "ops", "ada", "bob");
    say(store, ops, "everybody");
    store.broadcast({ channelId: ops, sender: "cyd", content: "each" });
    const received = (recipient?: string) =>
      store.receiveMessages(ops, { recipient }).map((one) => one.recipient);
    expect(received("ada")).toEqual([null, "ada"]);
    expect(received("bob")).toEqual([null, "bob"]);
    expect(received("dan")).toEqual([null]);
    expect(received("")).toEqual([null]);
    expect(received()).toEqual([null, "ada", "bob"]);
  });
}
