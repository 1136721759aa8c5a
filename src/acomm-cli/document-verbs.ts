// The commands that name a file of their own, and the door for other programs.
import type { StoreAccess } from "../bus/channels/access.ts";
import { locationOf } from "../bus/channels/locate.ts";
import { openStore } from "../bus/channels/open-store.ts";
import type { Channel } from "../core/channels/channel.ts";
import type { CommStore } from "../core/channels/comm-store.ts";
import { Refusal } from "../core/refusal.ts";
import { fileExists } from "../sys/files.ts";
import type { System } from "../sys/system.ts";
import { messageTypeOf } from "./message-verbs.ts";
import type { Positional, Verb, WideCall } from "./verb.ts";

const file: Positional = { name: "FILE", about: "an .acomm file, or bus:SPACE" };

export const documentVerbs: readonly Verb[] = [
  {
    words: "info",
    about: "what is in a file, in numbers",
    positionals: [file],
    examples: ["acomm info .acomm/store.acomm"],
    access: "wide",
    namesFile: true,
    run: info,
  },
  {
    words: "add",
    about: "for hooks: add a message to a channel by name, with file and channel made if need be",
    positionals: [
      file,
      { name: "TYPE", about: "text, command, query, response, notification ..." },
      { name: "CONTENT", about: "the text, at most 1 MiB" },
    ],
    flags: [
      {
        name: "channel",
        value: "NAME",
        default: "default",
        about: "of several the one with the lowest id",
      },
      { name: "session", value: "ID", about: "accepted, of no meaning" },
      { name: "confidence", value: "FLOAT", about: "accepted, of no meaning" },
    ],
    examples: ['acomm add .acomm/store.acomm notification "tests passed" --channel ci'],
    access: "wide",
    namesFile: true,
    isChanging: true,
    run: add,
  },
  {
    words: "rpc",
    about: "serve other programs: JSON-RPC 2.0 by lines on standard input and output",
    positionals: [],
    examples: ["acomm rpc --bus        # see docs/channels.md"],
    access: "serve",
  },
];

async function info({ args, system }: WideCall) {
  const name = args.text("FILE");
  try {
    using access = await openExisting(system, name);
    const stats = await access.read((store) => store.stats());
    return {
      channels: stats.channel_count,
      file: name,
      messages: stats.message_count,
      subscriptions: stats.subscription_count,
      total_participants: stats.total_participants,
    };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === "usage") throw error;
    const { code, message, exit } = error;
    throw new Refusal({ code, message: `Error reading ${name}: ${message}`, exit });
  }
}

/** Elsewhere a missing file is an empty store; here it is a slip of the fingers. */
async function openExisting(system: System, name: string): Promise<StoreAccess> {
  const location = locationOf(name, system.cwd);
  if (location.kind === "document" && !fileExists(location.path)) {
    throw new Refusal({
      code: "io_error",
      message: "IO error: No such file or directory (os error 2)",
    });
  }
  return openStore(system, location);
}

async function add({ args, system }: WideCall) {
  const name = args.flag("channel") ?? "default";
  const type = messageTypeOf(args.text("TYPE"));
  using access = await openStore(system, locationOf(args.text("FILE"), system.cwd));
  const sent = await access.write((store) =>
    store.sendMessage({
      channelId: channelNamed(store, name).id,
      sender: "cli-hook",
      content: args.text("CONTENT"),
      type,
    }),
  );
  return { channel: name, file: args.text("FILE"), message_id: sent.id, status: "added" };
}

function channelNamed(store: CommStore, name: string): Channel {
  const known = store.listChannels().find((channel) => channel.name === name);
  return known ?? store.createChannel({ name, type: "Group" });
}
