import { expect, test } from "bun:test";
import { createMemoryStore } from "../../core/channels/memory-store.ts";
import { emptySnapshot, headForm, type Snapshot } from "../../core/channels/snapshot.ts";
import { merged } from "./document-merge.ts";

function filled(name: string, contents: readonly string[]): Snapshot {
  const store = createMemoryStore({ now: () => 1_700_000_000_000, sha256: (text) => text });
  const channel = store.createChannel({ name, type: "Group" });
  for (const content of contents) {
    store.sendMessage({ channelId: channel.id, sender: "a", content });
  }
  store.subscribe("news", name);
  return store.snapshot();
}

function shown(snapshot: Snapshot) {
  return {
    channels: snapshot.channels.map(({ record }) => `${record.id} ${record.name}`),
    messages: snapshot.messages.map(
      ({ record }) => `${record.id} in ${record.channel_id}: ${record.content}`,
    ),
    subscriptions: snapshot.subscriptions.map(({ record }) => `${record.id} ${record.subscriber}`),
    next: snapshot.next,
  };
}

test("an empty store becomes the other one, ids, form and all", () => {
  const from = { ...filled("ops", ["one", "two"]), form: headForm, rest: { lamport_counter: 7 } };
  expect(merged(emptySnapshot(), from).snapshot).toEqual(from);
});

test("ids that were given out before are not given out again", () => {
  const next = { channel: 9, message: 9, subscription: 9 };
  const own: Snapshot = { ...emptySnapshot(), next };
  expect(merged(own, filled("ops", ["one"])).snapshot.next).toEqual(next);
});

test("what has an id that is taken gets a fresh one, and what is there stays as it is", () => {
  const own = filled("own", ["one", "two"]);
  const whole = merged(own, filled("other", ["three", "four", "five"]));
  expect(shown(whole.snapshot)).toEqual({
    channels: ["1 own", "2 other"],
    messages: ["1 in 1: one", "2 in 1: two", "4 in 2: three", "5 in 2: four", "3 in 2: five"],
    subscriptions: ["1 own", "2 other"],
    next: { channel: 3, message: 6, subscription: 3 },
  });
  expect(whole.snapshot.messages.slice(0, 2)).toEqual(own.messages);
  expect(whole.messages).toEqual({ added: 1, known: 0, renumbered: 2 });
});

test("taking in what is there already changes nothing", () => {
  const own = filled("own", ["one", "one", "two"]);
  const once = merged(own, filled("other", ["three"])).snapshot;
  for (const again of [own, filled("other", ["three"]), once]) {
    expect(shown(merged(once, again).snapshot)).toEqual(shown(once));
  }
  expect(merged(once, once).messages).toEqual({ added: 0, known: 4, renumbered: 0 });
});

test("of the same channel and message the participants and acknowledgements are united", () => {
  const base = filled("ops", ["one"]);
  const variant = (who: string[]): Snapshot => ({
    ...base,
    channels: base.channels.map(({ record }) => ({ record: { ...record, participants: who } })),
    messages: base.messages.map(({ record }) => ({
      record: { ...record, acknowledged_by: who },
      bytes: new Uint8Array(1),
    })),
  });
  const { snapshot } = merged(variant(["a", "b"]), variant(["b", "c"]));
  expect(snapshot.channels[0]?.record.participants).toEqual(["a", "b", "c"]);
  expect(snapshot.messages[0]?.record.acknowledged_by).toEqual(["a", "b", "c"]);
  expect(snapshot.messages[0]?.bytes).toBeUndefined();
});

test("the bytes of what got a fresh id are not used again, its further fields are", () => {
  const [message] = filled("other", ["three"]).messages;
  if (message === undefined) throw new Error("no message");
  const from = filled("other", []);
  from.messages.push(
    { ...message, bytes: new Uint8Array(3), extension: { status: "Read" } },
    { record: { ...message.record, id: 2, content: "four" }, extension: { reply_to: 1 } },
  );
  const whole = merged(filled("own", ["one"]), from).snapshot;
  expect(shown(whole).messages).toEqual(["1 in 1: one", "3 in 2: three", "2 in 2: four"]);
  expect(whole.messages.slice(1).map(({ bytes, extension }) => ({ bytes, extension }))).toEqual([
    { bytes: undefined, extension: { status: "Read" } },
    { bytes: undefined, extension: { reply_to: 3 } },
  ]);
});

test("messages of a channel that is not there do not fall into another one", () => {
  const from = filled("other", ["three", "four"]);
  const whole = merged(filled("own", ["one"]), { ...from, channels: [] }).snapshot;
  expect(shown(whole).messages).toEqual(["1 in 1: one", "3 in 2: three", "2 in 2: four"]);
  expect(whole.next.channel).toBe(3);
});

test("a hundred thousand messages that differ only in their ids are known at once", () => {
  const [kept] = filled("ops", ["one"]).messages;
  if (kept === undefined) throw new Error("no message");
  const manyFrom = (first: number): Snapshot => ({
    ...filled("ops", []),
    messages: Array.from({ length: 100_000 }, (_, n) => ({
      record: { ...kept.record, id: first + n },
    })),
  });
  const whole = merged(manyFrom(1), manyFrom(500_000));
  expect(whole.messages).toEqual({ added: 0, known: 100_000, renumbered: 0 });
});

test("what only a later layout can hold stays, also when there is no channel beside it", () => {
  const rest = { agents: [["ann", { agent_id: "ann" }]], lamport_counter: 0 };
  const own: Snapshot = { ...emptySnapshot(headForm), rest };
  const { snapshot } = merged(own, filled("ops", ["one"]));
  expect([snapshot.form, snapshot.rest]).toEqual([headForm, rest]);
  expect(shown(snapshot).messages).toEqual(["1 in 1: one"]);
});

test("a later layout with nothing but its defaults in it becomes the other store", () => {
  const rest = { agents: [], lamport_counter: 0, affect_resistance: 0.5 };
  const from: Snapshot = {
    ...filled("ops", ["one"]),
    form: headForm,
    rest: { lamport_counter: 7 },
  };
  const whole = merged({ ...emptySnapshot(headForm), rest }, from);
  expect(whole.snapshot).toEqual(from);
  expect(whole.leftOut).toEqual([]);
});
