// A message: what one participant said to others. Field names are
// those of earlier programs of this name, whose log we take over.

export const intents = ["request", "inform", "ack"] as const;
/** `error` is accepted from older texts and stored as given. */
export type Intent = (typeof intents)[number] | "error";

export type SenderKind = "instance" | "external" | "system";

export interface ChannelOrigin {
  space: string;
  id: number;
  name: string;
  /** The number it has there; a fan-out's first copy. */
  message: number;
  /** Known to the whole group: who made it ("" = the device of the log), and its number there. */
  shared?: { device: string; id: number };
  /** Base names of agents in it that wanted to be told nothing. */
  muted?: string[];
  /** RFC 3339; the channel's time to live ends it then. */
  ends_at?: string;
}

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
  /** Who really called, where that is not plainly `from`: an agent, or what claimed the name. */
  called_by?: string;
  bundle_id?: string;
  /** Said in a channel. */
  channel?: ChannelOrigin;
  /** Only on events imported from another device. */
  _relay?: { device: string; short: string; id: number };
}
