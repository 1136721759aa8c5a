// hcom relay-worker: the process that talks to the broker; started by the relay itself.
import { openBus } from "../../bus/bus.ts";
import type { Call, Command } from "../../cli/command.ts";

const command: Command = {
  name: "relay-worker",
  group: "internal",
  summary: "carry what happens here to the other devices of the group",
  usage: ["relay-worker"],
  flags: [],
  mostWords: 0,
  isHidden: true,
  run: work,
};
export default command;

async function work(call: Call): Promise<number> {
  const { runWorker } = await import("../../relay/worker/worker.ts");
  using bus = openBus(call.system, { writer: "relay", repairModes: true });
  return await runWorker(bus);
}
