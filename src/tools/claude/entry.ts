// What the registry has of this program: who it is, at once, and the rest when it is asked for.
import * as identity from "./identity.ts";

export const claude = { ...identity, load: async () => (await import("./tool.ts")).claude };
