// The rows of each view in their order: sorted, grouped and filtered. The reader stands on one of
// them, known by its id, so that it stays where it is when others come and go.
import { textOf } from "../cli/style.ts";
import { needsHuman } from "./marks.ts";
import type { State } from "./state.ts";
import type { ViewName } from "./view-name.ts";
import type {
  ActivitySeen,
  AgentSeen,
  ChannelSeen,
  DeviceSeen,
  MessageSeen,
  StoppedSeen,
} from "./world.ts";

export type Row =
  | { kind: "agent"; id: string; agent: AgentSeen }
  | { kind: "stopped"; id: string; stopped: StoppedSeen }
  | { kind: "message"; id: string; message: MessageSeen }
  | { kind: "event"; id: string; event: ActivitySeen }
  | { kind: "channel"; id: string; channel: ChannelSeen }
  | { kind: "field"; id: string }
  | { kind: "setting"; id: string }
  | { kind: "device"; id: string; device: DeviceSeen };

export const launchFields = [
  ...(["tool", "count", "tag", "directory", "terminal", "headless", "prompt"] as const),
] as const;

/** Of one state they are made once: several parts of a frame, and its keys, look at them. */
const made = new WeakMap<State, Map<ViewName, Row[]>>();

export function rowsOf(state: State, view: ViewName = state.view): readonly Row[] {
  const known = made.get(state) ?? new Map<ViewName, Row[]>();
  made.set(state, known);
  const rows = known.get(view) ?? rowsMade(state, view);
  known.set(view, rows);
  return rows;
}

function rowsMade(state: State, view: ViewName): Row[] {
  switch (view) {
    case "agents":
      return agentRows(state);
    case "talk":
      return messagesShown(state).map(messageRow);
    case "activity":
      return eventsShown(state).map(eventRow);
    case "agent":
      if (state.pane === "settings") return ownSettings(state);
      return mailOf(state, state.agent).map(messageRow);
    case "approvals":
      return sorted(state.world.agents.filter(needsHuman))
        .filter((one) => contains(state, "approvals", wordsOfAgent(one)))
        .map(agentRow);
    case "channels":
      return state.world.channels
        .filter((one) => contains(state, "channels", [one.name, one.kind, ...one.members]))
        .map((channel) => ({ kind: "channel", id: `${channel.id}`, channel }));
    case "launch":
      return launchFields.map((id) => ({ kind: "field", id }));
    case "settings":
      return state.world.settings
        .filter((one) => contains(state, "settings", [one.key, one.value, one.about]))
        .map(({ key }) => ({ kind: "setting", id: key }));
    case "relay":
      return (state.world.relay?.devices ?? []).map((device) => ({
        kind: "device",
        id: device.short,
        device,
      }));
  }
}

function ownSettings({ world, agent }: State): Row[] {
  const own = world.agentSettings?.name === agent ? world.agentSettings.settings : [];
  return own.map(({ key }) => ({ kind: "setting", id: key }));
}

/** Where the reader stands: the row that was chosen, or where one begins to read. */
export function chosenAt(state: State, rows: readonly Row[], view: ViewName = state.view): number {
  if (view === "launch") return state.form.at;
  const wanted = state.at[view];
  const found = wanted === undefined ? -1 : rows.findIndex((row) => row.id === wanted);
  if (found >= 0) return found;
  return readsFromBelow(state, view) ? rows.length - 1 : 0;
}

/** What is newest stands at the bottom, and there one reads. */
export function readsFromBelow({ pane }: State, view: ViewName): boolean {
  if (view === "agent") return pane !== "settings";
  return view === "talk" || view === "activity";
}

export function chosenRow(state: State, view: ViewName = state.view): Row | undefined {
  const rows = rowsOf(state, view);
  return rows[chosenAt(state, rows, view)];
}

/** Whom actions mean: the marked ones, else the one that the chosen row is about. */
export function meant(state: State): string[] {
  if (state.view === "agents" && state.marked.size > 0) {
    return state.world.agents.filter((one) => state.marked.has(one.name)).map((one) => one.name);
  }
  const name = subjectOf(state);
  return name === undefined ? [] : [name];
}

/** Base name of the agent that the chosen row is about. */
export function subjectOf(state: State): string | undefined {
  if (state.view === "agent") return state.agent === "" ? undefined : state.agent;
  const row = chosenRow(state);
  switch (row?.kind) {
    case "agent":
      return row.agent.name;
    case "stopped":
      return row.stopped.name;
    case "event":
      return row.event.name;
    case "message":
      return isHere(state, row.message.sender)
        ? row.message.sender
        : row.message.recipients.find((name) => isHere(state, name));
    default:
      return undefined;
  }
}

export function isHere(state: State, name: string): boolean {
  return state.world.agents.some((one) => one.name === name);
}

/** What an agent asks stands on the screen. */
export function isSeen({ view, pane }: State): boolean {
  return view === "approvals" || (view === "agent" && pane === "screen");
}

export function agentNamed(state: State, name: string): AgentSeen | undefined {
  return state.world.agents.find((one) => one.name === name);
}

export function shownName(state: State, base: string): string {
  return agentNamed(state, base)?.shown ?? base;
}

export function messageOf(state: State, id: number): MessageSeen | undefined {
  return state.world.messages.find((one) => one.id === id);
}

/** The last thing an agent said, by base name. */
export function lastWords(state: State): ReadonlyMap<string, MessageSeen> {
  return new Map(state.world.messages.map((message) => [message.sender, message]));
}

/** What an agent sent or was sent. */
export function mailOf(state: State, name: string): MessageSeen[] {
  return state.world.messages.filter((one) => one.sender === name || one.recipients.includes(name));
}

/** The group of an agent, as it is grouped now; the needy come first. */
export function groupOf(state: State, agent: AgentSeen): string {
  if (state.grouping === "tag") return agent.tag === "" ? "no tag" : agent.tag;
  if (state.grouping === "directory") return agent.directory === "" ? "nowhere" : agent.directory;
  return needsHuman(agent) ? "needs you" : "";
}

function agentRows(state: State): Row[] {
  const { agents, stopped } = state.world;
  const shown = sorted(agents.filter((one) => contains(state, "agents", wordsOfAgent(one))));
  const rows = state.grouping === "need" ? shown : byGroup(state, shown);
  if (!state.showsStopped) return rows.map(agentRow);
  const gone = stopped.filter((one) => contains(state, "agents", [one.shown, one.tool]));
  return [
    ...rows.map(agentRow),
    ...gone.map((one): Row => ({ kind: "stopped", id: `stopped ${one.name}`, stopped: one })),
  ];
}

function wordsOfAgent({ shown, tool, description, directory, tag, hold }: AgentSeen): string[] {
  return [shown, tool, description, directory, tag, hold?.text ?? ""];
}

const messageRow = once((message: MessageSeen): Row => {
  return { kind: "message", id: `#${message.id}`, message };
});

const eventRow = once((event: ActivitySeen): Row => {
  return { kind: "event", id: `#${event.id}`, event };
});

/** What is known of them does not change, so neither does their row. */
function once<T extends object>(make: (one: T) => Row): (one: T) => Row {
  const known = new WeakMap<T, Row>();
  return (one) => {
    const row = known.get(one) ?? make(one);
    known.set(one, row);
    return row;
  };
}

function agentRow(agent: AgentSeen): Row {
  return { kind: "agent", id: agent.name, agent };
}

/** Who needs a person, who works, who rests; by name among equals. */
function sorted(agents: readonly AgentSeen[]): AgentSeen[] {
  const rank = (one: AgentSeen) => (needsHuman(one) ? 0 : (order[one.status] ?? 3));
  // Who has waited longest comes first.
  const waiting = (one: AgentSeen) => (needsHuman(one) ? one.sinceMs : 0);
  return [...agents].sort(
    (a, b) => rank(a) - rank(b) || waiting(a) - waiting(b) || compare(a.shown, b.shown),
  );
}

const order: Readonly<Record<string, number>> = {
  ...{ blocked: 0, error: 0, active: 1, launching: 1, pending: 1, listening: 2 },
  ...{ inactive: 4, stopped: 5 },
};

function byGroup(state: State, agents: readonly AgentSeen[]): AgentSeen[] {
  return [...agents].sort((a, b) => compare(groupOf(state, a), groupOf(state, b)));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function messagesShown(state: State): readonly MessageSeen[] {
  const { found, messages } = state.world;
  const filter = state.filter.talk ?? "";
  if (filter === "") return messages;
  const isSearched = found !== undefined && found.text === filter;
  const ids = new Set(isSearched ? found.events.map((one) => one.id) : []);
  return messages.filter(
    (one) =>
      ids.has(one.id) ||
      contains(state, "talk", [one.text, one.from, one.audience, `#${one.id}`, marked(one)]),
  );
}

/** So that a filter can name a thread, or an agent at either end. */
function marked(one: MessageSeen): string {
  const names = [one.sender, ...one.recipients].map((name) => `@${name} `).join("");
  return `${names}thread:${one.thread} channel:${one.channel} ${one.intent}`;
}

function eventsShown(state: State): readonly ActivitySeen[] {
  const { found, activity } = state.world;
  const filter = (state.filter.activity ?? "").toLowerCase();
  const isSearched = filter !== "" && found?.text.toLowerCase() === filter;
  const all = isSearched ? merged(found?.events ?? [], activity) : activity;
  const words = filter.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0 && state.kinds === "all") return all;
  const ids = new Set(isSearched ? found?.events.map((one) => one.id) : []);
  return all.filter(
    (one) =>
      (state.kinds === "all" || one.kind === state.kinds) &&
      (ids.has(one.id) || words.every((word) => one.words.includes(word))),
  );
}

function merged(a: readonly ActivitySeen[], b: readonly ActivitySeen[]): ActivitySeen[] {
  const all = new Map([...a, ...b].map((one) => [one.id, one]));
  return [...all.values()].sort((one, other) => one.id - other.id);
}

/** Every word of the view's filter stands in one of these texts. */
function contains(state: State, view: ViewName, texts: readonly string[]): boolean {
  const filter = state.filter[view] ?? "";
  if (filter === "") return true;
  const all = texts.join("\n").toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** The words of an event that one may look for. */
export function wordsOf(event: Pick<ActivitySeen, "who" | "what" | "name">): string {
  return [event.name, ...event.who, " ", ...event.what].map(textOf).join("").toLowerCase();
}
