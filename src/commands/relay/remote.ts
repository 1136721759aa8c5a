// Commands that are about an agent on another device: asked there, printed here.
import { openBus } from "../../bus/bus.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { asList, asObject, asText, asTexts, parseJson } from "../../core/json.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { type RemoteOrder, remoteOrder } from "../../core/relay/remote-order.ts";
import { callDevice } from "../../relay/call-device.ts";
import { toolNameOf } from "../../tools/index.ts";

const command: Command = {
  name: "remote",
  group: "internal",
  summary: "do something on another device",
  usage: ["COMMAND NAME:DEVICE ..."],
  flags: [],
  isRaw: true,
  wantsJson: (argv) => argv.includes("--json"),
  isHidden: true,
  run: runRemote,
};
export default command;

async function runRemote(call: Call): Promise<number> {
  const order = remoteOrder(call.argv, (word) => toolNameOf(word) !== undefined);
  if (order === undefined) throw usageError(command, "no agent of another device is named");
  if ("problem" in order) {
    throw new Refusal({ code: "usage", exit: exitCode.usage, message: order.problem });
  }
  using bus = openBus(call.system, { writer: "remote" });
  const result = await callDevice(bus, order);
  print(call, order, result);
  return exitCode.ok;
}

function print(call: Call, order: RemoteOrder, result: Record<string, unknown>): void {
  const { out } = call;
  const content = asText(result["content"]);
  if (content !== undefined) {
    const isJson = order.params["json"] === true;
    if (isJson) out.json(parseJson(content) ?? content);
    else out.line(content.replace(/\n$/, ""));
  } else if (call.argv.includes("--json")) out.json(result);
  else for (const line of linesOf(order, result)) out.line(line);
}

function linesOf(order: RemoteOrder, result: Record<string, unknown>): string[] {
  const { device, action } = order;
  switch (action) {
    case "kill":
      return [`${asText(result["target"])}:${device}: ${asText(result["kill_result"]) ?? "done"}`];
    case "launch":
    case "resume": {
      const names = asList(result["handles"]).map((one) => asText(asObject(one)["instance_name"]));
      const errors = asTexts(result["errors"]);
      const started = names.map((name) => `${name}:${device}`).join(" ");
      return [...(names.length > 0 ? [`Started on ${device}: ${started}`] : []), ...errors];
    }
    case "term_inject":
      return [asText(result["message"]) ?? "typed"];
    default:
      return Object.entries(result).map(([key, value]) => `${key}: ${shown(value)}`);
  }
}

function shown(value: unknown): string {
  if (value === null || value === "") return "(not set)";
  return typeof value === "string" ? value : JSON.stringify(value);
}
