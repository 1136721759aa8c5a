// What of a state goes through a broker that takes no more: first what agents say of themselves is
// shortened, then those go that matter least elsewhere. What was left out is counted, never silent.
import { bytesOf } from "./batch.ts";
import { agentJson, type DeviceState, type LeftOut, type RemoteAgent } from "./payload.ts";
import { sharedJson } from "./shared-channel.ts";

export const nothingLeftOut: LeftOut = { agents: 0, channels: 0 };

/** `most`: bytes of JSON for agents and channels together. */
export function fitState(state: DeviceState, most: number): DeviceState {
  const channelsSize = state.channels.reduce((sum, one) => sum + sizeOf(sharedJson(one)), 0);
  const agentsSize = state.agents.reduce((sum, one) => sum + agentSize(one), 0);
  if (agentsSize + channelsSize <= most) return state;
  const channels = fitting(state.channels, Math.max(most / 3, most - agentsSize), (one) =>
    sizeOf(sharedJson(one)),
  );
  const left = most - channels.reduce((sum, one) => sum + sizeOf(sharedJson(one)), 0);
  const agents = fitting(state.agents.map(shortened).toSorted(byWeight), left, agentSize);
  const leftOut = {
    agents: state.agents.length - agents.length,
    channels: state.channels.length - channels.length,
  };
  return { ...state, agents, channels, leftOut };
}

function fitting<T>(all: readonly T[], most: number, size: (one: T) => number): T[] {
  let left = most;
  return all.filter((one) => {
    const cost = size(one);
    if (cost > left) return false;
    left -= cost;
    return true;
  });
}

function shortened(agent: RemoteAgent): RemoteAgent {
  const short = (text: string) => text.slice(0, 40).toWellFormed();
  return {
    ...agent,
    context: short(agent.context),
    detail: short(agent.detail),
    transcript: "",
  };
}

/** Who runs, and is nobody's subagent, is written to; among those, who did something last. */
function byWeight(a: RemoteAgent, b: RemoteAgent): number {
  const weight = (one: RemoteAgent) =>
    (one.status === "inactive" ? 0 : 2) + (one.parent === null ? 1 : 0);
  return weight(b) - weight(a) || b.statusTime - a.statusTime || (a.base < b.base ? -1 : 1);
}

/** With its name in front and a comma behind. */
function agentSize(agent: RemoteAgent): number {
  return sizeOf(agentJson(agent)) + agent.base.length + 4;
}

function sizeOf(json: object): number {
  return bytesOf(JSON.stringify(json)) + 1;
}
