// What can be done about the group of machines: make one, join one, be out of it for a while, give
// its token to others.
import type { Action } from "./keys/keys.ts";
import { calm, confirming, noticed, type State, type Updated } from "./state.ts";
import { askBroker, askToken } from "./typing/asking.ts";

export function relayCommand(state: State, action: Action): Updated | undefined {
  const { relay } = state.world;
  const isInGroup = relay?.isInGroup === true;
  switch (action) {
    case "relay-new":
      if (isInGroup) return calm(noticed(state, "this machine is in a group", "warn"));
      return calm(askBroker(state));
    case "relay-join":
      if (isInGroup) return calm(noticed(state, "this machine is in a group", "warn"));
      return calm(askToken(state));
    case "relay-switch": {
      if (!isInGroup) return calm(noticed(state, "this machine is in no group", "warn"));
      const word = relay.isEnabled ? "off" : "on";
      return { state, effects: [{ kind: "run", label: `relay ${word}`, argv: ["relay", word] }] };
    }
    case "relay-token":
      if (!isInGroup) return calm(noticed(state, "this machine is in no group", "warn"));
      return confirming(
        state,
        ["Copy the token of the group? Whoever has it can join, read and write."],
        [{ kind: "copy-token" }],
      );
    default:
      return undefined;
  }
}
