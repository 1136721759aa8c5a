// The fields of an agent as scripts see them, and as text.
import type { Agent, HeldAgent } from "../bus/life/list.ts";
import { launchContextOf } from "../core/instance.ts";
import { forScripts } from "../core/printable.ts";

export function agentFields(agent: HeldAgent) {
  const { row, computed } = agent;
  return {
    name: agent.name,
    status: computed.status,
    status_context: computed.context,
    status_detail: row.status_detail,
    status_age_seconds: Math.floor(computed.age),
    description: agent.description,
    unread_count: agent.unread,
    headless: row.background === 1,
    session_id: row.session_id,
    directory: row.directory,
    parent_name: row.parent_name,
    agent_id: row.agent_id,
    background_log_file: row.background_log_file,
    transcript_path: row.transcript_path,
    created_at: row.created_at,
    tag: row.tag,
    tool: row.tool,
    base_name: row.name,
    hooks_bound: agent.hooksBound,
    process_bound: agent.processBound,
    launch_context: launchContextOf(row),
    pid: row.pid,
    principal: row.principal,
    hold: agent.hold ?? null,
    owes: agent.owes.map(({ to, request, seconds }) => ({ to, request, seconds })),
  };
}

export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "object" ? forScripts(value) : String(value);
}

/** Lines for `eval`. */
export function shellExports(agent: Agent): string[] {
  const { row } = agent;
  return [
    ["HCOM_INSTANCE_NAME", agent.name],
    ["HCOM_SID", row.session_id ?? ""],
    ["HCOM_STATUS", agent.computed.status],
    ["HCOM_DIRECTORY", row.directory ?? ""],
  ].map(([name, value]) => `export ${name}='${(value ?? "").replaceAll("'", `'\\''`)}'`);
}
