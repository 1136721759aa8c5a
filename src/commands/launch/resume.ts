// hcom resume: see take-up.ts.
import type { Command } from "../../cli/command.ts";
import { wantsJson } from "../../launch/grammar.ts";
import { launchFlags } from "../../launch/words.ts";
import { takeUp } from "./take-up.ts";

const command: Command = {
  name: "resume",
  aliases: ["r"],
  group: "agents",
  summary: "start a stopped agent again: same name, conversation and mail",
  usage: ["resume NAME|SESSION|TITLE [flags] [the tool's own arguments]"],
  flags: launchFlags,
  isRaw: true,
  wantsJson,
  examples: ["hcom r luna", 'hcom r "Billing work" --headless', "hcom r luna --dir ~/moved/here"],
  exits: {
    0: "ready; in this terminal: the tool's own",
    1: "failed, or it still runs",
    2: "wrong usage, or still starting or asking its person",
    3: "no such agent, session or title",
  },
  run: (call) => takeUp(call, command, "resume"),
};
export default command;
