// The flags by which people ask for events, the same for every command that does.
import type { EventFilters } from "../bus/log/condition.ts";
import { eventTypes } from "../core/event.ts";
import { forPeople, forScripts } from "../core/printable.ts";
import { exitCode } from "../core/refusal.ts";
import { endProcessAfter } from "../sys/deadline.ts";
import type { Call, Flag } from "./command.ts";

const conditions: readonly Flag[] = [
  { name: "agent", value: "NAME", many: true, about: "events of this agent" },
  {
    name: "type",
    value: "TYPE",
    many: true,
    about: `events of this type: ${eventTypes.join(", ")}`,
  },
  {
    name: "status",
    value: "STATUS",
    many: true,
    about: "changes to this status: active, listening, blocked ...",
  },
  { name: "context", value: "TEXT", many: true, about: "status context, * for anything" },
  { name: "file", value: "PATH", many: true, about: "files written, part of the path or with *" },
  { name: "cmd", value: "TEXT", many: true, about: "shell commands: part, ^start or =exact" },
  { name: "from", value: "NAME", many: true, about: "messages of this sender" },
  { name: "mention", value: "NAME", many: true, about: "messages that name this agent" },
  { name: "participant", value: "NAME", many: true, about: "messages that this one sent or got" },
  {
    name: "intent",
    value: "INTENT",
    many: true,
    about: "messages with this intent",
  },
  { name: "thread", value: "NAME", many: true, about: "messages of this thread" },
  { name: "reply-to", value: "ID", many: true, about: "answers to this message" },
  {
    name: "action",
    value: "ACTION",
    many: true,
    about: "life events: created, started (shown: joined), ready, stopped ...",
  },
  { name: "after", value: "TIME", about: "from then on: 10m, 2h, 14:30, yesterday, 2026-01-31" },
  { name: "before", value: "TIME", about: "up to then" },
  { name: "idle", value: "NAME", many: true, about: "this agent became idle" },
  { name: "blocked", value: "NAME", many: true, about: "this agent asks its person" },
  { name: "collision", about: "two agents changed one file within 30 s" },
];

const sql: Flag = {
  name: "sql",
  value: "EXPR",
  about:
    "a condition in SQL (columns: msg_from, status_val, life_action ...), or a preset: idle:luna",
};

export const filterFlags: readonly Flag[] = [sql, ...conditions].map((flag) => {
  return { ...flag, isFilter: true };
});

/** Without SQL, which has its own place in a question. */
export function filtersOf(call: Call): EventFilters {
  const filters: Record<string, string[]> = {};
  for (const { name } of conditions) {
    if (!call.flags.has(name)) continue;
    const values = call.flags.values(name);
    filters[name] = values.length === 0 ? ["yes"] : values;
  }
  return filters;
}

/** Longer than any answer over a million events takes here; waiting for one has its own limit. */
const longestSqlMs = 10_000;

/** SQL of somebody's own may never come to an end; that is said as every refusal is. */
export function endOfSql({ json }: Call, written: string, waitMs: number): Disposable {
  const message =
    `the condition did not come to an end within ${longestSqlMs / 1000} s: ` +
    forPeople(written.slice(0, 200));
  const hint = "ask without joins of events_v with itself";
  const ms = longestSqlMs + waitMs;
  const exit = exitCode.usage;
  const error = { code: "slow_sql", message, hint };
  if (json) return endProcessAfter({ ms, exit, out: `${forScripts({ error })}\n`, err: "" });
  return endProcessAfter({ ms, exit, out: "", err: `Error: ${message}\n  ${hint}\n` });
}
