// A message that stays bytes is checked as strictly as one that is decoded, whatever is in it.
import { expect, test } from "bun:test";
import { createMemoryStore } from "../core/channels/memory-store.ts";
import { Damage } from "./bytes/damage.ts";
import { sourceOf } from "./bytes/source.ts";
import { headerBytes } from "./envelope.ts";
import { readPiled, readStore } from "./store.ts";
import { unwrap } from "./unwrap.ts";
import { writeDocument } from "./write-document.ts";

/** Plain messages, and such as are plain in all but one thing. */
function storeBytes(): Uint8Array {
  let now = Date.parse("2026-02-28T23:59:58.5Z");
  const store = createMemoryStore({ now: () => now++, sha256: (text) => text });
  const { id } = store.createChannel({ name: "ops", type: "Group" });
  for (const name of ["ann", "bob", "çi"]) store.joinChannel(id, name);
  const direct = store.createChannel({ name: "two", type: "Direct" }).id;
  for (const name of ["ann", "bob"]) store.joinChannel(direct, name);
  for (const content of ["plain", "more of it ".repeat(15), "日本語", "�", ""]) {
    for (const sender of ["ann", "çi"]) {
      if (content !== "") store.sendMessage({ channelId: id, sender, content });
    }
  }
  store.sendMessage({ channelId: direct, sender: "ann", content: "to one" });
  store.broadcast({ channelId: id, sender: "bob", content: "to all" });
  store.acknowledgeMessage(1, "bob");
  const snapshot = store.snapshot();
  const [, second, third] = snapshot.messages;
  if (second !== undefined) {
    second.record.metadata = { 10: "x", kind: "y", naïve: "z" };
    delete second.bytes;
  }
  if (third !== undefined) third.record.timestamp = "2026-02-28t23:59:59+01:00";
  return unwrap(writeDocument(snapshot), 1 << 24).store;
}

function read(bytes: Uint8Array, isLazy: boolean): unknown {
  try {
    const { messages } = readStore(sourceOf(bytes), 0, { isLazy });
    return messages.map(({ record, brief }) => [record, isLazy && brief?.id !== record.id]);
  } catch (error) {
    if (error instanceof Damage) return "damage";
    throw error;
  }
}

/** As who adds to a document reads it: messages that nobody has looked at, until now. */
function readLate(bytes: Uint8Array): unknown {
  try {
    const found = readPiled(sourceOf(bytes), 0);
    if (found === undefined) return read(bytes, true);
    return found.pile.read().map(({ record, brief }) => [record, brief?.id !== record.id]);
  } catch (error) {
    if (error instanceof Damage) return "damage";
    throw error;
  }
}

test("what is kept as bytes comes back as what is decoded at once", () => {
  const bytes = storeBytes();
  expect(read(bytes, true)).toEqual(read(bytes, false));
  expect(readLate(bytes)).toEqual(read(bytes, false));
  expect(bytes.length).toBeGreaterThan(headerBytes);
});

test("with any byte of it changed all ways refuse it or read the same", () => {
  const bytes = storeBytes();
  const different: string[] = [];
  let refused = 0;
  for (let at = 0; at < bytes.length; at++) {
    for (const value of [0, 1, 0x80, 0xff]) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = value;
      const [decoded, kept] = [false, true].map((isLazy) => JSON.stringify(read(damaged, isLazy)));
      const late = JSON.stringify(readLate(damaged));
      if (decoded === '"damage"') refused++;
      if (decoded !== kept || kept !== late)
        different.push(`${value} at ${at}: ${decoded}, ${kept}, ${late}`);
    }
  }
  expect(different).toEqual([]);
  expect(refused).toBeGreaterThan(bytes.length);
});
