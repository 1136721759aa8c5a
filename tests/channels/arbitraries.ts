// What the properties of stores are tried with: texts that indexes and patterns stumble over, and
// operations on a small world, so that they meet.
import fc from "fast-check";
import { channelTypes } from "../../src/core/channels/channel.ts";
import { messageTypes } from "../../src/core/channels/channel-message.ts";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { noon } from "./lab.ts";

const fragment = fc.constantFrom(
  ...["a", "A", "b", "ab", "abc", "build", "BUILD", " ", "  ", "\n", "\t", "\0", "1", "100"],
  ...["%", "_", "*", "?", "'", '"', "''", '""', "\\", "^", "$", "[", "]", "(", ")", "+", "-", "."],
  ...["OR", "AND", "NOT", "NEAR", ":", ";", "--", "i", "I", "İ", "ı", "i\u0307", "ß", "ẞ", "SS"],
  ...["σ", "ς", "Σ", "é", "É", "e\u0301", "\u212a", "k", "ﬁ", "FI", "ǅ", "日", "本", "語"],
  ...["😀", "😁", "👩‍👧", "\u200d", "\ufeff", "\u00ad", "\ufffd", "𝒳", "𐐀", "𐐨"],
);

const fragments = (limits: { minLength?: number; maxLength: number }) =>
  fc.array(fragment, limits).map((parts) => parts.join(""));

/** Never empty. */
export const someText = fc.oneof(
  { weight: 4, arbitrary: fragments({ minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }) },
);

export const aQuery = fc.oneof(
  { weight: 3, arbitrary: fragments({ maxLength: 2 }) },
  { weight: 2, arbitrary: fragments({ minLength: 2, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 4, unit: "grapheme" }) },
);

/** Mostly what there is, sometimes what there is not. */
const often = <Value>(most: fc.Arbitrary<Value>, seldom: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: most }, { weight: 1, arbitrary: seldom });
const id = often(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 9 }));
const messageId = fc.integer({ min: 1, max: 15 });
const who = often(fc.constantFrom("ada", "bob", "cyd", "a b", "É"), fc.constant(""));
const content = often(someText, fc.constant(""));
const name = often(fc.constantFrom("ops", "build", "größe"), fc.constantFrom("bad name", ""));
const topic = often(
  fc.constantFrom("ops", "build", "build", "build.linux", "build.linux.failed"),
  fc.constantFrom("a b", "build.*"),
);
const subscribed = often(
  fc.constantFrom("build", "build.linux", "build.#", "*.linux", "build.*.failed", "ops"),
  fc.constantFrom("a b", "#", "a..b"),
);
const time = often(
  fc.integer({ min: -3000, max: 20_000 }).map((later) => new Date(noon + later).toISOString()),
  fc.oneof(
    fc.integer({ min: 0, max: 20 }).map((later) => `2026-02-28T13:00:${10 + later}.5+01:00`),
    fc.constantFrom("never", ""),
  ),
);
const limit = fc.integer({ min: 0, max: 8 });
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** What is done, so that a failure can be read, and the doing. */
export interface Operation {
  what: string;
  /** Milliseconds that pass before. */
  later: number;
  act(store: CommStore): unknown;
}

type Act<Drafts extends unknown[]> = (store: CommStore, ...drafts: Drafts) => unknown;

function operation<Drafts extends [unknown, ...unknown[]]>(
  what: string,
  drafts: { [Index in keyof Drafts]: fc.Arbitrary<Drafts[Index]> },
  act: Act<Drafts>,
): fc.Arbitrary<Omit<Operation, "later">> {
  return fc.tuple<Drafts>(...drafts).map((given) => ({
    what: `${what} ${JSON.stringify(given)}`,
    act: (store) => act(store, ...given),
  }));
}

/** With a time to live the clock must not go back: whether a sweep came between is open then. */
function config(hasTtl: boolean) {
  const ttl = hasTtl ? fc.integer({ min: 0, max: 6 }) : fc.constant(0);
  return fc.record(
    {
      max_participants: fc.constantFrom(0, 1, 2, 3, -1, 2 ** 32),
      ttl_seconds: ttl,
      persistence: fc.boolean(),
      encryption_required: fc.boolean(),
    },
    { requiredKeys: [] },
  );
}

export function operations(hasTtl: boolean): fc.Arbitrary<Operation[]> {
  const type = fc.constantFrom(...channelTypes);
  const message = optional(fc.constantFrom(...messageTypes));
  const receiving = fc.record({ recipient: optional(who), since: optional(time) });
  const filter = fc.record({
    since: optional(time),
    before: optional(time),
    sender: optional(who),
    message_type: message,
    limit: optional(limit),
    order: optional(fc.constantFrom("asc", "desc")),
  });
  const create = operation("create", [name, type, optional(config(hasTtl))], (store, ...draft) =>
    store.createChannel({ name: draft[0], type: draft[1], config: draft[2] }),
  );
  const join = operation("join", [id, who], (store, ...draft) => store.joinChannel(...draft));
  const send = operation("send", [id, who, content, message], (store, ...draft) =>
    store.sendMessage({ channelId: draft[0], sender: draft[1], content: draft[2], type: draft[3] }),
  );
  const one = fc.oneof(
    ...[create, create, join, join, join, send, send, send, send],
    operation("leave", [id, who], (store, ...draft) => store.leaveChannel(...draft)),
    operation("set", [id, config(hasTtl)], (store, ...draft) => store.setChannelConfig(...draft)),
    operation("receive", [id, receiving], (store, ...draft) => store.receiveMessages(...draft)),
    operation("ack", [messageId, who], (store, ...draft) => store.acknowledgeMessage(...draft)),
    operation("broadcast", [id, who, content], (store, ...draft) =>
      store.broadcast({ channelId: draft[0], sender: draft[1], content: draft[2] }),
    ),
    operation("subscribe", [subscribed, who], (store, ...draft) => store.subscribe(...draft)),
    operation("unsubscribe", [id], (store, ...draft) => store.unsubscribe(...draft)),
    operation("publish", [topic, who, content], (store, ...draft) =>
      store.publish({ topic: draft[0], sender: draft[1], content: draft[2] }),
    ),
    operation("history", [id, filter], (store, ...draft) => store.queryHistory(...draft)),
    operation("search", [aQuery, limit], (store, ...draft) => store.searchMessages(...draft)),
    operation("get", [messageId], (store, ...draft) => store.getMessage(...draft)),
  );
  const later = fc.integer({ min: hasTtl ? 0 : -1500, max: 1500 });
  return fc
    .array(
      fc.tuple(one, fc.oneof(fc.constant(0), later)).map(([what, ms]) => ({ ...what, later: ms })),
      { minLength: 1, maxLength: 60, size: "max" },
    )
    .map((all) => [...beginning(hasTtl), ...all]);
}

/** A world in which something can happen: a channel of each type, and who is in them. */
function beginning(hasTtl: boolean): Operation[] {
  const config = { ttl_seconds: hasTtl ? 4 : 0 };
  const acts: Operation["act"][] = [
    (store) => store.createChannel({ name: "ops", type: "Group", config }),
    (store) => store.createChannel({ name: "pair", type: "Direct" }),
    (store) => store.createChannel({ name: "build", type: "PubSub", config }),
    (store) => store.createChannel({ name: "all", type: "Broadcast" }),
    ...["ada", "bob", "cyd"].map((one) => (store: CommStore) => store.joinChannel(1, one)),
    ...["ada", "bob"].map((one) => (store: CommStore) => store.joinChannel(4, one)),
    (store) => store.subscribe("build", "ada"),
    (store) => store.subscribe("build.#", "bob"),
    (store) => store.sendMessage({ channelId: 1, sender: "ada", content: "begin" }),
  ];
  return acts.map((act) => ({ what: "begin", later: 100, act }));
}
