// The views there are, in the order of their keys, and what they are called.
export const viewNames = [
  "agents",
  "talk",
  "activity",
  "agent",
  "approvals",
  "channels",
  "launch",
  "settings",
  "relay",
] as const;
export type ViewName = (typeof viewNames)[number];

const titles: Readonly<Record<ViewName, string>> = {
  agents: "Agents",
  talk: "Talk",
  activity: "Activity",
  agent: "Agent",
  approvals: "Approvals",
  channels: "Channels",
  launch: "Launch",
  settings: "Settings",
  relay: "Relay",
};

export function titleOf(view: ViewName): string {
  return titles[view];
}
