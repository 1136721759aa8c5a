// The live store as a program sees it that says itself who acts: one whose session is known is
// believed nothing but its own name, one inside an agent tool no agent's and not the human's.
import type { CommStore } from "../../core/channels/comm-store.ts";
import { human } from "../../core/instance.ts";
import { Refusal } from "../../core/refusal.ts";
import { checkActsFor, findInstance, isInsideTool, whoAmI } from "../agents/identity.ts";
import type { Bus } from "../bus.ts";

/** What `acomm` calls a sender that was not named. */
const nobody: ReadonlySet<string> = new Set(["cli-user", "cli-hook"]);

export function asCaller(bus: Bus, store: CommStore): CommStore {
  const actor = (name: string) => actorOn(bus, name);
  return {
    ...store,
    sendMessage: (draft) => store.sendMessage({ ...draft, sender: actor(draft.sender) }),
    broadcast: (draft) => store.broadcast({ ...draft, sender: actor(draft.sender) }),
    publish: (draft) => store.publish({ ...draft, sender: actor(draft.sender) }),
    joinChannel: (channelId, participant) => store.joinChannel(channelId, actor(participant)),
    leaveChannel: (channelId, participant) => store.leaveChannel(channelId, actor(participant)),
    subscribe: (topic, subscriber) => store.subscribe(topic, actor(subscriber)),
    acknowledgeMessage: (messageId, recipient) =>
      store.acknowledgeMessage(messageId, actor(recipient)),
  };
}

function actorOn(bus: Bus, name: string): string {
  const identity = whoAmI(bus, {});
  if (identity.kind === "instance") {
    const isSelf = nobody.has(name) || findInstance(bus, name)?.name === identity.name;
    if (isSelf) return identity.name;
    throw notYou(`you are ${identity.name}, not ${name}`);
  }
  if (!isInsideTool(bus)) return name;
  checkActsFor(bus, {}, name);
  if (name.normalize("NFKC").trim().toLowerCase() === human) {
    throw notYou(`${human} is the person, who speaks from a shell of their own`);
  }
  return name;
}

function notYou(message: string): Refusal {
  return new Refusal({ code: "not_you", message, hint: "leave the name out" });
}
