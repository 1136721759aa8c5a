// A step in the life of an instance or of the device: created, ready, stopped and so on.

export const lifeActions = [
  "created",
  "started",
  "ready",
  "stopped",
  "batch_launched",
  "launch_failed",
  "launch_blocked",
  "reset",
] as const;
export type LifeAction = (typeof lifeActions)[number];

export interface LifeData {
  action: LifeAction;
  by?: string;
  reason?: string;
  /** What a stopped instance was, enough to resume it: see `Snapshot`. */
  snapshot?: Snapshot;
  /** A stopped placeholder: its name stays reusable. */
  placeholder?: true;
  [key: string]: unknown;
}

/** The row of a stopped instance as kept in its `stopped` event. */
export interface Snapshot {
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
}
