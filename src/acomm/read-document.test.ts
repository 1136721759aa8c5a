import { describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { blake3 } from "@noble/hashes/blake3.js";
import type { Snapshot } from "../core/channels/snapshot.ts";
import { seedForm } from "../core/channels/snapshot.ts";
import type { Json } from "../core/json.ts";
import { readDocument } from "./read-document.ts";
import { writeDocument } from "./write-document.ts";

const folder = join(import.meta.dir, "fixtures");
const names = readdirSync(folder).filter((name) => name.endsWith(".acomm"));

function bytesOf(name: string): Buffer {
  return readFileSync(join(folder, name));
}

function opened(bytes: Uint8Array): { snapshot: Snapshot; warnings: string[] } {
  const answer = readDocument(bytes);
  if (answer.kind === "refused") throw new Error(answer.reason);
  return answer;
}

function reasonOf(bytes: Uint8Array, maxBytes?: number): string {
  const answer = readDocument(bytes, { maxBytes });
  return answer.kind === "refused" ? answer.reason : `opened: ${JSON.stringify(answer.warnings)}`;
}

/** The original's JSON has objects where ours has lists of entries. */
const maps = new Set([
  "metadata",
  "vector_clock",
  "trust_levels",
  "hive_minds",
  "affect_states",
  "zone_policies",
  "agents",
  "embeddings",
]);

function withObjects(value: Json): Json {
  if (Array.isArray(value)) return value.map(withObjects);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isMap = maps.has(name) && Array.isArray(inner);
      return [name, withObjects(isMap ? Object.fromEntries(inner as [string, Json][]) : inner)];
    }),
  );
}

/** The snapshot as the original program prints its store. */
function dumpOf({ channels, messages, subscriptions, next, rest = {} }: Snapshot): Json {
  const ofConfig = ["delivery_mode", "retention_policy", "min_trust_level"];
  const printed = channels.map(({ record, extension = {} }) => {
    const parts = Object.entries(extension);
    const inConfig = parts.filter(([name]) => ofConfig.includes(name));
    const own = parts.filter(([name]) => !ofConfig.includes(name));
    const config = { ...record.config, ...Object.fromEntries(inConfig) };
    return [record.id, { ...record, config, ...Object.fromEntries(own) }];
  });
  return withObjects({
    channels: Object.fromEntries(printed),
    messages: Object.fromEntries(
      messages.map(({ record, extension }) => [record.id, { ...record, ...extension }]),
    ),
    subscriptions: Object.fromEntries(subscriptions.map(({ record }) => [record.id, record])),
    next_channel_id: next.channel,
    next_message_id: next.message,
    next_subscription_id: next.subscription,
    ...rest,
  } as unknown as Json);
}

describe("files of the original program", () => {
  const forms: Readonly<Record<string, string>> = {
    "7dfef69": "E1 0",
    "9f3dce5": "E1 1",
    "1816c00": "E1 2",
    "78d685b": "E1 3",
    "7d702f2": "E1 4",
    "299a2e0": "E1 4",
    "1c09cb5": "E1 6",
    "5836b05": "E2 6",
    f8d3f5e: "E2 6",
    "3c9c103": "E2 8",
    f88656e: "E2 9",
    cccea02: "E3 10",
    "7dd4499": "E3 11",
    "86617cb": "E4 12",
    "HEAD-rich": "E4 12",
  };

  test("there are fifteen", () => {
    expect(names.map((name) => name.replace(".acomm", "")).sort()).toEqual(
      Object.keys(forms).sort(),
    );
  });

  for (const name of names) {
    test(`${name} is read as what it is`, () => {
      const { snapshot, warnings } = opened(bytesOf(name));
      const { envelope, generation } = snapshot.form;
      expect(`${envelope} ${generation}`).toBe(forms[name.replace(".acomm", "")] ?? "");
      expect(warnings).toEqual([]);
      const dump = `${name}.json`;
      if (name === "HEAD-rich.acomm") return;
      expect(dumpOf(snapshot)).toEqual(JSON.parse(readFileSync(join(folder, dump), "utf8")));
    });
  }

  test("the sections of the newest layout are carried", () => {
    const { rest } = opened(bytesOf("HEAD-rich.acomm")).snapshot;
    expect(rest).toMatchObject({
      trust_levels: [["bob", "High"]],
      temporal_queue: [{ target: { FutureRelative: { delay_seconds: 60 } }, content: "later" }],
      hive_minds: [[1, { decision_mode: "consensus", coherence_level: 1 }]],
      dead_letters: [{ reason: "ChannelNotFound", original_message: { channel_id: 99 } }],
      embeddings: [[1, [0.5, 1.5]]],
    });
    const log = rest?.["audit_log"] as { event_type: string }[] | undefined;
    expect(log?.map((one) => one.event_type)).toEqual([
      "channel_created",
      "message_sent",
      "channel_created",
      "consent_granted",
      "trust_updated",
      "scheduled_message",
      "hive_formed",
    ]);
  });

  test("the times are the texts of the file", () => {
    const { record } = opened(bytesOf("7dfef69.acomm")).snapshot.channels[0] ?? {};
    expect(record?.created_at).toMatch(/^2026-11-21T01:46:29\.266\d{6}Z$/);
  });

  test("bytes in the middle of a larger memory are read", () => {
    const bytes = bytesOf("86617cb.acomm");
    const around = Buffer.concat([Buffer.alloc(7, 1), bytes, Buffer.alloc(9, 2)]);
    expect(opened(around.subarray(7, 7 + bytes.length)).warnings).toEqual([]);
  });
});

const seedStore = zlib.gunzipSync(bytesOf("7dfef69.acomm"));

/** The first layout with some bytes changed and everything around it made right again. */
function patched(change: (store: Buffer) => Buffer | undefined): Uint8Array {
  const store = Buffer.from(seedStore);
  return zlib.gzipSync(change(store) ?? store);
}

function at(store: Buffer, text: string): number {
  const found = store.indexOf(text);
  if (found === -1) throw new Error(`no ${text} in the file`);
  return found;
}

describe("a file is refused", () => {
  test("that is none of ours", () => {
    const reason = "Invalid magic bytes — not an .acomm file";
    expect(reasonOf(new Uint8Array())).toBe(reason);
    expect(reasonOf(Buffer.from("SQLite format 3\0"))).toBe(reason);
    expect(reasonOf(zlib.gzipSync("hello"))).toBe(reason);
    expect(reasonOf(Buffer.from("ACOMM002 and so on, for more than a header"))).toBe(reason);
  });

  test("of a version that nobody wrote", () => {
    const next = patched((store) => void store.writeUInt32LE(2, 8));
    expect(reasonOf(next)).toBe("Unsupported version: 2 (expected 1)");
    const later = Buffer.from(bytesOf("86617cb.acomm"));
    later.writeUInt16LE(4, 4);
    expect(reasonOf(later)).toBe("Unsupported version: 4 (expected 2 or 3)");
    later.writeUInt16LE(3, 4);
    later.writeUInt16LE(2, 6);
    expect(reasonOf(later)).toBe("Bad header: unknown flags 2");
  });

  test("whose header counts something else than it holds", () => {
    const channels = patched((store) => void store.writeUInt32LE(3, 12));
    const messages = patched((store) => void store.writeBigUInt64LE(2n, 16));
    for (const bytes of [channels, messages]) {
      expect(reasonOf(bytes)).toContain("not those of the header");
    }
  });

  test("with ids beyond what can be counted", () => {
    const reason = "a number above 2^53-1 where an id or a counter stands";
    const counter = patched((store) => void store.writeBigUInt64LE(1n << 53n, store.length - 16));
    const id = patched((store) => void store.writeBigUInt64LE((1n << 64n) - 1n, 32));
    for (const bytes of [counter, id]) expect(reasonOf(bytes)).toContain(reason);
    const last = patched((store) => {
      store.writeBigUInt64LE((1n << 53n) - 1n, 32);
      store.writeBigUInt64LE((1n << 53n) - 1n, 40);
    });
    expect(reasonOf(last)).toContain("the last id there can be");
  });

  test("whose records stand under another id", () => {
    const bytes = patched((store) => void store.writeBigUInt64LE(77n, 32));
    expect(reasonOf(bytes)).toContain("stands under id 77");
  });

  test("with a text that is not UTF-8", () => {
    const bytes = patched(
      (store) => void store.fill(0xff, at(store, "extra"), at(store, "extra") + 1),
    );
    expect(reasonOf(bytes)).toContain("not valid UTF-8");
    const surrogate = patched((store) => void store.set([0xed, 0xa0, 0x80], at(store, "extra")));
    expect(reasonOf(surrogate)).toContain("not valid UTF-8");
  });

  test("with a bool, a tag or an index that does not exist", () => {
    const bytes = patched(
      (store) => void store.fill(2, at(store, "extra extra") - 20, at(store, "extra extra") - 19),
    );
    expect(reasonOf(bytes)).toContain("Bad store data: 2 where 0 or 1 must stand");
    const type = patched((store) => void store.writeUInt32LE(8, at(store, "extra extra") + 11));
    expect(reasonOf(type)).toContain("tag for enum is not valid, found 8");
  });

  test("with something left over, or something missing", () => {
    expect(reasonOf(patched((store) => Buffer.concat([store, Buffer.alloc(1)])))).toContain(
      "1 bytes are left over",
    );
    expect(reasonOf(patched((store) => store.subarray(0, -1)))).toContain("ends too early");
  });

  test("with a time that is none", () => {
    const bytes = patched((store) => void store.write("2026-13", at(store, "2026-11")));
    expect(reasonOf(bytes)).toContain("no RFC 3339 time");
  });

  test("with lengths beyond its end, at once and without memory for them", () => {
    for (const count of [1n << 30n, 1n << 40n, (1n << 64n) - 1n]) {
      const bytes = patched((store) => void store.writeBigUInt64LE(count, 24));
      expect(reasonOf(bytes)).toContain("a length goes beyond the end");
    }
  });
});

describe("what is odd but harmless is told", () => {
  test("a message in a channel that is not there", () => {
    const { snapshot } = opened(bytesOf("7dfef69.acomm"));
    const [channel] = snapshot.channels.splice(0, 1);
    const { warnings } = opened(writeDocument(snapshot));
    expect(channel?.record.id).toBeNumber();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("of the messages are in channels that are not there");
  });

  test("a next id that is in use", () => {
    const bytes = patched((store) => void store.writeBigUInt64LE(1n, store.length - 16));
    const { snapshot, warnings } = opened(bytes);
    expect(warnings).toEqual(["the next message id is raised to 4"]);
    expect(snapshot.next.message).toBe(4);
  });

  test("bytes after the end, of which only the first gzip member counts", () => {
    const bytes = bytesOf("7dfef69.acomm");
    for (const more of [Buffer.from("x"), zlib.gzipSync("another member")]) {
      const { snapshot, warnings } = opened(Buffer.concat([bytes, more]));
      expect(warnings).toEqual([`${more.length} bytes after the end were left out`]);
      expect(snapshot.messages).toHaveLength(3);
    }
  });

  test("a channel type that we do not have is a group and comes out as it was", () => {
    const head = opened(bytesOf("86617cb.acomm")).snapshot;
    for (const kept of head.channels) {
      kept.record.channel_type = "Group";
      kept.extension = { ...kept.extension, channel_type: "Later8" };
      kept.bytes = undefined;
    }
    const { snapshot, warnings } = opened(writeDocument(head));
    expect(warnings[0]).toEndWith("is of the type Later8, taken for a group");
    expect(snapshot.channels[0]?.record.channel_type).toBe("Group");
    const seed = opened(writeDocument(snapshot, seedForm));
    expect(seed.warnings).toEqual([]);
    expect(seed.snapshot.channels[0]?.record.channel_type).toBe("Group");
  });
});

/** One file of each envelope; nobody ever wrote the first one. */
const envelopes = {
  E0: writeDocument(opened(bytesOf("7dfef69.acomm")).snapshot, { envelope: "E0", generation: 0 }),
  E1: bytesOf("7dfef69.acomm"),
  E2: bytesOf("3c9c103.acomm"),
  E3: bytesOf("7dd4499.acomm"),
  E4: bytesOf("86617cb.acomm"),
};

describe("damage", () => {
  for (const [envelope, bytes] of Object.entries(envelopes)) {
    const { snapshot } = opened(bytes);

    test(`${envelope}: no flipped bit changes what is read`, () => {
      let accepted = 0;
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const answer = readDocument(flipped);
        if (answer.kind === "refused") continue;
        expect(answer.snapshot).toEqual(snapshot);
        accepted++;
      }
      // A checksum over the whole data lets nothing through. Gzip's own covers what comes out, and
      // neither its header's hints nor which of two equal places a repetition is copied from.
      const isWhole = envelope !== "E0" && envelope !== "E1";
      expect(accepted).toBeLessThan(isWhole ? 1 : bytes.length / 4);
    });

    test(`${envelope}: cut short at any length it is refused`, () => {
      for (let length = 0; length < bytes.length; length++) {
        expect(readDocument(bytes.subarray(0, length)).kind).toBe("refused");
      }
    });
  }

  test("every checksum is named when it does not fit", () => {
    const e2 = Buffer.from(envelopes.E2);
    e2.writeUInt32LE(1, 16);
    expect(reasonOf(e2)).toBe("CRC-32 checksum mismatch");
    const e4 = Buffer.from(envelopes.E4);
    e4.fill(0, 16, 48);
    expect(reasonOf(e4)).toBe("BLAKE3 checksum mismatch");
    const e1 = Buffer.from(envelopes.E1);
    e1.fill(0, e1.length - 8, e1.length - 4);
    expect(reasonOf(e1)).toBe("damaged gzip data: CRC-32 checksum mismatch");
  });
});

function headed(data: Uint8Array): Buffer {
  const header = Buffer.from("ACOM\x03\0\x01\0\0\0\0\0\0\0\0\0", "latin1");
  header.writeUInt32LE(data.length, 8);
  return Buffer.concat([header, blake3(data), data]);
}

describe("bombs", () => {
  const zeros = new Uint8Array(100_000_000);
  const bombs = {
    gzip: Bun.gzipSync(zeros),
    zstd: headed(Bun.zstdCompressSync(zeros)),
    // A frame of one byte that wants 2^27 bytes of window.
    window: headed(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 17 << 3, 9, 0, 0, 0x61])),
  };

  for (const [kind, bytes] of Object.entries(bombs)) {
    test(`${kind}: memory stays near the limit`, async () => {
      const scratch = mkdtempSync(join(tmpdir(), "acomm-"));
      try {
        const file = join(scratch, "bomb.acomm");
        await Bun.write(file, bytes);
        const child = Bun.spawn(
          [process.execPath, "-e", measuring, join(import.meta.dir, "read-document.ts"), file],
          { stdout: "pipe", stderr: "inherit" },
        );
        const { grown, ms, answer } = JSON.parse(await new Response(child.stdout).text());
        expect(answer.kind).toBe("refused");
        expect(grown).toBeLessThan(24_000_000);
        expect(ms).toBeLessThan(1_000);
      } finally {
        rmSync(scratch, { recursive: true });
      }
    });
  }

  test("the refusal says what to do", () => {
    expect(reasonOf(bombs.gzip, 1_000_000)).toBe(
      "it decompresses to more than 1000000 bytes: raise the limit",
    );
    expect(reasonOf(bombs.zstd, 1_000_000)).toBe(
      "it decompresses to more than 1000000 bytes: raise the limit",
    );
    expect(reasonOf(bombs.gzip)).toStartWith("Invalid magic bytes");
  });

  test("a limit that is just large enough is enough", () => {
    expect(reasonOf(bytesOf("7dfef69.acomm"), seedStore.length)).toBe("opened: []");
    expect(reasonOf(bytesOf("7dfef69.acomm"), seedStore.length - 1)).toContain("raise the limit");
  });
});

/** The growth of the peak, in bytes: the peak before is that of a small file. */
const measuring = `
  const [module, file] = process.argv.slice(-2);
  const { readDocument } = await import(module);
  const bytes = new Uint8Array(await Bun.file(file).arrayBuffer());
  readDocument(bytes.subarray(0, 60), { maxBytes: 1_000_000 });
  const before = process.resourceUsage().maxRSS;
  const start = performance.now();
  const answer = readDocument(bytes, { maxBytes: 1_000_000 });
  const ms = performance.now() - start;
  const grown = (process.resourceUsage().maxRSS - before) * 1024;
  console.log(JSON.stringify({ grown, ms, answer }));
`;
