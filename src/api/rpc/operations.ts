// The methods on an open store: one for each operation on channels, and many messages at once.
// Results are the records as they are.
import { checkContent, checkSender } from "../../core/channels/channel-message.ts";
import type { CommStore } from "../../core/channels/comm-store.ts";
import * as channels from "../../core/channels/operations.ts";
import { channelNotFound } from "../../core/channels/refusals.ts";
import type { Shape } from "../../core/channels/shape.ts";
import { checkMaySend } from "../../core/channels/snapshot.ts";
import { asObject } from "../../core/json.ts";
import { InvalidParams, readParams } from "./params.ts";

export interface RpcOperation {
  isWrite: boolean;
  /** Checks the parameters at once; what it returns does the work. */
  plan(params: unknown): { store: number; run(store: CommStore): unknown };
}

export const operations: Readonly<Record<string, RpcOperation>> = {
  ...Object.fromEntries(
    Object.entries(channels.operations).map(([name, one]) => [name, planned(one)]),
  ),
  send_messages: {
    isWrite: true,
    plan(params) {
      const { messages, store, ...others } = asObject(params);
      const given = readParams({ ...others, store }, { store: "id" });
      const drafts = draftsIn(messages);
      return { store: given.store, run: (comm) => sendAll(comm, drafts) };
    },
  },
};

function planned(operation: channels.Operation<Shape, unknown>): RpcOperation {
  const whole = { ...operation.shape, store: "id" } as const;
  return {
    isWrite: operation.isWrite,
    plan(params) {
      const given = readParams(params, whole);
      return { store: given.store, run: (store) => operation.run(store, given) };
    },
  };
}

type Draft = Parameters<CommStore["sendMessage"]>[0];

function draftsIn(messages: unknown): Draft[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new InvalidParams("messages must be a list of at least one");
  }
  const { shape } = channels.operations.send_message;
  return messages.map((one: unknown) => channels.typedDraftOf(readParams(one, shape)));
}

/** All or none, in memory, too, where nothing takes a half of them back. */
function sendAll(store: CommStore, drafts: readonly Draft[]): { id: number; count: number } {
  const known = new Set<number>();
  for (const one of drafts) {
    checkSender(one.sender.toWellFormed());
    checkContent(one.content.toWellFormed());
    if (known.has(one.channelId)) continue;
    const channel = store.getChannel(one.channelId);
    if (channel === undefined) throw channelNotFound(one.channelId);
    checkMaySend(channel.id, channel.state);
    known.add(channel.id);
  }
  const ids = drafts.map((one) => store.sendMessage(one).id);
  return { id: ids[0] ?? 0, count: ids.length };
}
