// An instance: one participant row. Column names are those of earlier programs of this name, so
// that user SQL keeps working; ours is `principal`.
import { asNumber, asObject, asText, asTexts, isObject, parseJson } from "./json.ts";
import type { Status } from "./status.ts";

export interface Instance {
  /** Base name (`luna`), subagent (`luna_explore_1`) or remote (`luna:BOXE`). */
  name: string;
  session_id: string | null;
  parent_session_id: string | null;
  parent_name: string | null;
  tag: string | null;
  /** Read cursor: the last event id that was handed over. */
  last_event_id: number;
  status: Status;
  /** Epoch seconds of the last status change. */
  status_time: number;
  /** Epoch seconds of the last activity. */
  last_seen: number;
  status_context: string;
  status_detail: string;
  /** Heartbeat: epoch seconds of the last turn of a waiting loop. */
  last_stop: number;
  directory: string | null;
  /** Epoch seconds, fractional. */
  created_at: number;
  transcript_path: string;
  /** 1 once a heartbeat came from a loop that can be woken. */
  tcp_mode: number;
  wait_timeout: number | null;
  background: number;
  background_log_file: string;
  /** 1 once the bootstrap text was given. */
  name_announced: number;
  agent_id: string | null;
  running_tasks: string;
  /** Non-empty: a mirrored instance of another device. */
  origin_device_id: string;
  hints: string;
  subagent_timeout: number | null;
  tool: string;
  /** JSON array, for resume. */
  launch_args: string;
  terminal_preset_requested: string;
  terminal_preset_effective: string;
  idle_since: string;
  /** Process group leader of the wrapped tool. */
  pid: number | null;
  /** JSON, see `LaunchContext`. */
  launch_context: string;
  /** The lasting identity behind this row: survives resume, rename, restart. */
  principal: string;
}

export interface LaunchContext {
  git_branch?: string;
  tty?: string;
  env?: Record<string, string>;
  terminal_preset_effective?: string;
  pane_id?: string;
  process_id?: string;
  /** Which agents were launched together. */
  batch_id?: string;
  terminal_id?: string;
  kitty_listen_on?: string;
  /** The words that close its pane, with places in them. */
  close_pane?: string[];
  /** Start time of `pid` in clock ticks since boot: a reused pid is not ours. */
  pid_start?: string;
  /** The tool's own version, as it told at launch. */
  tool_version?: string;
  /** Pid of the wrapper process and its start time. */
  wrapper_pid?: number;
  wrapper_start?: string;
  /** Pid of the tool itself, as its hooks tell it. */
  tool_pid?: number;
  /** Where these pids are valid. */
  pid_namespace?: string;
  /** Unix socket of the wrapper for `term` and `term inject`. */
  control_socket?: string;
  /** Directory of the tool's own configuration, as the tool was launched with. */
  config_dir?: string;
  /** Does the session ask its person before it acts? `asked` or `bypassed`. */
  permissions?: string;
  /** "1": the session was told at its start to watch its bell file. */
  bell?: string;
}

const texts = [
  ...(["git_branch", "tty", "terminal_preset_effective", "pane_id", "process_id"] as const),
  ...(["terminal_id", "kitty_listen_on", "pid_start", "tool_version", "wrapper_start"] as const),
  ...(["pid_namespace", "control_socket", "config_dir", "permissions", "bell"] as const),
  "batch_id" as const,
];

/** What is known about the launch behind a row. Fields of another type count as absent. */
export function launchContextOf(row: Pick<Instance, "launch_context">): LaunchContext {
  const found = asObject(parseJson(row.launch_context));
  const context: LaunchContext = {};
  for (const key of texts) {
    const value = asText(found[key]);
    if (value !== undefined) context[key] = value;
  }
  for (const key of ["wrapper_pid", "tool_pid"] as const) {
    const value = asNumber(found[key]);
    if (value !== undefined) context[key] = value;
  }
  if (Array.isArray(found["close_pane"])) context.close_pane = asTexts(found["close_pane"]);
  if (isObject(found["env"])) context.env = textsIn(found["env"]);
  return context;
}

/** Did our own process become the program? Nobody could say goodbye for it. */
export function isOneShot(row: Pick<Instance, "launch_context" | "pid">): boolean {
  return row.pid !== null && launchContextOf(row).wrapper_pid === row.pid;
}

function textsIn(env: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      typeof value === "string" ? [[key, value]] : [],
    ),
  );
}

/** Reserved senders: the human at the command line, and the system. */
export const human = "bigboss";
export const reservedNames: readonly string[] = ["bigboss", "hcom", "all", "self"];
