// Stores where a time to live ends nothing by itself, as in documents.
import { expect, test } from "bun:test";
import { createMemoryStore } from "./memory-store.ts";
import { emptySnapshot, headForm, type Snapshot } from "./snapshot.ts";

const clock = { now: Date.UTC(2026, 1, 28, 12) };
const deps = { now: () => clock.now, sha256: (text: string) => `hash of ${text}` };

/** One message that is a minute old in a channel where they live for ten seconds, and a new one. */
function aged(from: Snapshot = emptySnapshot()) {
  const store = createMemoryStore(deps, from);
  store.createChannel({ name: "brief", type: "Group", config: { ttl_seconds: 10 } });
  const say = (content: string) => store.sendMessage({ channelId: 1, sender: "ada", content });
  say("old");
  clock.now += 60_000;
  say("new");
  return store;
}

const contents = (all: readonly { content: string }[]) => all.map((one) => one.content);

test("reading hides nothing, unless only what lives is asked for", () => {
  const store = aged();
  const ways = (live: boolean) => [
    store.receiveMessages(1, { live }),
    store.queryHistory(1, { live }),
    store.searchMessages("", 9, { live }).reverse(),
  ];
  for (const found of ways(false)) expect(contents(found)).toEqual(["old", "new"]);
  for (const found of ways(true)) expect(contents(found)).toEqual(["new"]);
  expect(contents(store.queryHistory(1, { live: true, limit: 1 }))).toEqual(["new"]);
  expect(store.stats().message_count).toBe(2);
  expect(store.countMessages(1)).toBe(2);
  store.acknowledgeMessage(1, "bob");
  expect(store.getMessage(1)?.acknowledged_by).toEqual(["bob"]);
});

test("writing removes nothing, whatever is written", () => {
  const store = aged();
  store.broadcast({ channelId: 1, sender: "x", content: "y" });
  store.setChannelConfig(1, { ttl_seconds: 1 });
  store.joinChannel(1, "ada");
  expect(store.snapshot().messages).toHaveLength(2);
});

test("in the first layout expired messages go, in later ones they become dead letters", () => {
  const first = aged();
  expect(first.expireMessages()).toEqual([{ channel_id: 1, expired: 1 }]);
  expect([first.snapshot().messages.length, first.snapshot().rest]).toEqual([1, undefined]);
  const newest = aged(emptySnapshot(headForm));
  newest.acknowledgeMessage(1, "bob");
  expect(newest.expireMessages()).toEqual([{ channel_id: 1, expired: 1 }]);
  const { messages, rest } = newest.snapshot();
  expect(messages).toHaveLength(1);
  expect(rest?.["dead_letters"]).toMatchObject([
    {
      original_message: { id: 1, content: "old", metadata: [], status: "Acknowledged" },
      reason: "Expired",
      retry_count: 0,
    },
  ]);
});

test("a time to live beyond 2^53 is exact in every listing, and a new one replaces it", () => {
  const from = createMemoryStore(deps);
  from.createChannel({ name: "ops", type: "Group" });
  const snapshot = from.snapshot();
  const [kept] = snapshot.channels;
  const config = { ...kept!.record.config, ttl_seconds: Number.MAX_SAFE_INTEGER };
  const extension = { ttl_seconds: "18446744073709551615" };
  const channels = [{ record: { ...kept!.record, config }, extension }];
  const store = createMemoryStore(deps, { ...snapshot, channels });
  expect(JSON.stringify(store.listChannels())).toContain('"ttl_seconds":18446744073709551615,');
  expect(JSON.stringify(store.getChannel(1))).toContain('"ttl_seconds":18446744073709551615,');
  expect(JSON.stringify(store.setChannelConfig(1, { ttl_seconds: 7 }))).toContain(
    '"ttl_seconds":7,',
  );
});
