// Requests to another device over the topic that all of them hear: one is meant, by its short id.
import { asList, asNumber, asObject, asText, isObject, parseJson } from "../json.ts";
import { isUuid } from "./token.ts";

export interface Request {
  /** Absent: nobody waits for an answer. */
  id: string | undefined;
  action: string;
  /** Short id of who is asked. */
  target: string;
  /** Uuid of who asks. */
  device: string;
  /** Seconds of the asker's clock, never twice the same. */
  at: number;
  params: Readonly<Record<string, unknown>>;
}

export function requestJson(request: Request & { short: string }): string {
  const { id, action, target, device, at, params, short } = request;
  const data = {
    action,
    target_device: target,
    from: `_:${short}`,
    from_device: device,
    ...(id === undefined ? {} : { request_id: id }),
    params,
  };
  const event = { ts: at, type: "control", instance: "_control", data };
  return JSON.stringify({ from_device: device, events: [event] });
}

/** All that stand in one publish; what is none of them is left out. */
export function readRequests(text: string): Request[] {
  const parsed = parseJson(text);
  if (!isObject(parsed)) return [];
  const events = parsed["type"] === "control" ? [parsed] : asList(parsed["events"]);
  const sender = asText(parsed["from_device"]);
  return events.flatMap((one) => readRequest(asObject(one), sender) ?? []);
}

function readRequest(
  event: Record<string, unknown>,
  sender: string | undefined,
): Request | undefined {
  if (event["type"] !== "control" || !isObject(event["data"])) return undefined;
  const data = event["data"];
  const device = asText(data["from_device"]) ?? sender;
  const action = asText(data["action"]);
  const target = asText(data["target_device"])?.toUpperCase();
  if (device === undefined || !isUuid(device) || action === undefined || target === undefined) {
    return undefined;
  }
  const id = asText(data["request_id"]);
  if (action.length > 64 || (id !== undefined && id.length > 64)) return undefined;
  const params = isObject(data["params"]) ? data["params"] : { target: data["target"] };
  return { id, action, target, device, at: asNumber(event["ts"]) ?? 0, params };
}
