// A status change of an instance, with what it was before.
import type { Status } from "../status.ts";

export interface StatusData {
  status: Status;
  /** e.g. `tool:Bash`, `deliver:luna`, `approval`, `exit:closed`; empty when idle. */
  context: string;
  /** The instance's cursor at that moment. */
  position: number;
  /** Command, path or prompt. */
  detail?: string;
  /** Timestamp of the newest delivered message: the read receipt. */
  msg_ts?: string;
  old_status?: string;
  old_context?: string;
  old_detail?: string;
  new_status?: string;
  new_context?: string;
  new_detail?: string;
  /** Component that wrote it. */
  writer?: string;
  session?: string;
  agent_id?: string;
  tool_name?: string;
  tool_use_id?: string;
}
