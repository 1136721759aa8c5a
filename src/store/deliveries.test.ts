// The ledger: every step from every state, and that none goes back.
import { expect, test } from "bun:test";
import type { DeliveryState } from "../core/mail/delivery-state.ts";
import type { Db } from "./db.ts";
import {
  answerDelivery,
  deliveriesOf,
  deliveryOf,
  endDeliveriesOf,
  endDelivery,
  handDeliveries,
  offerDelivery,
  proveDelivery,
  storeDeliveries,
  unprovenOf,
} from "./deliveries.ts";
import { appendEvent, isoTime } from "./events.ts";
import { temporaryDb } from "./fixtures/databases.ts";
import { insertInstance } from "./instances.ts";
import { countDeliveries, lapseDelivery, lapsedMessages, pushDelivery } from "./lapsed.ts";

const one = { messageId: 1, principal: "p" };

const steps = {
  store: (db: Db) => {
    storeDeliveries(db, 1, [{ name: "luna", principal: "p" }], 10);
    return false;
  },
  offer: (db: Db) =>
    offerDelivery(db, { ...one, recipient: "luna", via: "pty", claim: "me", now: 11 }),
  hand: (db: Db) =>
    handDeliveries(db, { messageIds: [1], principal: "p", via: "hook", now: 12 }) === 1,
  prove: (db: Db) => proveDelivery(db, { ...one, evidence: "line 3", now: 13 }),
  answer: (db: Db) => answerDelivery(db, { ...one, now: 14 }),
  expire: (db: Db) => endDelivery(db, { ...one, state: "expired", reason: "too old" }),
  push(db: Db) {
    const before = deliveryOf(db, 1, "p")?.attempts;
    pushDelivery(db, { ...one, recipient: "luna", via: "inbox", now: 15 });
    return deliveryOf(db, 1, "p")?.attempts !== before;
  },
  lapse: (db: Db) => lapseDelivery(db, { ...one, reason: "not seen" }),
  kill: (db: Db) => endDelivery(db, { ...one, state: "dead", reason: "gone" }),
};
type Step = keyof typeof steps;

/** How to get to a state, and where each step leads from it; what is not named stays. */
const machine: [DeliveryState, Step[], Partial<Record<Step, DeliveryState>>][] = [
  [
    "stored",
    ["store"],
    {
      offer: "offered",
      push: "offered",
      hand: "handed",
      prove: "in_context",
      answer: "answered",
      expire: "expired",
      kill: "dead",
    },
  ],
  [
    "offered",
    ["store", "offer"],
    {
      offer: "offered",
      push: "offered",
      hand: "handed",
      prove: "in_context",
      answer: "answered",
      expire: "expired",
      kill: "dead",
    },
  ],
  [
    "handed",
    ["store", "hand"],
    {
      prove: "in_context",
      answer: "answered",
      lapse: "offered",
      expire: "expired",
      kill: "dead",
    },
  ],
  ["in_context", ["store", "hand", "prove"], { answer: "answered" }],
  ["answered", ["store", "hand", "prove", "answer"], {}],
  ["expired", ["store", "expire"], { prove: "in_context", answer: "answered" }],
  ["dead", ["store", "offer", "kill"], { prove: "in_context", answer: "answered" }],
];
for (const [state, way, next] of machine) {
  for (const step of Object.keys(steps) as Step[]) {
    test(`${step} from ${state} leads to ${next[step] ?? "no change"}`, () => {
      using temporary = temporaryDb();
      const { db } = temporary;
      for (const past of way) steps[past](db);
      const before = deliveryOf(db, 1, "p");
      expect(before?.state).toBe(state);
      expect(steps[step](db)).toBe(next[step] !== undefined);
      const after = deliveryOf(db, 1, "p");
      expect(after?.state).toBe(next[step] ?? state);
      if (!next[step]) expect(after).toEqual(before);
    });
  }
}

test("each step leaves its time and its word", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  for (const step of ["store", "offer", "offer", "hand", "prove", "answer"] as const)
    steps[step](db);
  expect(deliveryOf(db, 1, "p")).toEqual({
    message_id: 1,
    principal: "p",
    recipient: "luna",
    state: "answered",
    via: "pty",
    attempts: 2,
    claim: "me",
    created_at: 10,
    offered_at: 11,
    handed_at: 12,
    in_context_at: 13,
    answered_at: 14,
    evidence: "line 3",
    reason: null,
    policy: null,
    published_at: null,
    arrived_at: null,
  });
});

test("a push ends the claim of whoever offered before, and keeps that there was one", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  for (const step of ["store", "offer", "push"] as const) steps[step](db);
  expect(deliveryOf(db, 1, "p")).toMatchObject({ via: "inbox", claim: "left:me", offered_at: 15 });
});

test("a digest that is read by itself keeps the time of its hand-over", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  storeDeliveries(db, 1, [{ name: "luna", principal: "p", policy: "digest" }], 10);
  handDeliveries(db, { messageIds: [1], principal: "p", via: "digest", now: 12 });
  expect(unprovenOf(db, "p")).toEqual([]);
  handDeliveries(db, { messageIds: [1], principal: "p", via: "read", evidence: "read", now: 20 });
  expect(deliveryOf(db, 1, "p")).toMatchObject({ handed_at: 12, evidence: "read" });
});

test("what was taken with evidence of its own is not unproven", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  steps.store(db);
  handDeliveries(db, { messageIds: [1], principal: "p", via: "listen", evidence: "own", now: 12 });
  expect(unprovenOf(db, "p")).toEqual([]);
});

test("what lapsed comes again oldest first", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const event = { timestamp: isoTime(0), type: "message", instance: "x", data: {} };
  for (const id of [appendEvent(db, event), appendEvent(db, event)]) {
    storeDeliveries(db, id, [{ name: "luna", principal: "p" }], 10);
    handDeliveries(db, { messageIds: [id], principal: "p", via: "hook", now: 12 });
    lapseDelivery(db, { messageId: id, principal: "p", reason: "not seen" });
  }
  expect(lapsedMessages(db, "p", 5).map((row) => row.id)).toEqual([1, 2]);
});

test("the way is the one that offered it, and of hand-overs without an offer their own", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  steps.store(db);
  steps.hand(db);
  expect(deliveryOf(db, 1, "p")?.via).toBe("hook");
});

test("what was never stored can be offered and handed, but not proved", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  insertInstance(db, { name: "nova", created_at: 1, principal: "p" });
  expect(steps.prove(db)).toBe(false);
  expect(handDeliveries(db, { messageIds: [1, 2], principal: "p", via: "hook", now: 1 })).toBe(2);
  expect(deliveryOf(db, 2, "p")).toMatchObject({ recipient: "nova", state: "handed" });
});

test("lists are by message and by principal, oldest message first", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  for (const id of [3, 1, 2]) {
    storeDeliveries(
      db,
      id,
      [
        { name: "nova", principal: "q" },
        { name: "luna", principal: "p" },
      ],
      1,
    );
  }
  handDeliveries(db, { messageIds: [3, 1], principal: "p", via: "hook", now: 2 });
  offerDelivery(db, {
    messageId: 2,
    principal: "p",
    recipient: "luna",
    via: "x",
    claim: "c",
    now: 2,
  });
  expect(deliveriesOf(db, 1).map((row) => row.recipient)).toEqual(["luna", "nova"]);
  expect(unprovenOf(db, "p").map((row) => row.message_id)).toEqual([1, 3]);
  expect(unprovenOf(db, "q")).toEqual([]);
});

test("all that a principal was not handed ends, and nothing of others", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  const both = [
    { name: "luna", principal: "p" },
    { name: "nova", principal: "q" },
  ];
  for (const id of [1, 2, 3, 4]) storeDeliveries(db, id, both, 1);
  steps.offer(db);
  handDeliveries(db, { messageIds: [3], principal: "p", via: "hook", now: 2 });
  endDelivery(db, { messageId: 4, principal: "p", state: "expired", reason: "too old" });
  expect(endDeliveriesOf(db, { principal: "p", reason: "luna is gone" })).toBe(2);
  const states = (principal: string) =>
    [1, 2, 3, 4].map((id) => deliveryOf(db, id, principal)?.state);
  expect(states("p")).toEqual(["dead", "dead", "handed", "expired"]);
  expect(states("q")).toEqual(["stored", "stored", "stored", "stored"]);
  expect(deliveryOf(db, 1, "p")).toMatchObject({ reason: "luna is gone", claim: null });
  expect(deliveryOf(db, 4, "p")?.reason).toBe("too old");
  expect(endDeliveriesOf(db, { principal: "p", reason: "again" })).toBe(0);
});

test("deliveries are counted by state over all who have any", () => {
  using temporary = temporaryDb();
  const { db } = temporary;
  expect(countDeliveries(db, ["stored", "dead"])).toEqual({ stored: 0, dead: 0 });
  const readers = ["b", "a", "c"].map((principal) => ({ name: principal, principal }));
  for (const id of [1, 2, 3]) storeDeliveries(db, id, readers, 10);
  handDeliveries(db, { messageIds: [1, 2], principal: "a", via: "hook", now: 12 });
  proveDelivery(db, { messageId: 1, principal: "a", evidence: "line 3", now: 13 });
  endDelivery(db, { messageId: 3, principal: "c", state: "dead", reason: "gone" });
  const counts = countDeliveries(db, ["stored", "handed", "in_context", "dead", "expired"]);
  expect(counts).toEqual({ stored: 6, handed: 1, in_context: 1, dead: 1, expired: 0 });
});
