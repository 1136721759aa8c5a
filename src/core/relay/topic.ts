// The topics of a group: one for the state of each device, one for requests.

export function stateTopic(group: string, device: string): string {
  return `${group}/${device}`;
}

export function controlTopic(group: string): string {
  return `${group}/control`;
}

/** One filter takes in both. */
export function groupFilter(group: string): string {
  return `${group}/+`;
}

export type Heard =
  | { kind: "control" }
  | { kind: "state"; device: string }
  /** Our own come back where the broker does not know "no local". */
  | { kind: "own" }
  | { kind: "foreign" };

export function readTopic(topic: string, group: string, self: string): Heard {
  if (!topic.startsWith(`${group}/`)) return { kind: "foreign" };
  const last = topic.slice(group.length + 1);
  if (last === "control") return { kind: "control" };
  if (last === self) return { kind: "own" };
  return last === "" || last.includes("/") ? { kind: "foreign" } : { kind: "state", device: last };
}
