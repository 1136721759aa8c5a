// hcom channel: named rooms and topics. The words after it are in `channel/`, one file for what
// belongs together.
import { openBus } from "../bus/bus.ts";
import type { Call, Command } from "../cli/command.ts";
import { wakePolicies } from "../core/channels/wake-policy.ts";
import { nearest } from "../core/names/suggest.ts";
import { runWord, type Word, wrongUse } from "./channel/call.ts";
import { readingWords } from "./channel/reading.ts";
import { roomWords } from "./channel/rooms.ts";
import { storeWords } from "./channel/store.ts";
import { talkWords } from "./channel/talk.ts";
import { topicWords } from "./channel/topics.ts";

const words: readonly Word[] = [
  ...roomWords,
  ...talkWords,
  ...readingWords,
  ...topicWords,
  ...storeWords,
];

const command: Command = {
  name: "channel",
  group: "talk",
  summary: "rooms and topics: join, talk, publish, read",
  usage: words.map(({ word, usage }) => `channel ${word} ${usage}`.trimEnd()),
  firstWords: words,
  flags: [
    { name: "wake", value: "POLICY", about: `how soon you hear: ${wakePolicies.join(", ")}` },
    { name: "as", value: "NAME", about: "join, read or subscribe for somebody else" },
    { name: "from", value: "NAME", about: "speak as somebody outside hcom" },
    {
      name: "type",
      value: "TYPE",
      about:
        "create: kind of channel (group, direct, broadcast, pubsub); send, history: kind of " +
        "message (text, command, query ...)",
    },
    { name: "stdin", about: "read the message from standard input" },
    { name: "file", value: "PATH", about: "read the message from a file" },
    { name: "limit", value: "N", about: "at most so many messages" },
    {
      name: "since",
      value: "TIME",
      about: "only what was said then or later: 10m, 14:30, 2026-01-31",
    },
    { name: "before", value: "TIME", about: "only what was said then or earlier" },
    { name: "sender", value: "NAME", about: "only what this one said" },
    { name: "max", value: "N", about: "at most so many participants; 0 = any number" },
    { name: "ttl", value: "SECONDS", about: "messages end after that time; 0 = never" },
    { name: "persistence", value: "BOOL", about: "recorded for other programs" },
    { name: "encryption", value: "BOOL", about: "recorded for other programs; not enforced" },
    {
      name: "form",
      value: "old|new",
      about: "export: old, which every acomm opens, or new, which keeps more",
    },
    { name: "shared", about: "create: known to all machines of the group (hcom relay)" },
    {
      name: "fetch",
      about: "history: first bring older ones from the machine that made a shared channel",
    },
    { name: "force", about: "replace a file that is there" },
    { name: "failures", about: "only what went wrong" },
    {
      name: "space",
      value: "NAME",
      about: "a separate set of channels with numbers of its own (default main)",
    },
  ],
  exits: { 3: "no such channel, message or subscription" },
  examples: [
    "hcom channel create ops && hcom channel join ops",
    "hcom channel send ops -- the build is red",
    "hcom channel wake ops digest",
    "hcom channel read ops",
  ],
  textAfter: 2,
  run: runChannel,
};
export default command;

async function runChannel(call: Call): Promise<number> {
  const [first = "list", ...rest] = call.words;
  const found = words.find((one) => one.word === first);
  if (found === undefined) throw unknown(first);
  using bus = openBus(call.system, { writer: "channel" });
  return await runWord(found, call, { bus, words: rest });
}

function unknown(word: string) {
  const close = nearest(
    word,
    words.map((one) => one.word),
  );
  return wrongUse(
    `unknown word "${word}"${close === undefined ? "" : ` - did you mean ${close}?`}`,
  );
}
