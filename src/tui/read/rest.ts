// What is read seldom or only while it is looked at: channels, settings, health, a transcript.
import { instanceSettings } from "../../bus/agents/instance-settings.ts";
import type { Bus } from "../../bus/bus.ts";
import { openLiveStore } from "../../bus/channels/live-store.ts";
import { readTranscript } from "../../bus/transcripts/transcript.ts";
import { effective, lazySettings, sourceWord } from "../../config/settings.ts";
import type { Instance } from "../../core/instance.ts";
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

/** As the files are now; what the log was opened with is of before. */
export function settingsSeen(bus: Bus): SettingSeen[] {
  const settings = lazySettings(bus.paths, bus.system.env);
  return settingRows().map(({ key, describe }) => {
    const { value, source } = effective(settings, key);
    return { key, value: String(value), source: sourceWord(source), about: describe };
  });
}

/** What one agent has of its own, and what it shares with all. */
export function agentSettingsSeen(bus: Bus, name: string, row: Instance) {
  const { tag, timeout, hints, subagent_timeout } = instanceSettings(bus, row);
  const own = { tag: row.tag, timeout: row.wait_timeout, hints: row.hints || null };
  const isOwn: Record<string, unknown> = { ...own, subagent_timeout: row.subagent_timeout };
  const settings = Object.entries({ tag: tag ?? "", timeout, hints, subagent_timeout }).map(
    ([key, value]): SettingSeen => ({
      key,
      value: String(value),
      source: isOwn[key] === null || isOwn[key] === undefined ? "as for all" : "its own",
      about: settingRows().find((one) => one.key === key)?.describe ?? "",
    }),
  );
  return { name, settings };
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
