// The live store as the doors use it: what is said in it reaches the agents who listen.
import type { CommStore } from "../../core/channels/comm-store.ts";
import { findInstance } from "../agents/identity.ts";
import type { Bus } from "../bus.ts";
import { poke } from "../mail/waking/poke.ts";
import { announce } from "./announce.ts";
import { checkMember, checkRoom } from "./live/good-names.ts";
import { openLiveStore } from "./live-store.ts";

export interface LiveForAgents {
  store: CommStore;
  /** Once it is committed: wakes who listens, if anything was said since the last time. */
  wake(): Promise<void>;
}

export function liveForAgents(bus: Bus, space: string): LiveForAgents {
  let isSaid = false;
  const store = openLiveStore(bus, space, {
    announce(post) {
      isSaid = true;
      return announce(bus, post);
    },
    names: {
      checkRoom: (key, name) => checkRoom(bus, key, name),
      checkMember: (name) => checkMember(bus, name),
    },
    principalOf: (participant) => findInstance(bus, participant)?.principal,
  });
  return {
    store,
    async wake() {
      if (isSaid) await poke(bus);
      isSaid = false;
    },
  };
}
