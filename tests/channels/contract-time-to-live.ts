// Where messages end by themselves, those that have outlived their channel's time to live are gone
// wherever one looks.
import { expect, test } from "bun:test";
import { contentsOf, group, type Lab, noon, type Open, refusalOf, say } from "./lab.ts";

/** What of the message is still to be seen, by every way there is. */
function seen({ store }: Lab, channelId: number, messageId: number): boolean[] {
  const all = Number.MAX_SAFE_INTEGER;
  const lists = [
    store.receiveMessages(channelId),
    store.receiveMessages(channelId, { recipient: "ada" }),
    store.queryHistory(channelId),
    store.queryHistory(channelId, { order: "desc" }),
    store.queryHistory(channelId, { since: "2000-01-01T00:00:00Z" }),
    store.searchMessages("", all),
    store.searchMessages("message", all),
    store.searchMessages("m", all),
  ].map((list) => list.some((one) => one.id === messageId));
  const isCounted = store.countMessages(channelId) > 0;
  return [...lists, store.getMessage(messageId) !== undefined, isCounted];
}

function hourly(lab: Lab, ttl_seconds: number): number {
  const config = { ttl_seconds };
  return lab.store.createChannel({ name: "brief", type: "Group", config }).id;
}

export function checkTimeToLive(open: Open): void {
  test("a message is there to the last millisecond of its time, and then nowhere", () => {
    const lab = open();
    const brief = hourly(lab, 10);
    const [id] = say(lab.store, brief, "message");
    lab.clock.now = noon + 10_000;
    expect(new Set(seen(lab, brief, id!))).toEqual(new Set([true]));
    lab.store.acknowledgeMessage(id!, "ada");
    expect(lab.store.stats().message_count).toBe(1);
    lab.clock.now = noon + 10_001;
    expect(new Set(seen(lab, brief, id!))).toEqual(new Set([false]));
    expect(refusalOf(() => lab.store.acknowledgeMessage(id!, "bob")).message).toBe(
      `Message not found: ${id}`,
    );
    expect(lab.store.stats().message_count).toBe(0);
  });

  test("only the channel that has a time to live forgets", () => {
    const lab = open();
    const { store, clock } = lab;
    const [brief, forever] = [hourly(lab, 10), group(store, "forever")];
    say(store, brief, "short message");
    const [kept] = say(store, forever, "long message");
    clock.now = noon + 1_000_000_000;
    expect(new Set(seen(lab, forever, kept!))).toEqual(new Set([true]));
    expect(contentsOf(store.searchMessages("message", 9))).toEqual(["long message"]);
    expect(store.stats().message_count).toBe(1);
  });

  test("what is gone takes no place in a page", () => {
    const lab = open();
    const { store, clock } = lab;
    const brief = hourly(lab, 10);
    for (let second = 0; second < 20; second++) {
      clock.now = noon + second * 1000;
      say(store, brief, `message ${second}`);
    }
    const left = ["message 9", "message 10", "message 11"];
    expect(contentsOf(store.queryHistory(brief, { limit: 3 }))).toEqual(left);
    expect(store.searchMessages("message", 99)).toHaveLength(11);
    expect(store.countMessages(brief)).toBe(11);
    expect(store.stats().message_count).toBe(11);
  });

  test("ids of what is gone are not given again", () => {
    const lab = open();
    const brief = hourly(lab, 1);
    expect(say(lab.store, brief, "one", "two")).toEqual([1, 2]);
    lab.clock.now = noon + 60_000;
    expect(say(lab.store, brief, "three")).toEqual([3]);
    expect(contentsOf(lab.store.receiveMessages(brief))).toEqual(["three"]);
    expect(lab.store.getMessage(1)).toBeUndefined();
  });

  test("copies of broadcasts and publications end too", () => {
    const { store, clock } = open();
    const { id } = store.createChannel({
      name: "news",
      type: "PubSub",
      config: { ttl_seconds: 5 },
    });
    store.joinChannel(id, "ada");
    store.subscribe("news", "ada");
    store.broadcast({ channelId: id, sender: "bob", content: "one" });
    clock.now = noon + 3000;
    store.publish({ topic: "news", sender: "bob", content: "two" });
    clock.now = noon + 6000;
    expect(contentsOf(store.receiveMessages(id, { recipient: "ada" }))).toEqual(["two"]);
    clock.now = noon + 9000;
    expect(store.receiveMessages(id)).toEqual([]);
  });

  test("a shorter time ends what is older, a longer one brings nothing back", () => {
    const { store, clock } = open();
    const ops = group(store, "ops");
    say(store, ops, "old");
    clock.now = noon + 20_000;
    say(store, ops, "young");
    store.setChannelConfig(ops, { ttl_seconds: 10 });
    expect(contentsOf(store.receiveMessages(ops))).toEqual(["young"]);
    store.setChannelConfig(ops, { ttl_seconds: 0 });
    expect(contentsOf(store.receiveMessages(ops))).toEqual(["young"]);
    expect(contentsOf(store.searchMessages("", 9))).toEqual(["young"]);
    expect(store.getMessage(1)).toBeUndefined();
    expect(store.stats().message_count).toBe(1);
    clock.now = noon + 1_000_000;
    expect(contentsOf(store.receiveMessages(ops))).toEqual(["young"]);
  });

  test("a message that a clock sent which went back lives from the time that it was given", () => {
    const lab = open();
    const brief = hourly(lab, 10);
    say(lab.store, brief, "first");
    lab.clock.now = noon - 5000;
    say(lab.store, brief, "later");
    lab.clock.now = noon + 10_000;
    expect(contentsOf(lab.store.receiveMessages(brief))).toEqual(["first", "later"]);
    lab.clock.now = noon + 10_001;
    expect(contentsOf(lab.store.receiveMessages(brief))).toEqual([]);
  });

  test("expiring counts first, then removes, then finds nothing", () => {
    const lab = open();
    const { store, clock } = lab;
    const [brief, forever] = [hourly(lab, 10), group(store, "forever")];
    say(store, brief, "one", "two");
    say(store, forever, "three");
    clock.now = noon + 20_000;
    const found = [{ channel_id: brief, expired: 2 }];
    expect(store.expireMessages({ isDryRun: true })).toEqual(found);
    expect(store.expireMessages()).toEqual(found);
    expect(store.expireMessages()).toEqual([]);
    expect(contentsOf(store.searchMessages("", 9))).toEqual(["three"]);
  });

  test("the longest time to live is for ever", () => {
    const lab = open();
    const brief = hourly(lab, Number.MAX_SAFE_INTEGER);
    const [id] = say(lab.store, brief, "message");
    lab.clock.now = Date.UTC(9999, 0);
    expect(new Set(seen(lab, brief, id!))).toEqual(new Set([true]));
  });
}
