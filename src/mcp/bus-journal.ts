// The journal in the log's database, where it can be read after the run, also of a document.
import { type Bus, reopenIfReplaced } from "../bus/bus.ts";
import type { StoreLocation } from "../bus/channels/access.ts";
import { storeName } from "../bus/channels/locate.ts";
import {
  type ContextEntry,
  contextOf,
  operationsOf,
  recordContext,
  recordOperation,
} from "../bus/channels/session-log.ts";
import type { Journal, Note } from "./connection.ts";

export function busJournal(bus: Bus, location: StoreLocation): Journal {
  const run = { session: bus.system.uuid(), store: storeName(location) };
  const current = () => {
    reopenIfReplaced(bus);
    return bus;
  };
  return {
    record({ tool, related, error }) {
      const { kind: relatedKind, id: relatedId } = related ?? {};
      const ok = error === undefined;
      recordOperation(current(), { ...run, tool, relatedKind, relatedId, ok, error });
    },
    operations: () =>
      operationsOf(current(), { session: run.session }).map((one) => ({
        tool_name: one.tool,
        timestamp: one.at,
        related_id: one.relatedId,
        ok: one.ok,
      })),
    add: ({ intent, observation, related_message_id, topic }) =>
      noteOf(
        recordContext(current(), {
          ...run,
          intent,
          observation: observation ?? undefined,
          relatedMessageId: related_message_id ?? undefined,
          topic: topic ?? undefined,
        }),
      ),
    notes: () => contextOf(current(), { session: run.session }).map(noteOf),
  };
}

function noteOf(entry: ContextEntry): Note {
  return {
    timestamp: entry.at,
    intent: entry.intent,
    observation: entry.observation,
    related_message_id: entry.relatedMessageId,
    topic: entry.topic,
  };
}
