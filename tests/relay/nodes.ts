// Devices of a group without a network: what one would publish is handed to another one as it is.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { readState } from "../../src/core/relay/payload.ts";
import {
  beginSharing,
  nextPush,
  notePushed,
  type Push,
  type PushWish,
} from "../../src/relay/worker/publish.ts";
import { receive } from "../../src/relay/worker/receive.ts";
import { insertInstance } from "../../src/store/instances.ts";
import { realSystem } from "../../src/sys/system.ts";
import { plainEnv } from "../process/lab.ts";

export interface Node extends Disposable {
  bus: Bus;
  self: { uuid: string; short: string };
  /** Devices that are to be told how far their receipts came. */
  owed: Set<string>;
  agent(name: string): void;
}

export function node(dir: string, nth: number): Node {
  const home = join(dir, String(nth));
  mkdirSync(home);
  const bus = openBus({ ...realSystem(), env: plainEnv(home), home, log: () => {} });
  const uuid = `${nth}1111111-1111-4111-8111-111111111111`;
  beginSharing(bus, true);
  return {
    bus,
    self: { uuid, short: `DEV${nth}` },
    owed: new Set(),
    agent: (name) =>
      insertInstance(bus.db, {
        name,
        created_at: 1,
        principal: `${name}-${nth}`,
        status: "active",
      }),
    [Symbol.dispose]: () => bus[Symbol.dispose](),
  };
}

export function publish(from: Node, wish: Partial<PushWish> = {}): Push {
  const { bus, self, owed } = from;
  const push = nextPush(bus, self, { capabilities: [], budget: 90_000, scanned: 0, owed, ...wish });
  notePushed(bus, push);
  return push;
}

export function hear(to: Node, from: Node, { text }: Pick<Push, "text">): void {
  const payload = readState(text);
  if (payload.kind !== "state") throw new Error(`no state: ${text}`);
  const seconds = Math.floor(Date.now() / 1000);
  receive(to.bus, to.self, { ...payload, device: from.self.uuid, seconds });
  if (payload.state.ledger?.receipts[to.self.uuid] !== undefined) to.owed.add(from.self.uuid);
}

/** Everything that they have to say to each other. */
export function exchange(...all: Node[]): void {
  for (let round = 0; round < 3; round++) {
    for (const from of all) {
      for (let isAll = false; !isAll; ) {
        const push = publish(from);
        isAll = push.isAll;
        for (const to of all) if (to !== from) hear(to, from, push);
      }
    }
  }
}
