// One run of the server: what was called and noted in it, and the message it last dealt with. The
// journal outlives the run.
import { timestampOf, withOffset } from "../core/channels/timestamp.ts";
import { Refusal } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";

/** What a call is about. */
export type RelatedKind = "channel" | "message" | "subscription";

/** One call of a tool, as it is shown. */
export interface ShownCall {
  tool_name: string;
  timestamp: string;
  related_id: number | null;
  ok: boolean;
}

export interface Related {
  kind: RelatedKind;
  id: number;
}

/** Why something was said, as it is shown. */
export interface Note {
  timestamp: string;
  intent: string;
  observation: string | null;
  related_message_id: number | null;
  topic: string | null;
}

export interface Called {
  tool: string;
  related: Related | undefined;
  /** What the caller was told instead of a result. */
  error: string | undefined;
}

/** Where the calls and notes of a run are kept. */
export interface Journal {
  record(called: Called): void;
  /** Oldest first, of this run. */
  operations(): ShownCall[];
  add(note: Omit<Note, "timestamp">): Note;
  notes(): Note[];
}

export interface Connection {
  journal: Journal;
  /** A client has said that it is there. */
  isActive: boolean;
  /** As the client introduced itself, if it did. */
  clientName: string | undefined;
  lastMessageId: number | null;
  /** Called with the message that a call made, changed or showed. */
  touch(messageId: number | undefined): void;
  record(called: Called): void;
}

export function openConnection(system: System, journal: Journal): Connection {
  const connection: Connection = {
    journal,
    isActive: false,
    clientName: undefined,
    lastMessageId: null,
    touch(messageId) {
      if (messageId !== undefined) connection.lastMessageId = messageId;
    },
    record(called) {
      try {
        const { tool, related, error } = called;
        journal.record({
          tool: shown(tool),
          related,
          error: error === undefined ? error : shown(error),
        });
      } catch (error) {
        // What was called is done: its answer does not depend on the journal.
        if (!(error instanceof Refusal)) throw error;
        system.log({ level: "warn", subsystem: "mcp", event: "not_recorded", msg: error.message });
      }
    },
  };
  return connection;
}

/** Names and reasons quote what was given, and that may be a megabyte. */
function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200).toWellFormed()}...` : text;
}

/** For a run whose log cannot be written: what happened is known as long as it lasts. */
export function memoryJournal(system: System): Journal {
  const now = () => withOffset(timestampOf(system.now()));
  const operations: ShownCall[] = [];
  const notes: Note[] = [];
  return {
    record: ({ tool, related, error }) => {
      const related_id = related?.id ?? null;
      operations.push({ tool_name: tool, timestamp: now(), related_id, ok: error === undefined });
    },
    operations: () => [...operations],
    add: ({ intent, observation, related_message_id, topic }) => {
      const note = { timestamp: now(), intent, observation, related_message_id, topic };
      notes.push(note);
      return note;
    },
    notes: () => [...notes],
  };
}
