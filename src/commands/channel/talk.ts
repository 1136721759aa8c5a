// hcom channel send, broadcast, publish, ack: what is said.
import { isInsideTool } from "../../bus/agents/identity.ts";
import { isTerminal } from "../../cli/is-terminal.ts";
import { readBodyFile, readBodyInput } from "../../cli/message-body.ts";
import { operations } from "../../core/channels/operations.ts";
import { exitCode } from "../../core/refusal.ts";
import {
  type ChannelCall,
  channelNamed,
  participantOf,
  speakerOf,
  type Word,
  wrongUse,
} from "./call.ts";

export const talkWords: readonly Word[] = [
  {
    word: "send",
    usage: "CHANNEL [--type TYPE] [--from NAME] [--stdin | --file PATH] -- message words",
    about: "say something to everybody in a channel",
    run(call) {
      const { to, content } = spoken(call, "CHANNEL");
      const channel = channelNamed(call, to);
      const message_type = call.flags.value("type");
      const draft = { channel_id: channel.id, sender: speakerOf(call), content };
      const sent = call.does(operations.send_message, { ...draft, message_type });
      if (call.json) call.out.json(sent);
      else call.out.line(`Sent ${channel.name}/${sent.id} to ${others(call, channel.id)}`);
      return exitCode.ok;
    },
  },
  {
    word: "broadcast",
    usage: "CHANNEL [--from NAME] [--stdin | --file PATH] -- message words",
    about: "a copy for each other member, to be acknowledged one by one",
    run(call) {
      const { to, content } = spoken(call, "CHANNEL");
      const channel = channelNamed(call, to);
      const draft = { channel_id: channel.id, sender: speakerOf(call), content };
      const copies = call.does(operations.broadcast, draft);
      if (call.json) call.out.json(copies);
      else call.out.line(`Broadcast in ${channel.name} to ${namesOf(call, copies)}`);
      return exitCode.ok;
    },
  },
  {
    word: "publish",
    usage: "TOPIC [--from NAME] [--stdin | --file PATH] -- message words",
    about: "a copy for each subscriber of a topic",
    run(call) {
      const { to: topic, content } = spoken(call, "TOPIC");
      const copies = call.does(operations.publish, { topic, sender: speakerOf(call), content });
      if (call.json) call.out.json(copies);
      else call.out.line(`Published on ${topic} to ${namesOf(call, copies)}`);
      return exitCode.ok;
    },
  },
  {
    word: "ack",
    usage: "MESSAGE [--as NAME]",
    about: "acknowledge a message by its number in the channels",
    run(call) {
      const [word = ""] = call.words;
      if (call.words.length !== 1 || !/^\d+$/.test(word))
        throw wrongUse("ack takes MESSAGE, a number");
      const who = participantOf(call);
      const message_id = Number(word);
      call.does(operations.acknowledge_message, { message_id, recipient: who });
      if (call.json) call.out.json(call.does(operations.get_message, { message_id }));
      else call.out.line(`${call.shown(who)} acknowledged message ${word}`);
      return exitCode.ok;
    },
  },
];

const passItAfter = "pass it after --: hcom channel send ops -- message";

/** The target and the text: after `--`, as one argument, from a file or from standard input. */
function spoken(call: ChannelCall, target: string): { to: string; content: string } {
  const [to, ...words] = call.words;
  if (to === undefined) throw wrongUse(`name a ${target}`);
  const file = call.flags.value("file");
  const isInput = call.flags.has("stdin");
  const texts = [...(call.rest === undefined ? [] : [call.rest.join(" ")]), ...words];
  const sources = texts.length + (file === undefined ? 0 : 1) + (isInput ? 1 : 0);
  if (sources > 1) throw wrongUse(`one message only: which of these is it? ${passItAfter}`);
  const [content] = texts;
  if (content !== undefined) return { to, content };
  if (file !== undefined) {
    const within = isInsideTool(call) ? call.system.cwd : undefined;
    return { to, content: readBodyFile(file, passItAfter, within) };
  }
  if (isInput || !isTerminal(0)) return { to, content: readBodyInput(passItAfter) };
  throw wrongUse(`there is no message: ${passItAfter}`);
}

function others(call: ChannelCall, channelId: number): string {
  const speaker = speakerOf(call);
  const { participants } = call.does(operations.get_channel_info, { channel_id: channelId });
  const listening = participants.filter((name) => name !== speaker);
  return listening.length === 0
    ? "nobody: no one else is in it"
    : listening.map(call.shown).join(", ");
}

function namesOf(call: ChannelCall, copies: readonly { recipient: string | null }[]): string {
  const names = copies.map((copy) => call.shown(copy.recipient ?? ""));
  if (names.length === 0) return "nobody";
  return names.length > 10 ? `${names.length} members` : names.join(", ");
}
