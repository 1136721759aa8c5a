import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as zlib from "node:zlib";
import fc from "fast-check";
import type { Channel } from "../core/channels/channel.ts";
import { channelTypes } from "../core/channels/channel.ts";
import type { ChannelMessage } from "../core/channels/channel-message.ts";
import { messageTypes } from "../core/channels/channel-message.ts";
import type { Form, Snapshot } from "../core/channels/snapshot.ts";
import { emptySnapshot, headForm, seedForm } from "../core/channels/snapshot.ts";
import { timestampOf } from "../core/channels/timestamp.ts";
import type { Json } from "../core/json.ts";
import { channelFields, messageFields } from "./layout/fields.ts";
import { sections } from "./layout/sections.ts";
import type { Field, Shape } from "./layout/shape.ts";
import { lossesOf } from "./losses.ts";
import { readDocument } from "./read-document.ts";
import { writeDocument } from "./write-document.ts";

const folder = join(import.meta.dir, "fixtures");
const names = readdirSync(folder).filter((name) => name.endsWith(".acomm"));

function bytesOf(name: string): Buffer {
  return readFileSync(join(folder, name));
}

function opened(bytes: Uint8Array): Snapshot {
  const answer = readDocument(bytes);
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer.snapshot;
}

/** What is inside of the compression, without help from the code under test. */
function inside(bytes: Uint8Array): string {
  const data = Buffer.from(bytes);
  if (data[0] === 0x1f) return zlib.gunzipSync(data).toString("hex");
  if (data.toString("latin1", 0, 5) === "ACOMM") {
    return data.toString("hex", 0, 24) + zlib.gunzipSync(data.subarray(24)).toString("hex");
  }
  if (data[4] === 2) return zlib.gunzipSync(data.subarray(20)).toString("hex");
  const isZstd = data[6] === 1;
  const inner = data.subarray(48);
  return (isZstd ? zlib.zstdDecompressSync(inner) : zlib.gunzipSync(inner)).toString("hex");
}

/** As if every record had been changed: nothing can be copied. */
function withoutBytes(snapshot: Snapshot): Snapshot {
  const copy = structuredClone(snapshot);
  for (const kept of [...copy.channels, ...copy.messages, ...copy.subscriptions]) {
    kept.bytes = undefined;
  }
  return copy;
}

describe("a document that nobody changed", () => {
  for (const name of names) {
    test(`${name} comes out as it was`, () => {
      const bytes = bytesOf(name);
      const again = writeDocument(opened(bytes));
      expect(inside(again)).toBe(inside(bytes));
      expect(again.subarray(0, 8)).toEqual(bytes.subarray(0, 8));
    });

    test(`${name} comes out as it was when all of it is encoded again`, () => {
      const bytes = bytesOf(name);
      expect(inside(writeDocument(withoutBytes(opened(bytes))))).toBe(inside(bytes));
    });
  }
});

const channel: Channel = {
  id: 1,
  name: "ops",
  channel_type: "Group",
  created_at: "2026-02-28T10:30:00Z",
  participants: ["a"],
  config: { max_participants: 0, ttl_seconds: 0, persistence: true, encryption_required: false },
};

const message: ChannelMessage = {
  id: 1,
  channel_id: 1,
  sender: "a",
  recipient: null,
  content: "hi",
  message_type: "Text",
  timestamp: "2026-02-28T10:30:00.123Z",
  metadata: {},
  signature: "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
  acknowledged_by: [],
};

function snapshotOf(more: Partial<ChannelMessage> = {}): Snapshot {
  const snapshot = emptySnapshot();
  snapshot.channels.push({ record: channel });
  snapshot.messages.push({ record: { ...message, ...more } });
  snapshot.next = { channel: 2, message: 2, subscription: 1 };
  return snapshot;
}

describe("the first layout", () => {
  test("is written byte for byte as the original writes it", () => {
    const text = (value: string) => Buffer.from(value).toString("hex");
    const expected = [
      "41434f4d4d303031 01000000 01000000 0100000000000000",
      "0100000000000000 0100000000000000 0100000000000000 0300000000000000 6f7073 01000000",
      `1400000000000000 ${text("2026-02-28T10:30:00Z")} 0100000000000000 0100000000000000 61`,
      "00000000 0000000000000000 01 00",
      "0100000000000000 0100000000000000 0100000000000000 0100000000000000",
      "0100000000000000 61 00 0200000000000000 6869 00000000",
      `1800000000000000 ${text("2026-02-28T10:30:00.123Z")} 0000000000000000`,
      `01 4000000000000000 ${text(message.signature ?? "")} 0000000000000000`,
      "0000000000000000 0200000000000000 0200000000000000 0100000000000000",
    ];
    const written = inside(writeDocument(snapshotOf()));
    expect(written).toBe(expected.join("").replaceAll(" ", ""));
    expect(written.length / 2).toBe(331);
  });

  test("takes 72 bytes for nothing", () => {
    expect(inside(writeDocument(emptySnapshot())).length / 2).toBe(72);
  });

  test("has the gzip header of the original", () => {
    const start = Buffer.from(writeDocument(emptySnapshot())).toString("hex", 0, 10);
    expect(start).toBe("1f8b08000000000000ff");
  });

  test("of the golden text is read", () => {
    const snapshot = opened(Buffer.from(golden, "base64"));
    expect(snapshot.form).toEqual(seedForm);
    expect(snapshot.messages).toHaveLength(3);
    const command = snapshot.messages.find(({ record }) => record.message_type === "Command");
    expect(command?.record).toMatchObject({ content: "héllo 😀", metadata: { k: "v" } });
  });
});

describe("a changed document", () => {
  test("copies what did not change and encodes what did", () => {
    const snapshot = opened(bytesOf("HEAD-rich.acomm"));
    const [first] = snapshot.messages;
    if (first === undefined) throw new Error("no message");
    snapshot.messages[0] = {
      record: { ...first.record, acknowledged_by: ["bob", "carol"] },
      extension: first.extension,
    };
    const again = opened(writeDocument(snapshot));
    expect(again.messages[0]?.record.acknowledged_by).toEqual(["bob", "carol"]);
    expect(again.messages[0]?.extension).toEqual(first.extension);
    expect(again.messages[1]).toEqual(snapshot.messages[1]);
    expect(again.rest).toEqual(snapshot.rest);
  });

  test("gives a new message of a later layout what the original would give it", () => {
    const snapshot = opened(bytesOf("HEAD-rich.acomm"));
    snapshot.messages.push({ record: { ...message, id: 9 } });
    const again = opened(writeDocument(snapshot));
    expect(again.next.message).toBe(10);
    expect(again.messages.at(-1)?.extension).toEqual({
      status: "Sent",
      priority: "Normal",
      reply_to: null,
      correlation_id: null,
      thread_id: null,
      comm_timestamp: {
        wall_clock: "2026-02-28T10:30:00.123+00:00",
        lamport: 0,
        vector_clock: [],
      },
      rich_content_json: null,
      comm_id: null,
      receipt_id: null,
    });
  });
});

describe("another form", () => {
  test("the first layout keeps the records of the newest and says what it drops", () => {
    const head = opened(bytesOf("HEAD-rich.acomm"));
    const seed = opened(writeDocument(head, seedForm));
    expect(seed.form).toEqual(seedForm);
    expect(seed.messages.map(({ record }) => record)).toEqual(
      head.messages.map(({ record }) => record),
    );
    expect(seed.rest).toBeUndefined();
    expect(lossesOf(head, seedForm)).toEqual([
      "comm_id of 2 channels",
      "comm_timestamp of 2 messages",
      "comm_id of 2 messages",
      ...[
        "dead_letters",
        "consent_gates",
        "trust_levels",
        "temporal_queue",
        "next_temporal_id",
        "hive_minds",
        "next_hive_id",
        "audit_log",
        "lamport_counter",
        "embeddings",
      ].map((section) => {
        const value = head.rest?.[section];
        const count = Array.isArray(value) ? value.length : 1;
        return `the section ${section}: ${count} in the file, 0 kept`;
      }),
    ]);
  });

  test("the newest layout gets the original's defaults and loses nothing", () => {
    const seed = snapshotOf({ acknowledged_by: ["b"] });
    expect(lossesOf(seed, headForm)).toEqual([]);
    const head = opened(writeDocument(seed, headForm));
    expect(head.form).toEqual(headForm);
    expect(head.channels[0]?.extension).toEqual({
      delivery_mode: "AtLeastOnce",
      retention_policy: "Forever",
      min_trust_level: null,
      state: "Active",
      comm_id: null,
      contract_ref: null,
    });
    expect(head.messages[0]?.extension).toMatchObject({ status: "Acknowledged" });
    const original = opened(bytesOf("86617cb.acomm")).rest ?? {};
    const own = ["dead_letters", "audit_log", "lamport_counter"];
    for (const [section, value] of Object.entries(original)) {
      if (!own.includes(section)) expect(head.rest?.[section]).toEqual(value);
    }
    expect(lossesOf(head, seedForm)).toEqual([]);
    const [first] = head.messages;
    if (first !== undefined) first.extension = { ...first.extension, status: "Failed" };
    expect(lossesOf(head, seedForm)).toEqual(["status of 1 message"]);
  });

  test("what only a part of a section cannot hold is told as well", () => {
    const head = opened(bytesOf("HEAD-rich.acomm"));
    expect(lossesOf(head, { envelope: "E1", generation: 3 })).toContainEqual(
      expect.stringContaining("a part of the section audit_log: "),
    );
    expect(lossesOf(head, headForm)).toEqual([]);
  });
});

describe("metadata", () => {
  test("keeps keys that objects reorder or do not have", () => {
    const metadata: Record<string, string> = JSON.parse(
      '{ "b": "1", "10": "2", "2": "3", "__proto__": "x" }',
    );
    const again = opened(writeDocument(snapshotOf({ metadata }))).messages[0];
    expect(Object.entries(again?.record.metadata ?? {})).toEqual([
      ["2", "3"],
      ["10", "2"],
      ["b", "1"],
      ["__proto__", "x"],
    ]);
  });

  const entry = (key: string) => {
    const length = Buffer.alloc(8);
    length.writeUInt32LE(key.length);
    const one = Buffer.alloc(8);
    one.writeUInt32LE(1);
    return Buffer.concat([length, Buffer.from(key), one, Buffer.from("v")]).toString("hex");
  };

  /** The worked example with these keys, in this order. */
  function withKeys(...keys: string[]): Uint8Array {
    const hex = inside(writeDocument(snapshotOf()));
    const at = 0xd2 * 2;
    const count = `0${keys.length}00000000000000`;
    const more = hex.slice(0, at) + count + keys.map(entry).join("") + hex.slice(at + 16);
    return zlib.gzipSync(Buffer.from(more, "hex"));
  }

  test("keeps the order of the file even where its record was changed", () => {
    const bytes = withKeys("b", "7", "__proto__", "1");
    const snapshot = opened(bytes);
    expect(Object.keys(snapshot.messages[0]?.record.metadata ?? {}).sort()).toEqual(
      ["1", "7", "__proto__", "b"].sort(),
    );
    expect(inside(writeDocument(withoutBytes(snapshot)))).toBe(inside(bytes));
  });

  test("with a key twice is damage", () => {
    for (const key of ["k", "__proto__"]) {
      expect(readDocument(withKeys(key, key))).toMatchObject({ kind: "refused" });
    }
  });
});

test("a time to live beyond what can be counted comes out as it was", () => {
  const hex = inside(writeDocument(snapshotOf()));
  const at = 0x70 * 2;
  const bytes = zlib.gzipSync(
    Buffer.from(`${hex.slice(0, at)}ffffffffffffffff${hex.slice(at + 16)}`, "hex"),
  );
  const snapshot = opened(bytes);
  expect(snapshot.channels[0]?.record.config.ttl_seconds).toBe(Number.MAX_SAFE_INTEGER);
  expect(inside(writeDocument(withoutBytes(snapshot)))).toBe(inside(bytes));
});

const text = fc.string({ unit: "binary", maxLength: 12 });
const time = fc
  .date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((date) => timestampOf(date.getTime()));
const key = fc.oneof(fc.constantFrom("k", "10", "2", "ключ", "constructor"), text);

/** Values of a shape as the codec reads them. */
function jsonOf(shape: Shape, generation: number): fc.Arbitrary<Json> {
  switch (shape.kind) {
    case "u32":
      return fc.nat({ max: 0xffff_ffff });
    case "u64":
      return fc.oneof(fc.maxSafeNat(), fc.constant("18446744073709551615"));
    case "bool":
      return fc.boolean();
    case "f32":
      return fc.oneof(plain(fc.float()), fc.constantFrom("0x7fc00001", "0x80000000"));
    case "f64":
      return fc.oneof(plain(fc.double()), fc.constantFrom("0xfff0000000000000"));
    case "text":
      return text;
    case "uuid":
      return fc.uuid();
    case "optional":
      return fc.option(jsonOf(shape.of, generation));
    case "list":
      return fc.array(jsonOf(shape.of, generation), { maxLength: 2 });
    case "map": {
      const name = jsonOf({ kind: shape.key }, generation);
      const entry = fc.tuple(name, jsonOf(shape.of, generation));
      return fc.uniqueArray(entry, { maxLength: 3, selector: ([first]) => first });
    }
    case "struct":
      return structOf(shape.fields, generation);
    case "variant":
      return fc.oneof(
        ...shape.variants
          .filter((one) => one.since <= generation)
          .map(({ name, payload }) =>
            payload === undefined
              ? fc.constant(name)
              : jsonOf(payload, generation).map((inner) => ({ [name]: inner })),
          ),
      );
  }
}

function plain(numbers: fc.Arbitrary<number>): fc.Arbitrary<number> {
  return numbers.filter((one) => Number.isFinite(one) && !Object.is(one, -0));
}

function structOf(
  all: readonly Field[],
  generation: number,
): fc.Arbitrary<{ [name: string]: Json }> {
  const fields = all.filter((one) => one.since <= generation);
  return fc
    .tuple(...fields.map((one) => jsonOf(one.shape, generation)))
    .map((values) => Object.fromEntries(fields.map((one, at) => [one.name, values[at] ?? null])));
}

const channelRecord: fc.Arbitrary<Channel> = fc.record({
  id: fc.maxSafeNat().filter((id) => id < Number.MAX_SAFE_INTEGER),
  name: text,
  channel_type: fc.constantFrom(...channelTypes),
  created_at: time,
  participants: fc.array(text, { maxLength: 3 }),
  config: fc.record({
    max_participants: fc.nat({ max: 0xffff_ffff }),
    ttl_seconds: fc.maxSafeNat(),
    persistence: fc.boolean(),
    encryption_required: fc.boolean(),
  }),
});

const messageRecord: fc.Arbitrary<ChannelMessage> = fc.record({
  id: fc.nat({ max: 1_000_000 }),
  channel_id: fc.maxSafeNat(),
  sender: text,
  recipient: fc.option(text),
  content: fc.string({ unit: "binary", maxLength: 400 }),
  message_type: fc.constantFrom(...messageTypes),
  timestamp: time,
  metadata: fc.dictionary(key, text, { noNullPrototype: true, maxKeys: 4 }),
  signature: fc.option(text),
  acknowledged_by: fc.array(text, { maxLength: 3 }),
});

const byId = { maxLength: 4, selector: (one: { record: { id: number } }) => one.record.id };

function snapshotIn(form: Form): fc.Arbitrary<Snapshot> {
  const { generation } = form;
  const kept = <T>(record: fc.Arbitrary<T>, fields: readonly Field[]) =>
    generation === 0
      ? fc.record({ record })
      : fc.record({ record, extension: structOf(fields, generation) });
  const snapshot = {
    form: fc.constant(form),
    channels: fc.uniqueArray(kept(channelRecord, channelFields), byId),
    messages: fc.uniqueArray(kept(messageRecord, messageFields), byId),
    subscriptions: fc.uniqueArray(
      fc.record({
        record: fc.record({
          id: fc.nat({ max: 1000 }),
          topic: text,
          subscriber: text,
          created_at: time,
        }),
      }),
      byId,
    ),
    next: fc.record({
      channel: fc.constant(Number.MAX_SAFE_INTEGER),
      message: fc.integer({ min: 1_000_001, max: Number.MAX_SAFE_INTEGER }),
      subscription: fc.integer({ min: 1001, max: Number.MAX_SAFE_INTEGER }),
    }),
  };
  return generation === 0
    ? fc.record(snapshot)
    : fc.record({ ...snapshot, rest: structOf(sections(), generation) });
}

/** What two snapshots share when they are the same, down to the order of keys. */
function told(snapshot: Snapshot): string {
  return JSON.stringify(withoutBytes(snapshot));
}

function recordsOf({ channels, messages, subscriptions, next }: Snapshot): unknown[] {
  return [...[...channels, ...messages, ...subscriptions].map(({ record }) => record), next];
}

describe("any snapshot", () => {
  const envelopes = ["E1", "E1", "E1", "E1", "E1", "E1", "E1", "E2", "E2", "E2", "E3", "E3", "E4"];
  for (const generation of [0, 1, 2, 3, 4, 6, 8, 9, 10, 11, 12]) {
    const envelope = (envelopes[generation] ?? "E0") as Form["envelope"];
    test(`is the same after ${envelope} and layout ${generation}`, () => {
      fc.assert(
        fc.property(snapshotIn({ envelope, generation }), (snapshot) => {
          const again = opened(writeDocument(snapshot));
          expect(recordsOf(again)).toEqual(recordsOf(snapshot));
          // Where nothing shows the difference, the earlier of two layouts is taken.
          const read = { ...again, form: snapshot.form };
          if (again.form.generation === generation) expect(told(read)).toBe(told(snapshot));
          const copied = inside(writeDocument(again));
          expect(copied).toBe(inside(writeDocument(snapshot)));
          expect(inside(writeDocument(withoutBytes(again)))).toBe(copied);
        }),
        { numRuns: generation === 0 || generation === 12 ? 100 : 30 },
      );
    });
  }

  test("is the same after the newest layout and back, as far as the first goes", () => {
    fc.assert(
      fc.property(snapshotIn(seedForm), (snapshot) => {
        const head = opened(writeDocument(snapshot, headForm));
        expect(told(opened(writeDocument(head, seedForm)))).toBe(told(snapshot));
      }),
    );
  });
});

const golden = `
H4sIAAAAAAAA/41SO04DMRDdzadA3AHlAkEz4++kAlFHNFTb2V6vglgliCCg5Bh01JyDC3EENrAbEicoGcl+49/ze/ZcXl1P
pwCYZ1nWa1o/+41ei3mC3frifrmaOmuHBKTHiGPCG8CJ1BPic9JaWySDRUc2bNHVtyF2TH7hs43I11d3OGhxHp+X/cN3GpAM
XGR7It+xl+KWwnxD4mmbxpfHBzf66YfHaFEGYK0lv2gTBsPBCHAlKLCMrKwPIZI3mpVBx4CRMIRSeYeglaqEV6WyxLIKJmJH
2E8w/aVGeL5l6WQ9qEczNy+Xg2NMaEa7a8KBBAZgGaxVtNLpPMhQ6rJqTrDzVEljkIPgIFVFjgjQCkkCbQwqZonoFLeEZ90H
zD4/6nox+np/ez2qABsFUKTUd13y9OdGiaA0N0dQVxCDiCWX3kQHxmkQUgpAyYqs984722wMZGXFwgitOdC+p//HWFrQ7fbD
dS0Iin5C0lXuN8r6mGjJAwAA`;
