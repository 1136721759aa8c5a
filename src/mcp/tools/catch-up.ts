// What the caller has not read yet of a channel that it is in. Every member has a place up to which
// it has read, which its mail and the commands share.
import { catchUp } from "../../bus/channels/catch-up.ts";
import { findChannel } from "../../bus/channels/live-members.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { AgentTool } from "./agents.ts";
import { invalidParams } from "./arguments.ts";
import { inputOf, text } from "./schema.ts";

const limit = { least: 1, most: 500, usual: 50 } as const;

/** In that space of the live store. */
export const channelReadTool = (space: string): AgentTool => ({
  name: "channel_read",
  description:
    "Shows what you have not read yet in a channel that you are in, oldest first, and marks it " +
    "as read. Call it again while unread_left is not 0.",
  input: inputOf(
    { channel: text("Name or id of the channel") },
    {
      limit: {
        type: "integer",
        minimum: limit.least,
        maximum: limit.most,
        default: limit.usual,
        description: "How many at most",
      },
    },
  ),
  isReadOnly: false,
  async run({ args, meta, about, connection, afterAnswer }, hub) {
    const { name } = hub.callerIn(meta);
    const bus = hub.bus();
    const most = args.optionalInteger("limit", limit) ?? limit.usual;
    const wanted = args.optionalReference("channel");
    if (wanted === undefined) throw invalidParams("channel is required");
    const channel = findChannel(bus, space, wanted);
    if (channel === undefined) throw noChannel(wanted);
    about("channel", channel.id);
    const seat = { space, channelId: channel.id, participant: name };
    const { messages, more, commit } = catchUp(bus, { ...seat, limit: most });
    connection.touch(messages.at(-1)?.id);
    afterAnswer(commit);
    return {
      channel: { id: channel.id, name: channel.name },
      messages,
      unread_left: more,
    };
  },
});

function noChannel(name: string): Refusal {
  return new Refusal({
    code: "channel_not_found",
    message: `Channel not found: ${name}`,
    hint: "list_channels shows names and ids",
    exit: exitCode.notFound,
  });
}
