// One frame without a terminal: as text, or the model behind it as data.
import type { Bus } from "../bus/bus.ts";
import { describe } from "../view/describe.ts";
import { type Look, painted } from "../view/paint.ts";
import { show } from "../view/show.ts";
import { firstState, type State } from "../view/state.ts";
import { update } from "../view/update.ts";
import type { ViewName } from "../view/view-name.ts";
import { relaySeen } from "./read/relay.ts";
import { channelsSeen, healthSeen, settingsSeen, talkIn, transcriptSeen } from "./read/rest.ts";
import { openReader, search } from "./reader.ts";

export interface Once {
  view: ViewName;
  width: number;
  height: number;
  filter: string;
}

export async function frameOnce(bus: Bus, once: Once, look: Look): Promise<string[]> {
  return painted(show(await stateOnce(bus, once)), look);
}

export async function modelOnce(bus: Bus, once: Once) {
  return describe(await stateOnce(bus, once));
}

async function stateOnce(bus: Bus, once: Once): Promise<State> {
  const nowMs = bus.system.now();
  let state = firstState({ nowMs, ...once });
  const take = (world: Partial<State["world"]>) => {
    state = update(state, { kind: "world", world }).state;
  };
  const reader = openReader(bus);
  take(reader.news(state.world) ?? {});
  take(reader.earlier());
  take(await reader.people(state.world));
  const agent = state.world.agents[0]?.name ?? "";
  if (once.view === "channels") {
    const channels = channelsSeen(bus);
    const [first] = channels;
    take({ channels, ...(first === undefined ? {} : { channelTalk: talkIn(bus, first.id) }) });
  }
  if (once.view === "agent" && agent !== "") take({ transcript: await transcriptSeen(bus, agent) });
  if (once.view === "relay") take({ relay: await relaySeen(bus) });
  if (once.view === "settings")
    take({ settings: settingsSeen(bus), health: await healthSeen(bus) });
  if (once.filter !== "") {
    state = { ...state, filter: { [once.view]: once.filter } };
    take(search(bus, once.filter));
  }
  return { ...state, agent, pane: "words" };
}
