// Opens what a run of the server needs: the store that is meant, the journal of the run, and where
// changes that others make are heard of.
import { type Bus, lookAfter, openBus } from "../bus/bus.ts";
import type { StoreAccess } from "../bus/channels/access.ts";
import { locateStore, type StoreChoice } from "../bus/channels/locate.ts";
import { accessTo } from "../bus/channels/open-bus-store.ts";
import { openStore } from "../bus/channels/open-store.ts";
import { watchWakes } from "../bus/wake.ts";
import { Refusal } from "../core/refusal.ts";
import type { System } from "../sys/system.ts";
import { busJournal } from "./bus-journal.ts";
import { type Journal, memoryJournal, openConnection } from "./connection.ts";
import type { Callers, Door } from "./door.ts";
import { type Hub, hubOf } from "./hub.ts";
import { agentTools, onHub } from "./tools/agents.ts";
import { channelReadTool } from "./tools/catch-up.ts";
import { toolsWith } from "./tools/index.ts";
import { transcriptTool } from "./tools/transcript.ts";
import { watchDocument } from "./watch-document.ts";

export interface OpenedDoor extends Disposable {
  door: Door;
  /** Calls back when the store may have changed. */
  listen(onChange: () => void): Disposable;
}

const aboutChannels =
  "Channels for agents: create_channel, join_channel, send_message, receive_messages. Reading " +
  "changes nothing, so remember the timestamp of the last message you saw and pass it as since.";

const aboutAgents =
  "Agents on this machine: list shows who is here, send writes to them. Their messages come to " +
  "you by themselves; do not poll for them. In channels you act under your own name.";

/** The agents are on the bus: a document has only its channels. */
export async function openDoor(
  system: System,
  choice: StoreChoice,
  withBusTools: boolean,
): Promise<OpenedDoor> {
  const location = locateStore(choice, system);
  if (location.kind === "document") return onDocument(system, location.path);
  const bus = openBus(system, { writer: "mcp" });
  const door = doorTo(system, accessTo(bus, location.space), busJournal(bus, location));
  const hub = hubOf(bus, door.connection);
  const care = lookAfter(bus);
  return {
    door: withBusTools
      ? withAgents(door, hub, location.space)
      : { ...door, callers: callersOf(hub, false) },
    listen: (onChange) => watchWakes(bus, onChange),
    [Symbol.dispose]() {
      care[Symbol.dispose]();
      bus[Symbol.dispose]();
    },
  };
}

/** The log's database keeps only the journal. */
async function onDocument(system: System, path: string): Promise<OpenedDoor> {
  const store = await openStore(system, { kind: "document", path });
  const bus = busIfPossible(system);
  const journal = bus === undefined ? memoryJournal(system) : busJournal(bus, store.location);
  const care = bus && lookAfter(bus);
  return {
    door: doorTo(system, store, journal),
    listen: (onChange) => watchDocument(path, onChange),
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      care?.[Symbol.dispose]();
      bus?.[Symbol.dispose]();
    },
  };
}

/** A document must be served where there is no place for a database, too. */
function busIfPossible(system: System): Bus | undefined {
  try {
    return openBus(system, { writer: "mcp" });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { message: msg } = error;
    system.log({ level: "warn", subsystem: "mcp", event: "journal_in_memory", msg });
    return undefined;
  }
}

function doorTo(system: System, store: StoreAccess, journal: Journal): Door {
  return {
    name: "agentic-comm-mcp",
    instructions: aboutChannels,
    system,
    store,
    connection: openConnection(system, journal),
    tools: toolsWith(),
    afterAnswer: [],
    callers: undefined,
  };
}

function withAgents(door: Door, hub: Hub, space: string): Door {
  return {
    ...door,
    name: "hcom",
    instructions: `${aboutAgents} ${aboutChannels}`,
    tools: toolsWith(onHub([...agentTools, transcriptTool, channelReadTool(space)], hub)),
    callers: callersOf(hub, true),
  };
}

function callersOf(hub: Hub, mayOmit: boolean): Callers {
  return { mayOmit, nameOf: (meta) => hub.callerIn(meta).name, checkActor: hub.checkActor };
}
