// What `hcom events sub` takes besides filters: help knows it, and only that loads the rest.
import type { Flag } from "../../cli/command.ts";

export const subscriptionFlags: readonly Flag[] = [
  { name: "once", about: "with sub: only the first match" },
  { name: "on-hit", value: "TEXT", about: "with sub: say this in your name at each match" },
  { name: "for", value: "NAME", about: "with sub: tell that agent instead of you" },
  { name: "as", value: "NAME", about: "with sub: for somebody outside hcom" },
  { name: "bigboss", short: "b", about: "with sub: tell the person" },
];
