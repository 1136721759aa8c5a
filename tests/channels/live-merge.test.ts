// Merging into the live store and merging of two documents are one thing: whatever two stores hold,
// both ways end in the same document. And every recorded file survives the way through the bus.

import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readDocument } from "../../src/acomm/read-document.ts";
import { writeDocument } from "../../src/acomm/write-document.ts";
import { openBus } from "../../src/bus/bus.ts";
import { merged } from "../../src/bus/channels/document-merge.ts";
import { exportSpace, importSnapshot } from "../../src/bus/channels/spaces.ts";
import { createMemoryStore, type MemoryStore } from "../../src/core/channels/memory-store.ts";
import type { Snapshot } from "../../src/core/channels/snapshot.ts";
import { Refusal } from "../../src/core/refusal.ts";
import { realSystem } from "../../src/sys/system.ts";
import { scratch } from "../kit/scratch.ts";
import { type Operation, operations } from "./arbitraries.ts";
import { type Clock, noon } from "./lab.ts";

const folder = scratch("hcom-merge-");
const bus = openBus({ ...realSystem(), env: { HCOM_DIR: folder } });
afterAll(() => {
  bus.db.close();
  rmSync(folder, { recursive: true });
});

let spaces = 0;
const freshSpace = () => `space-${++spaces}`;

const fixtures = join(import.meta.dir, "../../src/acomm/fixtures");

describe("through the bus and back", () => {
  for (const name of readdirSync(fixtures).filter((one) => one.endsWith(".acomm"))) {
    test(`${name} is what it was`, () => {
      const answer = readDocument(readFileSync(join(fixtures, name)));
      if (answer.kind === "refused") throw new Error(answer.reason);
      const space = freshSpace();
      importSnapshot(bus, space, answer.snapshot, name);
      const out = exportSpace(bus, space);
      expect(out).toEqual(withoutBytes(answer.snapshot));
      expect(readDocument(writeDocument(out))).toEqual(answer);
    });
  }
});

function withoutBytes(snapshot: Snapshot): Snapshot {
  const copy = structuredClone(snapshot);
  for (const kept of [...copy.channels, ...copy.messages, ...copy.subscriptions]) {
    delete kept.bytes;
  }
  return copy;
}

test("both ways of merging end in the same document", () => {
  const history = operations(false);
  fc.assert(
    fc.property(history, history, history, (common, ours, theirs) => {
      const shared = grown(undefined, { now: noon }, common);
      const own = grown(shared.snapshot(), { now: noon + 5000 }, ours).snapshot();
      const from = grown(shared.snapshot(), { now: noon + 6000 }, theirs).snapshot();
      const space = freshSpace();
      importSnapshot(bus, space, own, "own");
      const report = importSnapshot(bus, space, from, "from");
      const { snapshot, ...tallies } = merged(own, from);
      expect(report).toEqual(tallies);
      expect(exportSpace(bus, space)).toEqual(withoutBytes(snapshot));
      importSnapshot(bus, space, from, "again");
      expect(exportSpace(bus, space)).toEqual(withoutBytes(snapshot));
    }),
    { numRuns: 200 },
  );
}, 240_000);

function grown(from: Snapshot | undefined, clock: Clock, all: readonly Operation[]): MemoryStore {
  const sha256 = (text: string) => new Bun.SHA256().update(text).digest("hex");
  const store = createMemoryStore({ now: () => clock.now, sha256 }, from);
  for (const { later, act } of all) {
    clock.now += later;
    try {
      act(store);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return store;
}
