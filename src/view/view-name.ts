// The views there are, in the order of their keys.
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
