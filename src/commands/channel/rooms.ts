// hcom channel list, create, info, join, leave, wake, config: the channels and who is in them.

import { findInstance } from "../../bus/agents/identity.ts";
import { checkOwnSettings, ownerOf, shareChannel } from "../../bus/channels/live/share.ts";
import {
  bindMember,
  channelIdsNamed,
  channelsOf,
  endsAfter,
  setTopicWake,
  setWake,
  unreadOf,
} from "../../bus/channels/live-members.ts";
import { wrapped } from "../../cli/person/wrap.ts";
import { type Part, style } from "../../cli/style.ts";
import { type Cell, table } from "../../cli/table.ts";
import { clock } from "../../cli/when.ts";
import { type Channel, parseChannelType } from "../../core/channels/channel.ts";
import { operations } from "../../core/channels/operations.ts";
import { alreadyInChannel } from "../../core/channels/refusals.ts";
import { human } from "../../core/instance.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { awayAfter } from "../../core/relay/device.ts";
import {
  type ChannelCall,
  channelNamed,
  participantOf,
  policyNamed,
  type Word,
  wordsOf,
  wrongUse,
} from "./call.ts";

export const roomWords: readonly Word[] = [
  {
    word: "list",
    usage: "[--as NAME]",
    about: "the channels, who is in them, and what you have not read",
    run: list,
  },
  {
    word: "create",
    usage: "NAME [--type TYPE] [--max N] [--ttl SECONDS] [--shared]",
    about: "open a channel; --shared: for agents of all machines of the group",
    run(call) {
      const [name = ""] = wordsOf(call, "NAME");
      const channel_type = call.flags.value("type");
      // What is wrong with the words is said first.
      parseChannelType(channel_type ?? "group");
      checkFreeName(call, name);
      const given = { name, channel_type, ...configOf(call) };
      const channel = call.bus.db.write(() => {
        const made = call.does(operations.create_channel, given);
        if (call.flags.has("shared"))
          shareChannel(call.bus, { space: call.space, channel: made.id });
        return made;
      });
      if (call.json) call.out.json(channel);
      else
        call.out.line(
          `Created ${described(channel)}. Join it: hcom channel join ${wayTo(call, channel)}`,
        );
      return exitCode.ok;
    },
  },
  {
    word: "info",
    usage: "CHANNEL",
    about: "one channel in full",
    run(call) {
      const [word = ""] = wordsOf(call, "CHANNEL");
      const channel = channelNamed(call, word);
      if (call.json) call.out.json(channel);
      else printInfo(call, channel);
      return exitCode.ok;
    },
  },
  {
    word: "join",
    usage: "CHANNEL [--wake POLICY] [--as NAME]",
    about: "what is said there reaches you from now on",
    run: join,
  },
  {
    word: "leave",
    usage: "CHANNEL [--as NAME]",
    about: "hear no more of it",
    run(call) {
      const [word = ""] = wordsOf(call, "CHANNEL");
      const channel = channelNamed(call, word);
      const participant = participantOf(call);
      call.does(operations.leave_channel, { channel_id: channel.id, participant });
      return said(call, { channel: channel.name, participant, status: "left" });
    },
  },
  {
    word: "wake",
    usage: "CHANNEL|TOPIC POLICY [--as NAME]",
    about: "how soon you hear: push (at once), next-turn, digest (a count then), mute",
    run(call) {
      const [word = "", policy = ""] = wordsOf(call, "CHANNEL|TOPIC", "POLICY");
      const wake = policyNamed(policy);
      const participant = participantOf(call);
      const topics = call
        .does(operations.list_subscriptions, {})
        .filter((one) => one.subscriber === participant && one.topic === word);
      if (topics.length > 0) {
        setTopicWake(call.bus, { space: call.space, subscriber: participant, topic: word }, wake);
      } else {
        const channelId = channelNamed(call, word).id;
        setWake(call.bus, { space: call.space, channelId, participant }, wake);
      }
      return said(call, { channel: word, participant, status: "set", wake });
    },
  },
  {
    word: "config",
    usage: "CHANNEL [--max N] [--ttl SECONDS] [--persistence BOOL] [--encryption BOOL]",
    about: "show or change how a channel works",
    run(call) {
      const [word = ""] = wordsOf(call, "CHANNEL");
      const { id } = channelNamed(call, word);
      const change = configOf(call);
      if (Object.values(change).some((one) => one !== undefined))
        checkOwnSettings(call.bus, { space: call.space, channel: id });
      const channel = call.does(operations.set_channel_config, { channel_id: id, ...change });
      if (call.json) call.out.json(channel.config);
      else {
        call.out.line(...titleOf(channel));
        printFacts(call, configFacts(call, channel));
      }
      return exitCode.ok;
    },
  },
];

/** Where channels are named by their names, a second one of a name would be a trap. */
function checkFreeName(call: ChannelCall, name: string): void {
  const [first] = channelIdsNamed(call.bus, call.space, name);
  if (first === undefined || call.go) return;
  throw new Refusal({
    code: "channel_exists",
    message: `there is a channel ${name} already: channel ${first}`,
    hint: `join it: hcom channel join ${name}; or make a second one of that name: --go`,
  });
}

/** What leads to this channel and no other one. */
function wayTo(call: ChannelCall, { id, name }: Channel): string {
  return channelIdsNamed(call.bus, call.space, name).length > 1 ? String(id) : name;
}

function list(call: ChannelCall): number {
  wordsOf(call);
  const channels = call.does(operations.list_channels, {});
  const me = findInstance(call.bus, participantOf(call));
  const own = me === undefined ? undefined : channelsOf(call.bus, me.principal);
  if (call.json) {
    call.out.json({ channels, own: own ?? { memberships: [], subscriptions: [] } });
    return exitCode.ok;
  }
  const { out } = call;
  if (channels.length === 0) out.line("No channels yet. Open one: hcom channel create NAME");
  const seats = own?.memberships.filter(({ space }) => space === call.space) ?? [];
  const rows = channels.map((channel): Cell[] => {
    const wake = seats.find((one) => one.channel.id === channel.id)?.wake ?? "";
    const number = [style.faint(`#${channel.id}`), stateOf(channel)];
    return [
      style.name(channel.name),
      number,
      unreadCell(call, channel),
      wake,
      members(call, channel),
    ];
  });
  for (const one of own?.subscriptions ?? []) {
    const number = style.faint(`subscription ${one.id}`);
    rows.push([["topic ", style.name(one.topic)], number, countCell(one.unread), one.wake, ""]);
  }
  // Of whoever is in none of them there is nothing to say in some columns.
  const head = listHead.map((word, at) => (rows.some((row) => row[at] !== "") ? word : ""));
  const heads = out.view.isForPeople && rows.length > 0 ? [head] : [];
  for (const line of table([...heads, ...rows], listColumns, out.view.width)) out.line(...line);
  if (out.view.isForPeople && channels.length > 0) {
    out.line();
    out.line(style.faint("Read: hcom channel read NAME.  Join: hcom channel join NAME"));
  }
  return exitCode.ok;
}

const listColumns = [{ least: 10 }, {}, {}, {}, { least: 10 }];
const listHead = ["CHANNEL", "NUMBER", "UNREAD", "YOU HEAR", "MEMBERS"].map(style.faint);

/** What the caller has not read there; nothing where it listens to nobody. */
function unreadCell(call: ChannelCall, channel: Channel): Cell {
  const participant = participantOf(call);
  if (!channel.participants.includes(participant)) return "";
  const seat = { space: call.space, channelId: channel.id, participant };
  return countCell(unreadOf(call.bus, seat, 1).total);
}

function countCell(unread: number): Cell {
  return unread > 0 ? style.warn(`+${unread}`) : style.faint("none");
}

function join(call: ChannelCall): number {
  const [word = ""] = wordsOf(call, "CHANNEL");
  const policy = call.flags.value("wake");
  const wake = policy === undefined ? undefined : policyNamed(policy);
  const channel = channelNamed(call, word);
  const participant = participantOf(call);
  const seat = { space: call.space, channelId: channel.id, participant };
  call.bus.db.write(() => {
    if (channel.participants.includes(participant)) takeSeat(call, seat);
    else call.does(operations.join_channel, { channel_id: channel.id, participant });
    if (wake !== undefined) setWake(call.bus, seat, wake);
  });
  return said(call, { channel: channel.name, participant, status: "joined", wake: wake ?? "push" });
}

/** A name that was there before its agent came, as in a document that was taken in. */
function takeSeat(
  call: ChannelCall,
  seat: { space: string; channelId: number; participant: string },
): void {
  const agent = findInstance(call.bus, seat.participant);
  const own = agent === undefined ? undefined : channelsOf(call.bus, agent.principal);
  const isThere = own?.memberships.some(
    (one) => one.space === seat.space && one.channel.id === seat.channelId,
  );
  if (agent === undefined || isThere) throw alreadyInChannel(seat.participant, seat.channelId);
  bindMember(call.bus, { ...seat, principal: agent.principal });
}

function said(call: ChannelCall, what: Record<string, string>): number {
  if (call.json) call.out.json(what);
  else {
    const { participant = "", status, channel, wake } = what;
    const isYou = participant === human && !call.flags.has("as");
    const policy = isYou ? `; you hear ${heardOf(wake ?? "")}` : ` (${wake})`;
    const how = wake === undefined ? "" : policy;
    call.out.line(`${isYou ? "You" : call.shown(participant)} ${status} ${channel}${how}`);
  }
  return exitCode.ok;
}

/** What a policy means, with its own name. */
function heardOf(wake: string): string {
  const meanings: Readonly<Record<string, string>> = {
    push: "at once",
    "next-turn": "at the next turn",
    digest: "a count at the next turn",
    mute: "nothing of it",
  };
  return `${meanings[wake] ?? ""} (${wake})`.trimStart();
}

function configOf(call: ChannelCall) {
  return {
    max_participants: call.flags.number("max"),
    ttl_seconds: call.flags.number("ttl"),
    persistence: yesOrNo(call, "persistence"),
    encryption_required: yesOrNo(call, "encryption"),
  };
}

function yesOrNo(call: ChannelCall, flag: string): boolean | undefined {
  const text = call.flags.value(flag)?.toLowerCase();
  if (text === undefined) return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw wrongUse(`--${flag} takes true or false, not "${text}"`);
}

function titleOf(channel: Channel): Part[] {
  return [style.name(channel.name), style.faint(kindOf(channel))];
}

function described(channel: Channel): string {
  return `${channel.name}${kindOf(channel)}`;
}

/** Its number, and its kind where that is not the usual one. */
function kindOf(channel: Channel): string {
  return ` (channel ${channel.id}${stateOf(channel)})`;
}

function stateOf({ channel_type: type, state }: Channel): string {
  const kind = type === "Group" ? "" : `, ${type.toLowerCase()}`;
  return state === undefined ? kind : `${kind}, ${state.toLowerCase()}`;
}

function members(call: ChannelCall, channel: Channel): string {
  const participants = channel.participants.map(call.shown);
  if (participants.length === 0) return "nobody";
  const more = participants.length > 8 ? ` +${participants.length - 8}` : "";
  return participants.slice(0, 8).join(", ") + more;
}

function printInfo(call: ChannelCall, channel: Channel): void {
  const { participants } = channel;
  call.out.line(...titleOf(channel));
  printFacts(call, [
    ["opened", clock(Date.parse(channel.created_at), call.system.now()).trimStart()],
    ["members", participants.length === 0 ? "nobody" : participants.map(call.shown).join(", ")],
    ...groupFacts(call, channel),
    ...configFacts(call, channel),
  ]);
}

type Fact = [name: string, value: string];

function printFacts({ out }: ChannelCall, facts: readonly Fact[]): void {
  const indent = Math.max(...facts.map(([name]) => name.length)) + 5;
  for (const [name, value] of facts) {
    const line = [style.faint(`  ${`${name}:`.padEnd(indent - 2)}`), value];
    for (const one of wrapped(line, { width: out.view.width, indent })) out.line(...one);
  }
}

function groupFacts(call: ChannelCall, { id }: Channel): Fact[] {
  const owner = ownerOf(call.bus, { space: call.space, channel: id });
  if (owner === undefined) return [];
  if (owner.device === undefined) return [["shared", "with all machines of the group"]];
  const age = call.system.now() / 1000 - (owner.heardAt ?? 0);
  const isAway = age > awayAfter;
  const away = ", which is away: posts and joins go on, its settings stay as they are";
  return [
    ["shared", `with all machines of the group, made by ${owner.device}${isAway ? away : ""}`],
  ];
}

/** A number that came with a document was nobody's choice here. */
function lifeOf(ttl: number, ends: number): string {
  if (ttl === 0) return "for good";
  if (ends > 0) return `until ${ends} s after they were said`;
  const idle = `ttl_seconds ${ttl} came with a document and ends nothing until set here`;
  return `for good: ${idle}`;
}

function configFacts(call: ChannelCall, { id, config }: Channel): Fact[] {
  const { max_participants: max, ttl_seconds: ttl } = config;
  const recorded = "written down for other programs; hcom acts the same either way";
  return [
    ["limit", max === 0 ? "none" : `at most ${max} members`],
    ["kept", lifeOf(ttl, endsAfter(call.bus, call.space, id))],
    ["persistence", `${config.persistence} (${recorded})`],
    ...(config.encryption_required ? [["encryption", `true (${recorded})`] satisfies Fact] : []),
  ];
}
