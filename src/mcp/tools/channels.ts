// Channels: making and finding them, who is in them, what is configured.
import { channelTypes, parseChannelType } from "../../core/channels/channel.ts";
import { operations } from "../../core/channels/operations.ts";
import { noSuch } from "../../core/channels/refusals.ts";
import { asParams, invalidParams } from "./arguments.ts";
import { channelTool } from "./channel-tool.ts";
import { channelId, count, flag, name, text, word } from "./schema.ts";
import type { McpTool } from "./tool.ts";

const config = {
  max_participants: {
    ...count("How many may be in the channel; 0 = any number"),
    // 32 bits: what a document can hold.
    maximum: 2 ** 32 - 1,
  },
  ttl_seconds: count("Seconds after which a message is gone; 0 = never"),
  persistence: flag("Whether messages are kept after they were delivered"),
  encryption_required: flag("Recorded and shown; there are no keys for it yet"),
};

const ofChannel = ({ channel_id }: { channel_id: number }) => ["channel", channel_id] as const;

export const channelTools: readonly McpTool[] = [
  channelTool("create_channel", operations.create_channel, {
    description:
      "Creates a channel and returns it with its id. Names need not be unique; creating a " +
      "channel does not join it. Use group for a team, direct for two, broadcast for " +
      "one-to-many, pubsub for a topic.",
    properties: {
      name: {
        ...text("Letters, digits, - and _, at most 128 bytes"),
        minLength: 1,
        maxLength: 128,
      },
      channel_type: { ...word("Kind of channel", channelTypes), default: "group" },
      max_participants: { ...config.max_participants, default: 0 },
      ttl_seconds: { ...config.ttl_seconds, default: 0 },
      persistence: { ...config.persistence, default: true },
      encryption_required: { ...config.encryption_required, default: false },
    },
    meant(given) {
      asParams(() => parseChannelType(given.channel_type ?? "group"));
      return given;
    },
    after: (channel, { about }) => about("channel", channel.id),
  }),
  channelTool("list_channels", operations.list_channels, {
    description: "Lists all channels with their ids, types, participants and configuration.",
    properties: {},
  }),
  channelTool("join_channel", operations.join_channel, {
    description:
      "Adds a participant to a channel. Participants get the copies that broadcast makes; " +
      "sending and reading do not need membership.",
    properties: { channel_id: channelId, participant: name("Name of who joins") },
    actor: "participant",
    subject: ofChannel,
  }),
  channelTool("leave_channel", operations.leave_channel, {
    description: "Removes a participant from a channel. Messages they sent stay.",
    properties: { channel_id: channelId, participant: text("Name of who leaves") },
    actor: "participant",
    subject: ofChannel,
  }),
  channelTool("get_channel_info", operations.get_channel_info, {
    description: "Shows one channel: its name, type, participants and configuration.",
    properties: { channel_id: channelId },
    subject: ofChannel,
  }),
  channelTool("set_channel_config", operations.set_channel_config, {
    description:
      "Changes the configuration of a channel. What is left out stays as it is; a lower limit of " +
      "participants removes nobody.",
    properties: { channel_id: channelId, ...config },
    subject: ofChannel,
    run(store, given) {
      const { channel_id: id } = given;
      if (store.getChannel(id) === undefined) throw invalidParams(noSuch("Channel", id).message);
      return operations.set_channel_config.run(store, given);
    },
  }),
];
