// What `import ... from "hcom"` gives: sessions of agents and everything around them, and
// `CommStore`, the channels. The same module runs on Bun and on Node 20 or newer.

export type { StoreAccess } from "../bus/channels/access.ts";
export type { Channel, ChannelConfig, ChannelType } from "../core/channels/channel.ts";
export type {
  ChannelMessage,
  MessageFilter,
  MessageType,
} from "../core/channels/channel-message.ts";
export type { CommStats, Subscription } from "../core/channels/comm-store.ts";
/** Every error that a caller can cause or must hear, by either name; `code` says which it is. */
export { Refusal as HcomError, Refusal } from "../core/refusal.ts";
export { CommStore, type FileForm } from "./comm-store.ts";
export { instances, launch, session, stop } from "./session/session.ts";
export type {
  EventQuery,
  Exchange,
  ExchangeTool,
  InstanceInfo,
  Intent,
  LaunchHandle,
  LaunchOptions,
  LaunchResult,
  LogEvent,
  Message,
  MessageQuery,
  SendOptions,
  Sent,
  Session,
  SessionInfo,
  SessionOptions,
  SqlValue,
  SubscribeOptions,
  SubscriptionInfo,
  TranscriptQuery,
  WaitOptions,
} from "./session/shapes.ts";
