// What is read seldom or only while it is looked at: channels, settings, health, a transcript.

import type { Bus } from "../../bus/bus.ts";
import { openLiveStore } from "../../bus/channels/live-store.ts";
import { readTranscript } from "../../bus/transcripts/transcript.ts";
import { effective } from "../../config/settings.ts";
import { Refusal } from "../../core/refusal.ts";
import { settingRows } from "../../core/setting.ts";
import { version } from "../../core/version.ts";
import { hooksStatus } from "../../hooks/install.ts";
import type {
  ChannelSeen,
  ChannelTalk,
  HealthSeen,
  SettingSeen,
  TranscriptSeen,
} from "../../view/world.ts";

const space = "main";
const mostSaid = 30;

export function channelsSeen(bus: Bus): ChannelSeen[] {
  const store = openLiveStore(bus, space);
  return store.listChannels().map((channel) => ({
    id: channel.id,
    name: channel.name,
    kind: channel.channel_type.toLowerCase(),
    state: channel.state ?? "",
    members: channel.participants,
    count: store.countMessages(channel.id),
  }));
}

/** The newest of what was said there. */
export function talkIn(bus: Bus, channel: number): ChannelTalk {
  const store = openLiveStore(bus, space);
  const all = store.receiveMessages(channel, { live: true });
  const messages = all.slice(-mostSaid).map((one) => ({
    id: one.id,
    atMs: Date.parse(one.timestamp),
    from: one.sender,
    text: one.content,
  }));
  return { id: channel, messages };
}

export function settingsSeen(bus: Bus): SettingSeen[] {
  return settingRows().map(({ key, describe }) => {
    const { value, source } = effective(bus.settings, key);
    return { key, value: String(value), source, about: describe };
  });
}

export async function healthSeen(bus: Bus): Promise<HealthSeen> {
  const hooks = (await hooksStatus(bus.system)).map((one) => ({
    tool: one.tool,
    state: hooksState(one),
    isGood: one.isPresent && one.problems.length === 0,
  }));
  return { version, directory: bus.paths.dir, hooks, problems: bus.settings.problems() };
}

function hooksState(found: { isPresent: boolean; problems: readonly string[] }): string {
  if (!found.isPresent) return "none";
  return found.problems.length === 0 ? "installed" : "incomplete";
}

export async function transcriptSeen(bus: Bus, name: string): Promise<TranscriptSeen> {
  try {
    const { exchanges } = await readTranscript(bus, {
      agent: name,
      span: { last: 5 },
      detail: "full",
    });
    return { name, exchanges, problem: "" };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { name, exchanges: [], problem: error.message };
  }
}
