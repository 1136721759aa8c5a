// hcom events --device: the log of another device, asked there and printed as ours is.
import type { Bus } from "../../bus/bus.ts";
import type { EventFilters } from "../../bus/log/events.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import type { EventRow } from "../../core/event.ts";
import { asList, asNumber, asObject, asText } from "../../core/json.ts";
import { exitCode } from "../../core/refusal.ts";
import { remoteOrder } from "../../core/relay/remote-order.ts";
import { callDevice } from "../../relay/call-device.ts";
import { isForPeople, printEvents } from "./print.ts";

/** What is asked once there cannot wait, follow or look into what is laid aside. */
const here = ["wait", "follow", "after-id", "all", "search", "timeout"] as const;

export async function printRemote(
  call: Call,
  bus: Bus,
  { command, filters }: { command: Command; filters: EventFilters },
): Promise<number> {
  if (!call.flags.has("device")) {
    throw usageError(command, "--remote-fetch needs --device", "which there are: hcom relay");
  }
  const unfit = here.find((name) => call.flags.has(name));
  if (unfit !== undefined) throw usageError(command, `--${unfit} is about the log here`);
  const order = remoteOrder(["events", ...call.argv], () => false);
  if (order === undefined) throw usageError(command, "--device names none");
  if ("problem" in order) throw usageError(command, order.problem);
  const result = await callDevice(bus, order);
  const shownAs = (name: string) => (isForPeople(call) ? `${name}:${order.device}` : name);
  // The answer has the newest first, so that the oldest are what is cut from it.
  const rows = asList(result["events"])
    .toReversed()
    .map((event) => rowOf(event, shownAs));
  printEvents(call, bus, { rows, filters });
  if (result["truncated"] === true) {
    call.out.note(`[the newest ${rows.length}: older ones did not fit into one answer]`);
  }
  return exitCode.ok;
}

function rowOf(event: unknown, shownAs: (name: string) => string): EventRow {
  const found = asObject(event);
  return {
    id: asNumber(found["id"]) ?? 0,
    timestamp: asText(found["ts"]) ?? "",
    type: asText(found["type"]) ?? "",
    instance: shownAs(asText(found["instance"]) ?? ""),
    data: JSON.stringify(asObject(found["data"])),
  };
}
