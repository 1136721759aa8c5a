// What every word of `hcom channel` works on: the open log, a space, the caller, and the channel
// that was named.
import {
  checkActsFor,
  findInstance,
  isInsideTool,
  requireInstance,
  senderOf,
  whoAmI,
} from "../../bus/agents/identity.ts";
import type { Bus } from "../../bus/bus.ts";
import { liveForAgents } from "../../bus/channels/live-for-agents.ts";
import { findChannel } from "../../bus/channels/live-members.ts";
import { displayNames } from "../../bus/display-names.ts";
import type { Call } from "../../cli/command.ts";
import { type Part, style } from "../../cli/style.ts";
import type { Channel } from "../../core/channels/channel.ts";
import { type Operation, operations } from "../../core/channels/operations.ts";
import type { Shape, Values } from "../../core/channels/shape.ts";
import { mainSpace } from "../../core/channels/space.ts";
import { type WakePolicy, wakePolicies } from "../../core/channels/wake-policy.ts";
import { human } from "../../core/instance.ts";
import { checkSenderName } from "../../core/names/address.ts";
import { nearest } from "../../core/names/suggest.ts";
import { printable } from "../../core/printable.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";

export interface ChannelCall extends Call {
  bus: Bus;
  space: string;
  /** Does one of the operations on channels that all doors share. */
  does<S extends Shape, R>(operation: Operation<S, R>, given: Values<S>): R;
  /** An agent by its full name; in the channels it stands by the one that never changes. */
  shown(participant: string): string;
}

export interface Word {
  word: string;
  /** What stands after the word, e.g. `CHANNEL [--wake POLICY]`. */
  usage: string;
  about: string;
  run(call: ChannelCall): Promise<number> | number;
}

/** Runs a word on a space, and then wakes whom it told something. */
export async function runWord(
  { run }: Word,
  call: Call,
  { bus, words }: { bus: Bus; words: readonly string[] },
): Promise<number> {
  const space = call.flags.value("space") ?? mainSpace;
  const { store, wake } = liveForAgents(bus, space);
  const line = (...parts: readonly Part[]) => call.out.line(...parts.map(harmless));
  const out = { ...call.out, line };
  try {
    const does: ChannelCall["does"] = (operation, given) => operation.run(store, given);
    return await run({ ...call, out, words, bus, space, does, shown: displayNames(bus) });
  } finally {
    await wake();
  }
}

/** Exactly so many words, or a usage error that says which. */
export function wordsOf(call: ChannelCall, ...names: string[]): string[] {
  if (call.words.length === names.length) return [...call.words];
  throw wrongUse(names.length === 0 ? "takes no arguments" : `takes ${names.join(" ")}`);
}

export function wrongUse(message: string): Refusal {
  return new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `channel: ${message}`,
    hint: "see: hcom channel --help",
  });
}

export function policyNamed(text: string): WakePolicy {
  const found = wakePolicies.find((policy) => policy === text.toLowerCase());
  if (found === undefined) throw wrongUse(`"${text}" is none of ${wakePolicies.join(", ")}`);
  return found;
}

/** By name or number. */
export function channelNamed(call: ChannelCall, written: string): Channel {
  const name = written.replace(/^#/, "");
  const found = findChannel(call.bus, call.space, name);
  if (found !== undefined) return found;
  const names = call.does(operations.list_channels, {}).map((one) => one.name);
  const close = nearest(name, names);
  const guess = close === undefined ? "" : ` - did you mean ${close}?`;
  throw new Refusal({
    code: "channel_not_found",
    exit: exitCode.notFound,
    message: `no channel "${name}"${guess}`,
    hint:
      names.length === 0
        ? `there are none yet: hcom channel create ${name}`
        : `channels: ${[...new Set(names)].join(", ")}`,
  });
}

/** Who joins, listens or reads: the calling agent, a human, or who `--as` says. */
export function participantOf(call: ChannelCall): string {
  const as = call.flags.value("as");
  if (as !== undefined) {
    checkActsFor(call.bus, { name: call.name }, as);
    return baseOf(call, as);
  }
  const identity = whoAmI(call.bus, { name: call.name });
  if (identity.kind === "instance") return identity.name;
  if (isInsideTool(call.bus)) requireInstance(call.bus, { name: call.name });
  return human;
}

/** What people see is a full name, and what they type; a name from outside stays what it is. */
export function baseOf({ bus }: ChannelCall, written: string): string {
  return findInstance(bus, written)?.name ?? written;
}

/** Who speaks: the calling agent, a human, or somebody outside with `--from`. */
export function speakerOf(call: ChannelCall): string {
  const from = call.flags.value("from");
  if (from !== undefined) checkSenderName(from);
  const sender = senderOf(call.bus, { name: call.name }, from);
  return sender.kind === "none" ? human : sender.name;
}

/** Names and texts are whatever somebody chose. */
function harmless(part: Part): Part {
  return typeof part === "string" ? printable(part) : style[part.tone](printable(part.text));
}
