// The live store as the doors use it: what is said in it reaches the agents who listen.
import type { CommStore } from "../../core/channels/comm-store.ts";
import { findInstance } from "../agents/identity.ts";
import type { Bus } from "../bus.ts";
import { announce } from "./announce.ts";
import { checkMember, checkRoom } from "./live/good-names.ts";
import { openLiveStore } from "./live-store.ts";

export function liveStore(bus: Bus, space: string): CommStore {
  return openLiveStore(bus, space, {
    announce: (post) => announce(bus, post),
    names: {
      checkRoom: (key, name) => checkRoom(bus, key, name),
      checkMember: (name) => checkMember(bus, name),
    },
    principalOf: (participant) => findInstance(bus, participant)?.principal,
  });
}
