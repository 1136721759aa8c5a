// Channels: making and finding them, who is in them, what is configured.
import { type ChannelConfig, channelTypes, parseChannelType } from "../../core/channels/channel.ts";
import { noSuch } from "../../core/channels/refusals.ts";
import { Refusal } from "../../core/refusal.ts";
import { type Arguments, invalidParams } from "./arguments.ts";
import { channelId, count, flag, inputOf, name, type Properties, text, word } from "./schema.ts";
import type { McpTool } from "./tool.ts";

/** 32 bits: what a document can hold. */
const mostParticipants = 2 ** 32 - 1;

const config = {
  max_participants: {
    ...count("How many may be in the channel; 0 = any number"),
    maximum: mostParticipants,
  },
  ttl_seconds: count("Seconds after which a message is gone; 0 = never"),
  persistence: flag("Whether messages are kept after they were delivered"),
  encryption_required: flag("Recorded and shown; there are no keys for it yet"),
} satisfies Properties;

const createChannel: McpTool = {
  name: "create_channel",
  description:
    "Creates a channel and returns it with its id. Names need not be unique; creating a channel " +
    "does not join it. Use group for a team, direct for two, broadcast for one-to-many, pubsub " +
    "for a topic.",
  input: inputOf(
    {
      name: {
        ...text("Letters, digits, - and _, at most 128 bytes"),
        minLength: 1,
        maxLength: 128,
      },
    },
    {
      channel_type: { ...word("Kind of channel", channelTypes), default: "group" },
      max_participants: { ...config.max_participants, default: 0 },
      ttl_seconds: { ...config.ttl_seconds, default: 0 },
      persistence: { ...config.persistence, default: true },
      encryption_required: { ...config.encryption_required, default: false },
    },
  ),
  isReadOnly: false,
  async run({ args, store, about }) {
    const name = args.text("name");
    const type = asParams(() => parseChannelType(args.optionalText("channel_type") ?? "group"));
    const config = configIn(args);
    const channel = await store.write((comm) => comm.createChannel({ name, type, config }));
    about("channel", channel.id);
    return channel;
  },
};

const listChannels: McpTool = {
  name: "list_channels",
  description: "Lists all channels with their ids, types, participants and configuration.",
  input: inputOf({}),
  isReadOnly: true,
  run: ({ store }) => store.read((comm) => comm.listChannels()),
};

const joinChannel: McpTool = {
  name: "join_channel",
  description:
    "Adds a participant to a channel. Participants get the copies that broadcast makes; sending " +
    "and reading do not need membership.",
  input: inputOf({ channel_id: channelId, participant: name("Name of who joins") }),
  isReadOnly: false,
  actor: "participant",
  async run({ args, store, about }) {
    const id = args.integer("channel_id");
    about("channel", id);
    const participant = args.text("participant");
    await store.write((comm) => comm.joinChannel(id, participant));
    return { channel_id: id, participant, status: "joined" };
  },
};

const leaveChannel: McpTool = {
  name: "leave_channel",
  description: "Removes a participant from a channel. Messages they sent stay.",
  input: inputOf({ channel_id: channelId, participant: text("Name of who leaves") }),
  isReadOnly: false,
  actor: "participant",
  async run({ args, store, about }) {
    const id = args.integer("channel_id");
    about("channel", id);
    const participant = args.text("participant");
    await store.write((comm) => comm.leaveChannel(id, participant));
    return { channel_id: id, participant, status: "left" };
  },
};

const getChannelInfo: McpTool = {
  name: "get_channel_info",
  description: "Shows one channel: its name, type, participants and configuration.",
  input: inputOf({ channel_id: channelId }),
  isReadOnly: true,
  async run({ args, store, about }) {
    const id = args.integer("channel_id");
    about("channel", id);
    const channel = await store.read((comm) => comm.getChannel(id));
    if (channel === undefined) throw noSuch("Channel", id);
    return channel;
  },
};

const setChannelConfig: McpTool = {
  name: "set_channel_config",
  description:
    "Changes the configuration of a channel. What is left out stays as it is; a lower limit of " +
    "participants removes nobody.",
  input: inputOf({ channel_id: channelId }, config),
  isReadOnly: false,
  async run({ args, store, about }) {
    const id = args.integer("channel_id");
    about("channel", id);
    const change = configIn(args);
    await store.write((comm) => {
      if (comm.getChannel(id) === undefined) throw invalidParams(noSuch("Channel", id).message);
      comm.setChannelConfig(id, change);
    });
    return { channel_id: id, status: "updated" };
  },
};

export const channelTools: readonly McpTool[] = [
  createChannel,
  listChannels,
  joinChannel,
  leaveChannel,
  getChannelInfo,
  setChannelConfig,
];

/** Only what was given. */
function configIn(args: Arguments): Partial<ChannelConfig> {
  const most = { least: 0, most: mostParticipants };
  const config: Partial<ChannelConfig> = {};
  const participants = args.optionalInteger("max_participants", most);
  if (participants !== undefined) config.max_participants = participants;
  const ttl = args.optionalInteger("ttl_seconds");
  if (ttl !== undefined) config.ttl_seconds = ttl;
  const persistence = args.optionalFlag("persistence");
  if (persistence !== undefined) config.persistence = persistence;
  const encryption = args.optionalFlag("encryption_required");
  if (encryption !== undefined) config.encryption_required = encryption;
  return config;
}

/** A word that is none of the known ones is a fault of the arguments. */
export function asParams<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Refusal ? invalidParams(error.message) : error;
  }
}
