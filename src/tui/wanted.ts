// What the open view shows besides the log: an agent's screen, its transcript, a channel's talk.
// Nothing of it is read while nobody looks.
import type { Bus } from "../bus/bus.ts";
import { type Instance, launchContextOf } from "../core/instance.ts";
import { asObject, asText, asTexts } from "../core/json.ts";
import { Refusal } from "../core/refusal.ts";
import { callControl } from "../delivery/control.ts";
import { subjectOf } from "../view/rows.ts";
import type { State } from "../view/state.ts";
import type { ScreenSeen, World } from "../view/world.ts";
import { relaySeen } from "./read/relay.ts";
import {
  agentSettingsSeen,
  channelsSeen,
  healthSeen,
  settingsSeen,
  talkIn,
  transcriptSeen,
} from "./read/rest.ts";

const answerMs = 1000;

/** A screen changes without telling anybody, the rest with the log or seldom. */
export function wantedPace(state: State): "screen" | "log" | "none" {
  const { view, pane } = state;
  if (view === "approvals" || (view === "agent" && pane === "screen")) return "screen";
  const isListed = view === "channels" || view === "relay" || view === "settings";
  return isListed || view === "agent" || namesChannel(state) ? "log" : "none";
}

/** undefined when nothing is wanted, or nothing is new. */
export async function readWanted(
  bus: Bus,
  state: State,
  rowOf: (name: string) => Instance | undefined,
): Promise<Partial<World> | undefined> {
  const names = ofNames(bus, state);
  if (names !== undefined) return names;
  switch (state.view) {
    case "approvals":
    case "agent":
      return ofAgent(bus, state, rowOf);
    case "channels":
      return ofChannels(bus, state);
    case "relay": {
      const relay = await relaySeen(bus);
      return isSame(relay, state.world.relay) ? undefined : { relay };
    }
    case "settings":
      return await ofSettings(bus, state);
    default:
      return undefined;
  }
}

async function ofSettings(bus: Bus, { world }: State): Promise<Partial<World> | undefined> {
  const settings = settingsSeen(bus);
  if (world.health === undefined) return { settings, health: await healthSeen(bus) };
  return isSame(settings, world.settings) ? undefined : { settings };
}

/** So that they can be completed. */
function ofNames(bus: Bus, state: State): Partial<World> | undefined {
  if (!namesChannel(state)) return undefined;
  const { world } = state;
  const channels = channelsSeen(bus);
  return isSame(channels, world.channels) ? undefined : { channels };
}

function namesChannel({ mode }: State): boolean {
  return mode.kind === "write" && mode.editor.text.includes("#");
}

async function ofAgent(
  bus: Bus,
  state: State,
  rowOf: (name: string) => Instance | undefined,
): Promise<Partial<World> | undefined> {
  const name = subjectOf(state);
  const row = name === undefined ? undefined : rowOf(name);
  if (name === undefined || row === undefined) return undefined;
  if (state.view === "agent" && state.pane === "words") {
    const transcript = await transcriptSeen(bus, name);
    return isSame(transcript, state.world.transcript) ? undefined : { transcript };
  }
  if (state.view === "agent" && state.pane === "settings") {
    const agentSettings = agentSettingsSeen(bus, name, row);
    return isSame(agentSettings, state.world.agentSettings) ? undefined : { agentSettings };
  }
  const screen = await screenOf(name, row);
  if (isSame(screen, state.world.screens.get(name))) return undefined;
  return { screens: new Map([[name, screen]]) };
}

function isSame(a: unknown, b: unknown): boolean {
  return Bun.deepEquals(a, b);
}

async function screenOf(name: string, row: Instance): Promise<ScreenSeen> {
  const socket = launchContextOf(row).control_socket;
  if (socket === undefined) {
    return { name, lines: [], question: false, problem: "it runs in no terminal of hcom" };
  }
  try {
    const found = asObject(await callControl(socket, { op: "screen" }, answerMs));
    const lines = asTexts(found["lines"]).map((line) => line.trimEnd());
    return { name, lines, question: found["answerable"] === true, problem: "" };
  } catch (error) {
    const problem = error instanceof Refusal ? error.message : "its wrapper does not answer";
    return { name, lines: [], question: false, problem: asText(problem) ?? "" };
  }
}

function ofChannels(bus: Bus, state: State): Partial<World> | undefined {
  const channels = channelsSeen(bus);
  const chosen = channels.find((one) => String(one.id) === state.at.channels) ?? channels[0];
  const channelTalk = chosen === undefined ? undefined : talkIn(bus, chosen.id);
  const { world } = state;
  if (isSame(channels, world.channels) && isSame(channelTalk, world.channelTalk)) return undefined;
  return { channels, channelTalk };
}
