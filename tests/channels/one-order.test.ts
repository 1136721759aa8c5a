// Documents of ours as programs see them that know only the time of a message: they sort by it
// alone, from whatever order a hash map gives them, and must all see one order, which is ours.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { readDocument } from "../../src/acomm/read-document.ts";
import { writeDocument } from "../../src/acomm/write-document.ts";
import { createMemoryStore } from "../../src/core/channels/memory-store.ts";
import { headForm, seedForm } from "../../src/core/channels/snapshot.ts";
import { nanosOf } from "../../src/core/channels/timestamp.ts";
import { operations } from "./arbitraries.ts";
import { noon } from "./lab.ts";

test("500 random stores, read sorted by time alone, have one order", () => {
  const form = fc.constantFrom(seedForm, headForm);
  const shuffle = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(operations(false), form, shuffle, (all, asForm, random) => {
      const clock = { now: noon };
      const store = createMemoryStore({ now: () => clock.now, sha256: () => "" });
      for (const { act } of all) {
        // Most within a millisecond, some while the clock goes back.
        clock.now += [0, 0, 0, 1, -5][all.length % 5] ?? 0;
        try {
          act(store);
        } catch {
          // What is refused leaves no message.
        }
      }
      const found = readDocument(writeDocument(store.snapshot(), asForm));
      if (found.kind !== "document") throw new Error(found.reason);
      const records = found.snapshot.messages.map((kept) => kept.record);
      const mixed = records.map((record) => ({ record, at: random.next().value ?? 0 }));
      mixed.sort((a, b) => a.at - b.at);
      const byTime = mixed
        .map(({ record }) => record)
        .sort((a, b) => (nanosOf(a.timestamp)! < nanosOf(b.timestamp)! ? -1 : 1));
      const byText = mixed
        .map(({ record }) => record)
        .sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
      const ids = records.map((one) => one.id).sort((a, b) => a - b);
      expect(byTime.map((one) => one.id)).toEqual(ids);
      expect(byText.map((one) => one.id)).toEqual(ids);
    }),
    { numRuns: 500 },
  );
}, 120_000);
