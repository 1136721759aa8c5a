// A message: what one participant said to others. Field names are
// those of earlier programs of this name, whose log we take over.

export const intents = ["request", "inform", "ack"] as const;
/** `error` is accepted from older texts and stored as given. */
export type Intent = (typeof intents)[number] | "error";

export type SenderKind = "instance" | "external" | "system";

export interface MessageData {
  /** Base name of the sender; external: the given name; system: e.g. `[hcom-launcher]`. */
  from: string;
  sender_kind: SenderKind;
  scope: "broadcast" | "mentions";
  text: string;
  /** Base names computed at send time, without the sender and without bigboss. */
  delivered_to: string[];
  /** Resolved base names; present for scope mentions. */
  mentions?: string[];
  intent?: Intent;
  /** As typed: `42` or `42:BOXE`. */
  reply_to?: string;
  reply_to_local?: number;
  thread?: string;
  bundle_id?: string;
  /** Said in a channel: which, and the number it has there; a fan-out's first copy. */
  channel?: { space: string; id: number; name: string; message: number };
  /** Only on events imported from another device. */
  _relay?: { device: string; short: string; id: number };
}
