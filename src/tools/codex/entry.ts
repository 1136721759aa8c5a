// What the registry has of this program: who it is, at once, and the rest when it is asked for.
// Each by its name: as a namespace the bundler would give every start a getter for each of them.
import {
  actionHooks,
  aliases,
  hooks,
  mailHooks,
  markers,
  name,
  restartsItself,
  sessionEndHook,
  sessionOf,
} from "./identity.ts";

export const codex = {
  name,
  aliases,
  markers,
  restartsItself,
  hooks,
  mailHooks,
  actionHooks,
  sessionEndHook,
  sessionOf,
  load: async () => (await import("./tool.ts")).codex,
};
