import { describe, expect, test } from "bun:test";
import { fingerprint, seal, unseal } from "./seal.ts";

const id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
const key = Uint8Array.from({ length: 32 }, (_, at) => at);
const nonce = Uint8Array.from({ length: 24 }, (_, at) => 0x40 + at);
const state = { id, key, topic: `${id}/00000000-0000-4000-8000-000000000001` };
const control = { id, key, topic: `${id}/control` };
const text = '{"state":null,"events":[]}';
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("an envelope", () => {
  const head = "01404142434445464748494a4b4c4d4e4f5051525354555657000000006553f100";
  const vectors: [topic: typeof state, body: string][] = [
    [state, "af1b7604b1941c34b59af2d2c3b047f7e4dfc3b0607b69c1374c9d6ef7a3798d32fa1e4fc1f13fae22a6"],
    [
      control,
      "af1b7604b1941c34b59af2d2c3b047f7e4dfc3b0607b69c1374c15e31b61f64e9c62b42d8a63d746a70e",
    ],
  ];
  test.each(vectors)("is byte for byte that of other programs", (place, body) => {
    const sealed = seal(place, text, 1_700_000_000, nonce);
    expect(hex(sealed)).toBe(head + body);
    expect(unseal(place, sealed)).toEqual({ nonce, seconds: 1_700_000_000, text });
  });

  test("opens with no other topic, group or key", () => {
    const sealed = seal(state, text, 1_700_000_000);
    expect(unseal(control, sealed)).toBeUndefined();
    expect(unseal({ ...state, id: id.replace("a1", "a2") }, sealed)).toBeUndefined();
    expect(unseal({ ...state, key: key.map((byte) => byte ^ 1) }, sealed)).toBeUndefined();
  });

  test("with any bit changed, anything cut off or added does not open", () => {
    const sealed = seal(state, text, 1_700_000_000);
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect([at, unseal(state, changed)]).toEqual([at, undefined]);
      expect(unseal(state, sealed.slice(0, at))).toBeUndefined();
    }
    expect(unseal(state, Uint8Array.of(...sealed, 0))).toBeUndefined();
  });
});

test("a key is known by eight characters", () => {
  expect(fingerprint(key)).toBe("Yw3NKWbE");
});
