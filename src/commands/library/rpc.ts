// hcom rpc: what the library asks; nobody else.
import { serveLibrary } from "../../api/served/serve.ts";
import type { Call, Command } from "../../cli/command.ts";

const command: Command = {
  name: "rpc",
  group: "internal",
  summary: "answer the calls of a program that uses the library",
  usage: ["rpc"],
  flags: [],
  mostWords: 0,
  isHidden: true,
  run: (call: Call) => serveLibrary(call.system),
};
export default command;
