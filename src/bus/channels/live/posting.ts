// How a post comes into the live store: one message for everybody, or one for each recipient, all
// with one text. Called inside a transaction; what is announced is part of it.
import type { ChannelMessage } from "../../../core/channels/channel-message.ts";
import { furthestAheadMs, momentAfter, timestampOf } from "../../../core/channels/timestamp.ts";
import type { Posting } from "../../../core/channels/verbs.ts";
import { insertBody } from "../../../store/channels/bodies.ts";
import { endsAfterOf } from "../../../store/channels/channels.ts";
import {
  type Copy,
  insertCopies,
  lastSortKey,
  momentOfKey,
  nowKey,
  setEvent,
} from "../../../store/channels/messages.ts";
import { takeIds } from "../../../store/channels/spaces.ts";
import type { Reader } from "../post.ts";
import { type Live, sweep } from "./live.ts";

export function post(live: Live, space: number, posting: Posting<Reader>): ChannelMessage[] {
  const { words, recipients, hearers } = posting;
  const { id, name, channel_type: type } = posting.room.record;
  const messages = recipients.length === 0 ? [] : store(live, space, posting);
  const firstId = messages[0]?.id ?? 0;
  const eventId = live.options.announce?.({
    space: live.key,
    channel: { id, name, type },
    endsAfter: endsAfterOf(live.bus.db, space, id),
    sender: words.sender,
    content: words.content,
    messageId: firstId,
    readers: hearers(),
  });
  if (eventId !== undefined && messages.length > 0) {
    setEvent(live.bus.db, { space, firstId, count: messages.length }, eventId);
  }
  return messages;
}

/** A channel that was quiet for long is swept in steps: a post shall not wait for it. */
const mostSwept = 2_000;

function store(
  live: Live,
  space: number,
  { room, words, recipients }: Posting<Reader>,
): ChannelMessage[] {
  const { db } = live.bus;
  const channel_id = room.record.id;
  sweep(live, space, channel_id, mostSwept + recipients.length);
  const copies = timed(live, space, recipients);
  const common = {
    id: takeIds(db, space, "message", recipients.length),
    channel_id,
    sender: words.sender,
    message_type: words.type,
    metadata: {},
    signature: signatureOf(words.content),
  };
  insertCopies(db, { ...common, space, body: insertBody(db, words.content) }, copies);
  return copies.map(({ recipient, timestamp }, at) => ({
    id: common.id + at,
    channel_id: common.channel_id,
    sender: common.sender,
    recipient,
    content: words.content,
    message_type: common.message_type,
    timestamp,
    metadata: {},
    signature: common.signature,
    acknowledged_by: [],
  }));
}

/** Each later than all that is there, see `momentAfter`. */
function timed(live: Live, space: number, recipients: readonly (string | null)[]): Copy[] {
  const now = live.bus.system.now();
  const last = lastSortKey(live.bus.db, space, nowKey(now + furthestAheadMs));
  let moment = last === undefined ? undefined : momentOfKey(last);
  return recipients.map((recipient) => {
    moment = momentAfter(moment, now);
    return { recipient, timestamp: timestampOf(moment.ms, moment.nanos) };
  });
}

/** Bun's own hash: the one of node:crypto costs a millisecond to import. */
export function signatureOf(content: string): string {
  return new Bun.SHA256().update(content).digest("hex");
}
