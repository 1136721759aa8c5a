// What the dashboard knows of the world: plain data that a reader of the log keeps up to date.
// Times are epoch milliseconds, so that ages go on without anybody reading anything.
import type { Part } from "../cli/style.ts";
import type { Hold } from "../core/mail/hold.ts";
import type { Status } from "../core/status.ts";

export interface AgentSeen {
  /** Base name. */
  name: string;
  /** Display name. */
  shown: string;
  tool: string;
  status: Status;
  description: string;
  sinceMs: number;
  createdMs: number;
  unread: number;
  /** What holds its mail back, or whom it waits for. */
  hold: Hold | undefined;
  tag: string;
  directory: string;
  isHeadless: boolean;
  isRemote: boolean;
  /** A wrapper of ours shows its screen and types into it. */
  hasScreen: boolean;
  /** Where it runs, if that can be brought to the front. */
  pane: string;
  session: string;
  pid: number | undefined;
  parent: string;
}

export interface StoppedSeen {
  name: string;
  shown: string;
  tool: string;
  atMs: number;
  by: string;
  reason: string;
  tag: string;
  directory: string;
  canResume: boolean;
}

export interface MessageSeen {
  id: number;
  atMs: number;
  /** Display name, and base name. */
  from: string;
  sender: string;
  /** As words: `luna, nova`, `everybody`, `channel build`. */
  audience: string;
  /** Base names of those it is for. */
  recipients: readonly string[];
  text: string;
  intent: string;
  replyTo: number | undefined;
  thread: string;
  channel: string;
  isForHuman: boolean;
}

/** How far a message got at one of its recipients. */
export interface Fate {
  name: string;
  state: string;
  via: string;
  /** Why it is not further, and what to do about it. */
  hold: string;
  next: string;
}

export interface ActivitySeen {
  id: number;
  atMs: number;
  kind: "message" | "action" | "status" | "life" | "other";
  /** Base name of the subject. */
  name: string;
  who: readonly Part[];
  what: readonly Part[];
  /** Everything one may look for in it, in small letters. */
  words: string;
}

export interface ChannelSeen {
  id: number;
  name: string;
  kind: string;
  state: string;
  members: readonly string[];
  count: number;
}

export interface ChannelTalk {
  id: number;
  messages: readonly { id: number; atMs: number; from: string; text: string }[];
}

/** One agent's terminal as its wrapper sees it. */
export interface ScreenSeen {
  name: string;
  lines: readonly string[];
  /** A question that a key of ours can answer. */
  question: boolean;
  problem: string;
}

export interface TranscriptSeen {
  name: string;
  exchanges: readonly { position: number; user: string; action: string }[];
  problem: string;
}

export interface SettingSeen {
  key: string;
  value: string;
  source: string;
  about: string;
}

export interface HealthSeen {
  version: string;
  directory: string;
  hooks: readonly { tool: string; state: string; isGood: boolean }[];
  problems: readonly string[];
}

/** The group of machines, as this one sees it. */
export interface RelaySeen {
  isInGroup: boolean;
  isEnabled: boolean;
  /** In words, and whether they are good ones. */
  health: string;
  isWell: boolean;
  broker: string;
  roundTripMs: number | undefined;
  device: string;
  fingerprint: string;
  /** Events that are still to go out. */
  queued: number;
  devices: readonly DeviceSeen[];
  problems: readonly string[];
}

export interface DeviceSeen {
  short: string;
  presence: "online" | "away" | "left";
  /** How long ago, in words. */
  heard: string;
  agents: number;
  /** What is wrong with its clock. */
  clock: string;
}

export interface World {
  nowMs: number;
  agents: readonly AgentSeen[];
  stopped: readonly StoppedSeen[];
  /** Oldest first; only the newest of a long log. */
  messages: readonly MessageSeen[];
  activity: readonly ActivitySeen[];
  fates: ReadonlyMap<number, readonly Fate[]>;
  /** Mail of the person that was not read. */
  unread: number;
  /** The last message that the person has read. */
  readUpTo: number;
  channels: readonly ChannelSeen[];
  channelTalk: ChannelTalk | undefined;
  screens: ReadonlyMap<string, ScreenSeen>;
  transcript: TranscriptSeen | undefined;
  settings: readonly SettingSeen[];
  /** Those that one agent has of its own. */
  agentSettings: { name: string; settings: readonly SettingSeen[] } | undefined;
  health: HealthSeen | undefined;
  relay: RelaySeen | undefined;
  tools: readonly string[];
  terminals: readonly string[];
  /** What a search over the whole log has found. */
  found: { text: string; events: readonly ActivitySeen[] } | undefined;
  /** Why the log cannot be read just now. */
  problem: string;
}

export function emptyWorld(nowMs: number): World {
  return {
    nowMs,
    agents: [],
    stopped: [],
    messages: [],
    activity: [],
    fates: new Map(),
    unread: 0,
    readUpTo: 0,
    channels: [],
    channelTalk: undefined,
    screens: new Map(),
    transcript: undefined,
    settings: [],
    agentSettings: undefined,
    health: undefined,
    relay: undefined,
    tools: [],
    terminals: [],
    found: undefined,
    problem: "",
  };
}
