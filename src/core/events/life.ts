// A step in the life of an instance or of the device: created, ready, stopped and so on.
import {
  asList,
  asNumber,
  asObject,
  asText,
  isObject,
  type JsonObject,
  parseJson,
} from "../json.ts";

export const lifeActions = [
  "created",
  "started",
  "ready",
  "stopped",
  "batch_launched",
  "launch_failed",
  "launch_blocked",
  "reset",
  "renamed",
] as const;
export type LifeAction = (typeof lifeActions)[number];

export interface LifeData {
  action: LifeAction;
  by?: string;
  reason?: string;
  /** What a stopped instance was, enough to resume it: see `AgentSnapshot`. */
  snapshot?: AgentSnapshot;
  /** A stopped placeholder: its name stays reusable. */
  placeholder?: true;
  /** It was asked one thing and ended with its answer. */
  one_shot?: true;
  [key: string]: unknown;
}

/** The row of a stopped instance as kept in its `stopped` event. */
export interface AgentSnapshot {
  name: string;
  principal?: string | null;
  transcript_path: string;
  session_id: string | null;
  tool: string;
  directory: string | null;
  parent_name: string | null;
  parent_session_id: string | null;
  tag: string | null;
  wait_timeout: number | null;
  subagent_timeout: number | null;
  hints: string;
  pid: number | null;
  created_at: number;
  last_seen: number;
  background: number;
  agent_id: string | null;
  name_announced: number;
  launch_args: string;
  origin_device_id: string;
  background_log_file: string;
  last_event_id: number;
  /** What it had asked to be told of, as it is kept. */
  subscriptions?: JsonObject[];
}

/**
 * The snapshot in a `stopped` event, if it is usable. Other programs of this name leave out fields
 * (the name, too: it is that of the event) and write null where we have a word.
 */
export function snapshotIn(row: { instance: string; data: string } | undefined) {
  const life = asObject(row === undefined ? undefined : parseJson(row.data));
  const found = life["snapshot"];
  const tool = isObject(found) ? asText(found["tool"]) : undefined;
  if (row === undefined || life["placeholder"] === true || !isObject(found) || !tool) {
    return undefined;
  }
  const text = (key: string) => asText(found[key]) ?? "";
  const textOrNull = (key: string) => asText(found[key]) ?? null;
  const number = (key: string) => asNumber(found[key]) ?? 0;
  const numberOrNull = (key: string) => asNumber(found[key]) ?? null;
  const snapshot: AgentSnapshot = {
    // One of another device tells its name there.
    name: row.instance.includes(":") ? row.instance : text("name") || row.instance,
    principal: textOrNull("principal"),
    transcript_path: text("transcript_path"),
    session_id: textOrNull("session_id"),
    tool,
    directory: textOrNull("directory"),
    parent_name: textOrNull("parent_name"),
    parent_session_id: textOrNull("parent_session_id"),
    tag: textOrNull("tag"),
    wait_timeout: numberOrNull("wait_timeout"),
    subagent_timeout: numberOrNull("subagent_timeout"),
    hints: text("hints"),
    pid: numberOrNull("pid"),
    created_at: number("created_at"),
    last_seen: number("last_seen"),
    background: number("background"),
    agent_id: textOrNull("agent_id"),
    name_announced: number("name_announced"),
    launch_args: text("launch_args"),
    origin_device_id: text("origin_device_id"),
    background_log_file: text("background_log_file"),
    last_event_id: number("last_event_id"),
  };
  const subscriptions = asList(found["subscriptions"]).filter(isObject);
  return subscriptions.length === 0 ? snapshot : { ...snapshot, subscriptions };
}
