import { describe, expect, test } from "bun:test";
import { replayGuard } from "./replay.ts";

const now = 1_700_000_000;
const nonce = (n: number) =>
  Uint8Array.from({ length: 24 }, (_, at) => (n >> (8 * (at % 4))) & 255);

describe("a request", () => {
  const ages: [secondsAgo: number, verdict: string][] = [
    [0, "new"],
    [60, "new"],
    [-60, "new"],
    [61, "skewed"],
    [-61, "skewed"],
    [86_400, "skewed"],
  ];
  test.each(ages)("of %d seconds ago is %s", (ago, verdict) => {
    const question = { sender: "control", nonce: nonce(1), seconds: now - ago, nowSeconds: now };
    expect(replayGuard().ask(question) as string).toBe(verdict);
  });
});

describe("a state", () => {
  test("may be as old as it likes, but not older than what was applied", () => {
    const guard = replayGuard();
    const base = { sender: "d", nowSeconds: now, watermark: now - 900 };
    expect(guard.ask({ ...base, nonce: nonce(1), seconds: now - 900 })).toBe("new");
    expect(guard.ask({ ...base, nonce: nonce(2), seconds: now - 901 })).toBe("outdated");
    expect(guard.ask({ ...base, nonce: nonce(3), seconds: now + 9000 })).toBe("new");
  });

  test("with a nonce of the last ten minutes is a repetition, for that sender", () => {
    const guard = replayGuard();
    const one = { nonce: nonce(1), seconds: now, nowSeconds: now };
    expect(guard.ask({ ...one, sender: "d" })).toBe("new");
    expect(guard.ask({ ...one, sender: "d", nowSeconds: now + 599 })).toBe("repeated");
    expect(guard.ask({ ...one, sender: "e" })).toBe("new");
    expect(guard.ask({ ...one, sender: "d", nowSeconds: now + 1300 })).toBe("new");
  });

  test("is remembered among the last 8192", () => {
    const guard = replayGuard();
    const ask = (n: number) =>
      guard.ask({ sender: "d", nonce: nonce(n), seconds: now, nowSeconds: now });
    for (let n = 0; n <= 8192; n++) expect(ask(n)).toBe("new");
    expect(ask(8192)).toBe("repeated");
    expect(ask(0)).toBe("new");
  });
});
