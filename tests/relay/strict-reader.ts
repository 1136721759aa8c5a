// Reads what a device publishes as the strictest program of the group would: every field that the
// wire asks for, with its type, and nothing that breaks another's log. Returns what is wrong.
import { isObject, parseJson } from "../../src/core/json.ts";

/** What another device remembers of the one that it listens to. */
export interface Listener {
  /** The highest event it has had. */
  head: number;
  /** It takes a highest number that sinks for a log that began anew, and throws all of it away. */
  isOlder: boolean;
}

/** Programs of the group take 131,072 bytes with topic and envelope around the text. */
const mostBytes = 120_000;

const isText = (value: unknown) => typeof value === "string";
const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const isWhole = (value: unknown) => Number.isSafeInteger(value);
const isFlag = (value: unknown) => typeof value === "boolean";
const orNull = (is: (value: unknown) => boolean) => (value: unknown) => value === null || is(value);
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

const stateFields: Fields = {
  short_id: (value) => isText(value) && /^[A-Z0-9]{2,12}$/.test(String(value)),
  reset_ts: isNumber,
  capabilities: isTexts,
  instances: isObject,
};

const agentFields: Fields = {
  enabled: (value) => value === true,
  status: isText,
  context: isText,
  detail: isText,
  status_time: isNumber,
  parent: orNull(isText),
  directory: orNull(isText),
  transcript: orNull(isText),
  wait_timeout: isWhole,
  last_stop: isNumber,
  tcp_mode: isFlag,
  tag: orNull(isText),
  tool: isText,
  background: isFlag,
};

const eventFields: Fields = {
  id: (value) => isWhole(value) && Number(value) > 0,
  ts: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/.test(String(value)),
  type: (value) => isText(value) && value !== "control",
  instance: (value) => isText(value) && !/:|^_device$|^sys_/.test(String(value)),
  data: isObject,
};

const messageFields: Fields = {
  from: (value) => isText(value) && value !== "" && !String(value).includes(":"),
  sender_kind: (value) => value === "instance" || value === "external",
  scope: (value) => value === "broadcast" || value === "mentions",
  text: isText,
  delivered_to: isTexts,
};

const optionalOfMessages: Fields = {
  mentions: isTexts,
  reply_to: isText,
  reply_to_local: isWhole,
  thread: isText,
  intent: (value) => ["request", "inform", "ack"].includes(String(value)),
  bundle_id: isText,
};

export function faultsOfState(text: string, listener: Listener): string[] {
  const faults: string[] = [];
  if (Buffer.byteLength(text) > mostBytes) faults.push(`${Buffer.byteLength(text)} bytes`);
  if (!text.isWellFormed()) faults.push("half a character");
  const payload = parseJson(text);
  if (!isObject(payload) || Object.keys(payload).join() !== "state,events")
    return ["is not state and events"];
  const { state, events } = payload;
  if (!Array.isArray(events)) return ["events is no array"];
  if (state === null) return events.length === 0 ? faults : ["a farewell with events"];
  if (!isObject(state)) return ["state is no object"];
  faults.push(...wrong("state", state, stateFields));
  for (const [base, agent] of Object.entries(
    isObject(state["instances"]) ? state["instances"] : {},
  )) {
    if (/^_|^sys_|:/.test(base)) faults.push(`agent ${base} is not to be shown`);
    faults.push(...(isObject(agent) ? wrong(base, agent, agentFields) : [`${base} is no object`]));
  }
  let last = 0;
  for (const event of events) {
    if (!isObject(event)) return [...faults, "an event is no object"];
    faults.push(...faultsOfEvent(event));
    if (Number(event["id"]) <= last) faults.push(`event ${event["id"]} behind ${last}`);
    last = Number(event["id"]);
  }
  if (listener.isOlder && last > 0 && last < listener.head)
    faults.push(`highest event ${last} after ${listener.head}`);
  listener.head = Math.max(listener.head, last);
  return faults;
}

function faultsOfEvent(event: Record<string, unknown>): string[] {
  const name = `event ${event["id"]}`;
  const faults = wrong(name, event, eventFields);
  const data = isObject(event["data"]) ? event["data"] : {};
  if ("_relay" in data) faults.push(`${name} is of another device`);
  if (event["type"] === "life" && /^relay_device_/.test(String(data["action"])))
    faults.push(`${name} tells others who comes and goes`);
  if (event["type"] !== "message" || "_relay_truncated" in data) return faults;
  faults.push(...wrong(name, data, messageFields));
  const given = Object.entries(optionalOfMessages).filter(([key]) => data[key] !== undefined);
  return [...faults, ...wrong(name, data, Object.fromEntries(given))];
}

export function faultsOfRequest(text: string): string[] {
  const payload = parseJson(text);
  if (!isObject(payload) || !isText(payload["from_device"])) return ["no from_device"];
  const events = Array.isArray(payload["events"]) ? payload["events"] : [];
  if (events.length === 0) return ["no request in it"];
  return events.flatMap((event) =>
    isObject(event) && isObject(event["data"])
      ? [
          ...wrong("request", event, {
            ts: isNumber,
            type: (value) => value === "control",
            instance: (value) => value === "_control",
          }),
          ...wrong("request", event["data"], {
            action: isText,
            target_device: (value) => /^[A-Z0-9]{2,12}$/.test(String(value)),
            from: (value) => /^_:[A-Z0-9]{2,12}$/.test(String(value)),
            from_device: (value) => value === payload["from_device"],
            params: isObject,
          }),
        ]
      : ["a request is no object"],
  );
}

function wrong(name: string, of: Record<string, unknown>, fields: Fields): string[] {
  const bad = Object.entries(fields).filter(([key, isRight]) => !isRight(of[key]));
  return bad.map(([key]) => `${name}: ${key} is ${JSON.stringify(of[key])?.slice(0, 80)}`);
}
