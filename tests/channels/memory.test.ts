// The memory under the contract of all stores; and a memory that becomes a snapshot and a new
// store after every operation, as a document does between two commands.
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { createMemoryStore, type MemoryStore } from "../../src/core/channels/memory-store.ts";
import { checkContract } from "./contract.ts";
import type { Clock } from "./lab.ts";
import { checkSameness } from "./sameness.ts";

function inMemory(clock: Clock): MemoryStore {
  return createMemoryStore(depsOf(clock));
}

function depsOf(clock: Clock) {
  return {
    now: () => clock.now,
    sha256: (text: string) => new Bun.SHA256().update(text).digest("hex"),
    endsByItself: true,
  };
}

/** The store that each operation gets is made from the snapshot of the one before. */
function reopened(
  clock: Clock,
  between: (store: MemoryStore) => void = () => undefined,
): CommStore {
  let current = inMemory(clock);
  const operation = <Name extends keyof CommStore>(name: Name): CommStore[Name] => {
    const run = (...given: unknown[]) => {
      between(current);
      current = createMemoryStore(depsOf(clock), current.snapshot());
      return Reflect.apply(current[name], current, given);
    };
    return run as CommStore[Name];
  };
  return Object.fromEntries(
    (Object.keys(current) as (keyof CommStore)[]).map((name) => [name, operation(name)]),
  ) as unknown as CommStore;
}

checkContract("a store in memory", inMemory);
checkSameness("a store in memory and one that is reopened all the time", inMemory, reopened);
checkSameness(
  "a store in memory and one whose messages expire at once",
  inMemory,
  (clock) => reopened(clock, (store) => store.expireMessages()),
  100,
);
