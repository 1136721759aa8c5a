// hcom fork: see take-up.ts.
import type { Command } from "../../cli/command.ts";
import { wantsJson } from "../../launch/grammar.ts";
import { launchFlags } from "../../launch/words.ts";
import { takeUp } from "./take-up.ts";

const command: Command = {
  name: "fork",
  aliases: ["f"],
  group: "agents",
  summary: "start another agent that knows what this one knows",
  usage: ["fork [N] NAME|SESSION|TITLE [flags] [the tool's own arguments]"],
  flags: launchFlags,
  isRaw: true,
  wantsJson,
  examples: ["hcom f luna", "hcom fork 2 luna --tag try"],
  exits: {
    0: "ready; in this terminal: the tool's own",
    1: "failed",
    2: "wrong usage, or still starting or asking its person",
    3: "no such agent, session or title",
  },
  run: (call) => takeUp(call, command, "fork"),
};
export default command;
