// Who adds to a document without looking at its messages writes what it would have written had it
// read them all, and is refused where reading is.
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createMemoryStore } from "../core/channels/memory-store.ts";
import {
  channelIdOf,
  type PiledSnapshot,
  type Snapshot,
  unpiled,
} from "../core/channels/snapshot.ts";
import { readDocument, readPiledDocument } from "./read-document.ts";
import { writeDocument } from "./write-document.ts";

const folder = join(import.meta.dir, "fixtures");
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith(".acomm"))
  .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));

const now = Date.parse("2026-06-01T12:00:00Z");
const deps = { now: () => now, sha256: (text: string) => `sum of ${text}` };

type Found = ReturnType<typeof readPiledDocument>;

/** What a program writes that sends, and what its message is called. */
function afterSending(found: Found, how: { isLast?: boolean } = {}) {
  if (found.kind === "refused") return found;
  const store = createMemoryStore(deps, found.snapshot);
  const { id: channelId } = store.createChannel({ name: "new", type: "Group" });
  const { id, timestamp } = store.sendMessage({ channelId, sender: "ann", content: "one" });
  const next = store.piled();
  const bytes = Buffer.from(writeDocument(next, next.form, how)).toString("hex");
  return { id, timestamp, bytes, warnings: found.warnings };
}

function filled(change: (snapshot: Snapshot) => void = () => {}): Uint8Array {
  let time = now - 5000;
  const store = createMemoryStore({ ...deps, now: () => time++ }, undefined);
  const { id: channelId } = store.createChannel({ name: "ops", type: "Group" });
  for (const content of ["plain", "日本語", "more of it ".repeat(30)]) {
    store.sendMessage({ channelId, sender: "ann", content });
  }
  const snapshot = store.snapshot();
  change(snapshot);
  return writeDocument(snapshot);
}

/** Legal, and nothing that can be judged without reading. */
const odd: Record<string, (snapshot: Snapshot) => void> = {
  "ids that do not ascend": ({ messages }) => messages.reverse(),
  "a channel that is not there": ({ channels }) => channels.splice(0),
  "times that do not ascend": ({ messages }) => {
    for (const [at, { record }] of messages.entries()) {
      record.timestamp = `2026-06-01T12:00:0${9 - at}.000001Z`;
    }
  },
  "a time far ahead": ({ messages }) => {
    for (const { record } of messages) record.timestamp = "2031-01-01T00:00:00Z";
  },
  "no message": ({ messages }) => messages.splice(0),
  "a counter that lags": (snapshot) => {
    snapshot.next.message = 1;
  },
};

test("a document of any layout becomes the same by either way", () => {
  for (const { name, bytes } of fixtures) {
    const piled = readPiledDocument(bytes);
    expect([name, afterSending(piled)]).toEqual([name, afterSending(readDocument(bytes))]);
  }
});

test("what is odd about messages changes nothing of what is written", () => {
  for (const [what, change] of Object.entries({ ...odd, "nothing odd": () => {} })) {
    const bytes = filled(change);
    const [one, other] = [readPiledDocument(bytes), readDocument(bytes)];
    expect([what, afterSending(one)]).toEqual([what, afterSending(other)]);
    expect([what, afterSending(readPiledDocument(bytes), { isLast: true })]).toEqual([
      what,
      afterSending(readDocument(bytes), { isLast: true }),
    ]);
  }
});

test("the messages of a plain document stay one piece until somebody asks for one", () => {
  const pileIn = (of: Snapshot | PiledSnapshot) => ("pile" in of ? of.pile.count : 0);
  const found = readPiledDocument(filled());
  if (found.kind === "refused") throw new Error(found.reason);
  expect(pileIn(found.snapshot)).toBe(3);
  const store = createMemoryStore(deps, found.snapshot);
  store.sendMessage({ channelId: 1, sender: "ann", content: "fourth" });
  expect(pileIn(store.piled())).toBe(3);
  expect(unpiled(store.piled()).messages.map((kept) => kept.record.content)).toHaveLength(4);
  expect(store.getMessage(2)?.content).toBe("日本語");
  expect(pileIn(store.piled())).toBe(0);
  expect(store.receiveMessages(1, {}).map((one) => one.id)).toEqual([1, 2, 3, 4]);
  expect(store.snapshot().messages.map(channelIdOf)).toEqual([1, 1, 1, 1]);
});

test("a damaged document is refused with the same words", () => {
  const whole = filled();
  const store = Buffer.from(Bun.gunzipSync(Uint8Array.from(whole)));
  let refused = 0;
  for (let at = 24; at < store.length; at++) {
    const damaged = Buffer.from(store);
    damaged[at] = (damaged[at] ?? 0) ^ 0x81;
    const bytes = Bun.gzipSync(damaged, { level: 1 });
    const [one, other] = [readPiledDocument(bytes), readDocument(bytes)];
    if (other.kind === "refused") refused++;
    expect([at, afterSending(one)]).toEqual([at, afterSending(other)]);
  }
  expect(refused).toBeGreaterThan(store.length / 3);
});
