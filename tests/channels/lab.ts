// What the channel suites share: a store on a clock that a test turns, and looks at all of it.
import { afterEach } from "bun:test";
import type { ChannelMessage } from "../../src/core/channels/channel-message.ts";
import type { CommStore } from "../../src/core/channels/comm-store.ts";
import { Refusal } from "../../src/core/refusal.ts";

/** Milliseconds since 1970. */
export interface Clock {
  now: number;
}

export type OpenedStore = CommStore & Partial<Disposable>;
export type MakeStore = (clock: Clock) => OpenedStore;

export interface Lab {
  store: OpenedStore;
  clock: Clock;
}

/** An empty store, closed when the test is over. */
export type Open = () => Lab;

export const noon = Date.UTC(2026, 1, 28, 12);

/** To be called in a `describe`. */
export function opener(makeStore: MakeStore): Open {
  const opened: OpenedStore[] = [];
  afterEach(() => {
    for (const store of opened.splice(0)) store[Symbol.dispose]?.();
  });
  return () => {
    const clock = { now: noon };
    const store = makeStore(clock);
    opened.push(store);
    return { store, clock };
  };
}

/** Everything that can be seen of a store. */
export function picture(store: CommStore) {
  const channels = store.listChannels();
  return {
    channels,
    subscriptions: store.listSubscriptions(),
    stats: store.stats(),
    messages: channels.map((channel) => store.receiveMessages(channel.id)),
    counts: channels.map((channel) => store.countMessages(channel.id)),
    search: store.searchMessages("", Number.MAX_SAFE_INTEGER),
  };
}

/** The refusal that an action meets. */
export function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

export function group(store: CommStore, name: string, ...participants: string[]): number {
  const { id } = store.createChannel({ name, type: "Group" });
  for (const participant of participants) store.joinChannel(id, participant);
  return id;
}

export function say(store: CommStore, channelId: number, ...contents: string[]): number[] {
  return contents.map((content) => store.sendMessage({ channelId, sender: "ada", content }).id);
}

export function contentsOf(messages: readonly ChannelMessage[]): string[] {
  return messages.map((message) => message.content);
}

export function idsOf(records: readonly { id: number }[]): number[] {
  return records.map((record) => record.id);
}
