// The commands about channels.
import { type ChannelConfig, parseChannelType } from "../core/channels/channel.ts";
import { noSuch } from "../core/channels/refusals.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { named } from "./message-verbs.ts";
import type { Args, Positional, Verb } from "./verb.ts";

const id: Positional = { name: "ID", isNumber: true, about: "its id: acomm channel list" };
const participant: Positional = { name: "PARTICIPANT", about: "an agent's name" };

export const channelVerbs: readonly Verb[] = [
  {
    words: "channel create",
    about: "create a channel; several may have the same name",
    positionals: [{ name: "NAME", about: "letters, digits, - and _, at most 128 bytes" }],
    flags: [
      {
        name: "type",
        value: "TYPE",
        default: "group",
        about: "direct (two participants), group, broadcast or pubsub",
      },
    ],
    examples: ["acomm channel create reviews", "acomm channel create deploys --type pubsub"],
    access: "write",
    run(store, args) {
      const type = named("Invalid channel type", () =>
        parseChannelType(args.flag("type") ?? "group"),
      );
      const made = store.createChannel({ name: args.text("NAME"), type });
      return {
        channel_id: made.id,
        name: made.name,
        status: "created",
        type: made.channel_type.toLowerCase(),
      };
    },
  },
  {
    words: "channel list",
    about: "all channels, by id",
    positionals: [],
    examples: ["acomm channel list"],
    access: "read",
    run: (store) => store.listChannels(),
  },
  {
    words: "channel info",
    about: "one channel",
    positionals: [id],
    examples: ["acomm channel info 1"],
    access: "read",
    run(store, args) {
      const found = store.getChannel(args.number("ID"));
      if (found === undefined) throw noSuch("Channel", args.number("ID"));
      return found;
    },
  },
  {
    words: "channel join",
    about: "add a participant",
    positionals: [id, participant],
    examples: ["acomm channel join 1 reviewer"],
    access: "write",
    run(store, args) {
      store.joinChannel(args.number("ID"), args.text("PARTICIPANT"));
      return membership(args, "joined");
    },
  },
  {
    words: "channel leave",
    about: "remove a participant; its messages stay",
    positionals: [id, participant],
    examples: ["acomm channel leave 1 reviewer"],
    access: "write",
    run(store, args) {
      store.leaveChannel(args.number("ID"), args.text("PARTICIPANT"));
      return membership(args, "left");
    },
  },
  {
    words: "channel config",
    about: "change how a channel works; what is not given stays",
    positionals: [id],
    flags: [
      {
        name: "max-participants",
        value: "N",
        isNumber: true,
        about: "0 = no limit; who is in stays in",
      },
      {
        name: "ttl-seconds",
        value: "N",
        isNumber: true,
        about: "recorded: acomm expire ends what is older, --bus by itself; 0 = never",
      },
      { name: "persistence", value: "BOOL", about: "true or false: recorded for other programs" },
      {
        name: "encryption-required",
        value: "BOOL",
        about: "true or false: recorded, nothing is encrypted",
      },
    ],
    examples: ["acomm channel config 1 --ttl-seconds 86400"],
    access: "write",
    run(store, args) {
      const changed = store.setChannelConfig(args.number("ID"), configOf(args));
      return { channel_id: changed.id, status: "updated" };
    },
  },
];

function membership(args: Args, status: "joined" | "left") {
  return { channel_id: args.number("ID"), participant: args.text("PARTICIPANT"), status };
}

function configOf(args: Args): Partial<ChannelConfig> {
  const change: Partial<ChannelConfig> = {};
  const most = args.flagNumber("max-participants");
  const ttl = args.flagNumber("ttl-seconds");
  const keeps = yesOrNo(args, "persistence");
  const encrypts = yesOrNo(args, "encryption-required");
  if (most !== undefined) change.max_participants = most;
  if (ttl !== undefined) change.ttl_seconds = ttl;
  if (keeps !== undefined) change.persistence = keeps;
  if (encrypts !== undefined) change.encryption_required = encrypts;
  return change;
}

function yesOrNo(args: Args, flag: string): boolean | undefined {
  const text = args.flag(flag)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `--${flag} is true or false, not "${text}"`,
  });
}
