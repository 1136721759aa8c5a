// What a client can read without calling a tool: the store and this run as JSON documents, each
// under an address of its own.
import { ProtocolError } from "@modelcontextprotocol/server";
import type { Channel } from "../core/channels/channel.ts";
import type { CommStore } from "../core/channels/comm-store.ts";
import { forAgents } from "../core/printable.ts";
import type { Connection } from "./connection.ts";
import type { Door } from "./door.ts";
import { errorCode } from "./incoming.ts";

const mimeType = "application/json";

/** How many messages a channel shows of itself. */
const newest = 100;

export const resourceList = [
  described("comm://store/stats", "stats", "How many channels, messages and subscriptions"),
  described("comm://channels", "channels", "All channels with their counts"),
  described("comm://subscriptions", "subscriptions", "Who is subscribed to what"),
  described(
    "comm://dead-letters",
    "dead-letters",
    "Messages that could not be stored: none, such a message is refused to its sender",
  ),
  described("comm://session/operations", "operations", "What was called in this session"),
  described("comm://session/context", "context", "What communication_log noted in this session"),
];

export const templateList = [
  template("comm://channels/{id}", "channel", "One channel"),
  template("comm://channels/{id}/messages", "channel-messages", `Its newest ${newest} messages`),
  template("comm://messages/{id}", "message", "One message"),
];

export interface Contents {
  uri: string;
  mimeType: string;
  text: string;
}

export async function readResource(door: Door, uri: string): Promise<Contents> {
  const value = await documentAt(door, uri);
  if (value === undefined) throw noResource(uri);
  return { uri, mimeType, text: forAgents(value, 2) };
}

export function noResource(uri: string): ProtocolError {
  return new ProtocolError(errorCode.noResource, `Resource not found: ${uri}`, { uri });
}

function documentAt(door: Door, uri: string): Promise<object | undefined> {
  const [, place = "", id, part] =
    /^comm:\/\/(\w[\w/-]*?)(?:\/(\d{1,15})(\/\w+)?)?$/.exec(uri) ?? [];
  if (id !== undefined) return door.store.read((store) => oneOf(store, place, Number(id), part));
  switch (place) {
    case "session/operations":
      return Promise.resolve(operationsOf(door.connection));
    case "session/context":
      return Promise.resolve(contextOf(door.connection));
    case "dead-letters":
      return Promise.resolve([]);
    default:
      return door.store.read((store) => allOf(store, place));
  }
}

function allOf(store: CommStore, place: string): object | undefined {
  switch (place) {
    case "store/stats":
      return store.stats();
    case "channels":
      return store.listChannels().map((channel) => summaryOf(store, channel));
    case "subscriptions":
      return store.listSubscriptions();
    default:
      return undefined;
  }
}

function oneOf(store: CommStore, place: string, id: number, part = ""): object | undefined {
  switch (`${place}${part}`) {
    case "channels":
      return store.getChannel(id);
    case "channels/messages":
      return store.getChannel(id) === undefined ? undefined : messagesOf(store, id);
    case "messages":
      return store.getMessage(id);
    default:
      return undefined;
  }
}

function summaryOf(store: CommStore, channel: Channel): object {
  return {
    id: channel.id,
    name: channel.name,
    channel_type: channel.channel_type,
    created_at: channel.created_at,
    participant_count: channel.participants.length,
    message_count: store.countMessages(channel.id),
  };
}

function messagesOf(store: CommStore, id: number): object {
  const messages = store.queryHistory(id, { order: "desc", limit: newest }).reverse();
  return {
    channel_id: id,
    messages,
    total_count: store.countMessages(id),
    showing: messages.length,
  };
}

function operationsOf({ journal, isActive, lastMessageId }: Connection): object {
  const operations = journal.operations();
  return {
    session_active: isActive,
    operation_count: operations.length,
    operations,
    last_message_id: lastMessageId,
  };
}

function contextOf({ journal }: Connection): object {
  const entries = journal.notes();
  return { entries, count: entries.length };
}

function described(uri: string, name: string, description: string) {
  return { uri, name, description, mimeType };
}

function template(uriTemplate: string, name: string, description: string) {
  return { uriTemplate, name, description, mimeType };
}
