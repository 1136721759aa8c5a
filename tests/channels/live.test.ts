// The live store under the contract of all stores, and side by side with the memory under the same
// operations. Each store is a space of its own in one database, as documents beside agents are.

import { afterAll } from "bun:test";
import { rmSync } from "node:fs";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { openLiveStore } from "../../src/bus/channels/live-store.ts";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { createMemoryStore } from "../../src/core/channels/memory-store.ts";
import { realSystem } from "../../src/sys/system.ts";
import { scratch } from "../kit/scratch.ts";
import { checkContract } from "./contract.ts";
import type { Clock } from "./lab.ts";
import { checkSameness } from "./sameness.ts";

const folder = scratch("hcom-live-");
const system = { ...realSystem(), env: { HCOM_DIR: folder } };
const bus = openBus(system);
afterAll(() => {
  bus.db.close();
  rmSync(folder, { recursive: true });
});

let spaces = 0;

function live(clock: Clock): CommStore {
  const own: Bus = { ...bus, system: { ...system, now: () => clock.now } };
  return openLiveStore(own, `space-${++spaces}`);
}

function inMemory(clock: Clock): CommStore {
  return createMemoryStore({
    now: () => clock.now,
    sha256: (text) => new Bun.SHA256().update(text).digest("hex"),
    endsByItself: true,
  });
}

/** How often the properties are tried; more by hand. */
const runs = Number(process.env["CHANNEL_RUNS"] ?? 200);

checkContract("the live store", live, runs);
checkSameness("a store in memory and the live one", inMemory, live, runs);
