// What was asked through a session of a door, and why: for looking at it afterwards. Every call is
// recorded, also one that failed.
import { timestampOf, withOffset } from "../../core/channels/timestamp.ts";
import {
  type ContextEntry,
  contexts,
  insertContext,
  insertOperation,
  type LoggedCall,
  type LogQuery,
  operations,
} from "../../store/channels/session-log.ts";
import type { Bus } from "../bus.ts";

export type { ContextEntry, LoggedCall, LogQuery };

/** `store` says which one it worked on: a space of the bus, or a document's path. */
export function recordOperation(
  bus: Bus,
  call: {
    session: string;
    store: string;
    tool: string;
    relatedKind?: "channel" | "message" | "subscription" | undefined;
    relatedId?: number | undefined;
    ok: boolean;
    error?: string | undefined;
  },
): LoggedCall {
  const operation: LoggedCall = {
    session: call.session,
    store: call.store,
    tool: call.tool,
    at: nowText(bus),
    relatedKind: call.relatedKind ?? null,
    relatedId: call.relatedId ?? null,
    ok: call.ok,
    error: call.error ?? null,
  };
  bus.db.write(() => insertOperation(bus.db, operation));
  return operation;
}

/** Oldest first. */
export function operationsOf(bus: Bus, query: LogQuery = {}): LoggedCall[] {
  return operations(bus.db, query);
}

export function recordContext(
  bus: Bus,
  said: {
    session: string;
    store: string;
    intent: string;
    observation?: string | undefined;
    relatedMessageId?: number | undefined;
    topic?: string | undefined;
  },
): ContextEntry {
  const entry: ContextEntry = {
    session: said.session,
    store: said.store,
    at: nowText(bus),
    intent: said.intent,
    observation: said.observation ?? null,
    relatedMessageId: said.relatedMessageId ?? null,
    topic: said.topic ?? null,
  };
  bus.db.write(() => insertContext(bus.db, entry));
  return entry;
}

/** Oldest first. */
export function contextOf(bus: Bus, query: Omit<LogQuery, "failuresOnly"> = {}): ContextEntry[] {
  return contexts(bus.db, query);
}

function nowText(bus: Bus): string {
  return withOffset(timestampOf(bus.system.now()));
}
