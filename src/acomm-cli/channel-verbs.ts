// The commands about channels.
import { parseChannelType } from "../core/channels/channel.ts";
import { operations } from "../core/channels/operations.ts";
import { named } from "./message-verbs.ts";
import { operationVerb } from "./operation-verb.ts";
import type { Verb } from "./verb.ts";

const id = {
  name: "ID",
  as: "channel_id",
  isNumber: true,
  about: "its id: acomm channel list",
} as const;
const participant = {
  name: "PARTICIPANT",
  as: "participant",
  about: "an agent's name",
} as const;

export const channelVerbs: readonly Verb[] = [
  operationVerb(operations.create_channel, {
    words: "channel create",
    about: "create a channel; several may have the same name",
    positionals: [
      { name: "NAME", as: "name", about: "letters, digits, - and _, at most 128 bytes" },
    ],
    flags: [
      {
        name: "type",
        as: "channel_type",
        value: "TYPE",
        default: "group",
        about: "direct (two participants), group, broadcast or pubsub",
      },
    ],
    examples: ["acomm channel create reviews", "acomm channel create deploys --type pubsub"],
    meant(given) {
      named("Invalid channel type", () => parseChannelType(given.channel_type ?? "group"));
      return given;
    },
    told: (_given, { id: channel_id, name, channel_type }) => ({
      channel_id,
      name,
      status: "created",
      type: channel_type.toLowerCase(),
    }),
  }),
  operationVerb(operations.list_channels, {
    words: "channel list",
    about: "all channels, by id",
    positionals: [],
    examples: ["acomm channel list"],
  }),
  operationVerb(operations.get_channel_info, {
    words: "channel info",
    about: "one channel",
    positionals: [id],
    examples: ["acomm channel info 1"],
  }),
  operationVerb(operations.join_channel, {
    words: "channel join",
    about: "add a participant",
    positionals: [id, participant],
    examples: ["acomm channel join 1 reviewer"],
  }),
  operationVerb(operations.leave_channel, {
    words: "channel leave",
    about: "remove a participant; its messages stay",
    positionals: [id, participant],
    examples: ["acomm channel leave 1 reviewer"],
  }),
  operationVerb(operations.set_channel_config, {
    words: "channel config",
    about: "change how a channel works; what is not given stays",
    positionals: [id],
    flags: [
      {
        name: "max-participants",
        as: "max_participants",
        value: "N",
        isNumber: true,
        about: "0 = no limit; who is in stays in",
      },
      {
        name: "ttl-seconds",
        as: "ttl_seconds",
        value: "N",
        isNumber: true,
        about: "recorded: acomm expire ends what is older, --bus by itself; 0 = never",
      },
      {
        name: "persistence",
        as: "persistence",
        value: "BOOL",
        about: "true or false: recorded for other programs",
      },
      {
        name: "encryption-required",
        as: "encryption_required",
        value: "BOOL",
        about: "true or false: recorded, nothing is encrypted",
      },
    ],
    examples: ["acomm channel config 1 --ttl-seconds 86400"],
  }),
];
