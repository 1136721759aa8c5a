// hcom channel read, history, search, get: what was said.
import { catchUp } from "../../bus/channels/catch-up.ts";
import { type Part, style } from "../../cli/style.ts";
import { clock } from "../../cli/when.ts";
import type { ChannelMessage } from "../../core/channels/channel-message.ts";
import { operations } from "../../core/channels/operations.ts";
import { nanosOf } from "../../core/channels/timestamp.ts";
import { oneLine } from "../../core/mail/envelope.ts";
import { exitCode } from "../../core/refusal.ts";
import { timeBound } from "../../core/time/time-bound.ts";
import {
  baseOf,
  type ChannelCall,
  channelNamed,
  participantOf,
  type Word,
  wordsOf,
  wrongUse,
} from "./call.ts";

const pageSize = 50;
const searchSize = 20;
const fetchSize = 200;
const mostShown = 10_000;

export const readingWords: readonly Word[] = [
  {
    word: "read",
    usage: "CHANNEL [--limit N] [--as NAME]",
    about: "what you have not read there yet, oldest first; it counts as read then",
    run: read,
  },
  {
    word: "history",
    usage: "CHANNEL [--limit N] [--since T] [--before T] [--sender NAME] [--type TYPE] [--fetch]",
    about: "the newest messages, in the order in which they were said",
    run: history,
  },
  {
    word: "search",
    usage: "WORDS [--limit N]",
    about: "messages of all channels that contain the words, newest first",
    run(call) {
      const query = [...call.words, ...(call.rest ?? [])].join(" ");
      const found = call.does(operations.search_messages, {
        query,
        max_results: limitOf(call, searchSize),
        live: undefined,
      });
      const none = `No message in a channel contains ${JSON.stringify(query)}`;
      return show(call, found, `${none}. Between agents: hcom events --search`);
    },
  },
  {
    word: "get",
    usage: "MESSAGE",
    about: "one message in full, by its number in the channels",
    run(call) {
      const [word = ""] = wordsOf(call, "MESSAGE");
      if (!/^\d+$/.test(word)) throw wrongUse("get takes MESSAGE, a number");
      const message = call.does(operations.get_message, { message_id: Number(word) });
      if (call.json) call.out.json(message);
      else {
        showLines(call, [{ ...message, content: "" }]);
        call.out.line(message.content);
      }
      return exitCode.ok;
    },
  },
];

async function read(call: ChannelCall): Promise<number> {
  const [word = ""] = wordsOf(call, "CHANNEL");
  const channel = channelNamed(call, word);
  const reader = { space: call.space, channelId: channel.id, participant: participantOf(call) };
  const found = catchUp(call.bus, { ...reader, limit: limitOf(call, pageSize) });
  if (call.json) call.out.json({ messages: found.messages, more: found.more });
  else {
    const all = `what was said before: hcom channel history ${word}`;
    show(call, found.messages, `Nothing new in ${channel.name}; ${all}`);
    if (found.more > 0) call.out.line(`${found.more} more: hcom channel read ${word}`);
  }
  // It is read when it has left, not before.
  if (await call.out.flush()) found.commit();
  return exitCode.ok;
}

async function history(call: ChannelCall): Promise<number> {
  const [word = ""] = wordsOf(call, "CHANNEL");
  const isFetched = call.flags.has("fetch");
  if (isFetched) await fetchOlder(call, channelNamed(call, word).id);
  const sender = call.flags.value("sender");
  const newest = call.does(operations.query_history, {
    channel_id: channelNamed(call, word).id,
    limit: limitOf(call, isFetched ? mostShown : pageSize),
    order: "desc",
    since: timeOf(call, "since"),
    before: timeOf(call, "before"),
    sender: sender === undefined ? undefined : baseOf(call, sender),
    message_type: call.flags.value("type"),
    live: undefined,
  });
  const none = `Nothing was said there. Say something: hcom channel send ${word} -- ...`;
  return show(call, newest.reverse(), none);
}

/** Before what is said about them, so that they are among it. */
async function fetchOlder(call: ChannelCall, channel: number): Promise<void> {
  const { fetchHistory } = await import("../../relay/fetch-history.ts");
  const wanted = limitOf(call, fetchSize);
  const { count, isAll, device } = await fetchHistory(
    call.bus,
    { space: call.space, channel },
    wanted,
  );
  if (call.json) return;
  const rest = isAll ? "there is nothing older" : "again for more";
  call.out.line(`${count} more from ${device}; ${rest}`);
}

function timeOf(call: ChannelCall, flag: string): string | undefined {
  const text = call.flags.value(flag);
  if (text === undefined || nanosOf(text) !== undefined) return text;
  return timeBound(text, call.system.now(), flag);
}

function limitOf(call: ChannelCall, otherwise: number): number {
  const limit = call.flags.number("limit") ?? otherwise;
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw wrongUse("--limit takes a number from 1 to 10000");
}

function show(call: ChannelCall, messages: readonly ChannelMessage[], none: string): number {
  if (call.json) call.out.json(messages);
  else if (messages.length === 0) call.out.line(none);
  else showLines(call, messages);
  return exitCode.ok;
}

function showLines(call: ChannelCall, messages: readonly ChannelMessage[]): void {
  const channels = call.does(operations.list_channels, {});
  const names = new Map(channels.map(({ id, name }) => [id, name]));
  for (const message of messages) {
    const channel = names.get(message.channel_id) ?? `#${message.channel_id}`;
    call.out.line(...lineOf(call, channel, message));
  }
}

function lineOf(call: ChannelCall, channel: string, message: ChannelMessage): Part[] {
  const to = message.recipient === null ? "" : ` → ${oneLine(call.shown(message.recipient))}`;
  const type = message.message_type === "Text" ? "" : ` (${message.message_type.toLowerCase()})`;
  const acks =
    message.acknowledged_by.length === 0
      ? ""
      : `  ✓ ${message.acknowledged_by.map(call.shown).join(", ")}`;
  // Only a message of its own begins at the left.
  const text = message.content.replaceAll("\n", "\n  ");
  const at = clock(Date.parse(message.timestamp), call.system.now());
  return [
    style.faint(`${channel}/${message.id}  ${at}  `),
    style.name(oneLine(call.shown(message.sender))),
    `${to}${type}:${text === "" ? "" : " "}${text}`,
    style.good(acks),
  ];
}
