// The events of the log: what a row of `events` means. The unions are closed here; a new type is
// one file in `events/` and one line below.
import type { BundleData } from "./events/bundle.ts";
import type { LifeData } from "./events/life.ts";
import type { MessageData } from "./events/message.ts";
import type { StatusData } from "./events/status.ts";

interface Row<Type extends string, Data> {
  /** Global order and cursor value; never reused. */
  id: number;
  /** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`, UTC, always six fraction digits. */
  timestamp: string;
  type: Type;
  /** Subject or sender: base name, `ext_<name>`, `sys_<name>`, `_device`. */
  instance: string;
  data: Data;
}

export type MessageEvent = Row<"message", MessageData>;
export type StatusEvent = Row<"status", StatusData>;
export type LifeEvent = Row<"life", LifeData>;
export type BundleEvent = Row<"bundle", BundleData>;
export type Event = MessageEvent | StatusEvent | LifeEvent | BundleEvent;

/** An event before the log gave it an id. */
export type NewEvent = Event extends infer One
  ? One extends Event
    ? Omit<One, "id" | "timestamp">
    : never
  : never;

/** A row as read back: foreign writers share the file, so `data` is not trusted. */
export interface EventRow {
  id: number;
  timestamp: string;
  type: string;
  instance: string;
  data: string;
}

export const eventTypes = ["message", "status", "life", "bundle"] as const;
