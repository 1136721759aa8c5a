// What an empty screen says: the next step that fits who is asking. A person is told how to start
// an agent, an agent program how to join.
import { type Identity, isInsideTool } from "../bus/agents/identity.ts";
import type { Bus } from "../bus/bus.ts";
import { countInbox } from "../bus/inbox.ts";
import { human } from "../core/instance.ts";
import { toolNames } from "../tools/index.ts";
import { type Part, style } from "./style.ts";

/** Who the caller is here. `name` is its display name, when it is an agent. */
export function selfLine(bus: Bus, name: string | undefined): Part[] {
  if (name !== undefined) return ["Your name: ", style.name(name)];
  if (isInsideTool(bus)) return ["You have no name yet; join: hcom start"];
  const waiting = countInbox(bus);
  const mail = waiting === 0 ? [] : [". ", style.warn(`${waiting} unread`), ": hcom inbox"];
  return ["You are ", style.name(human), ", the person here", ...mail];
}

/** Nobody but a person calls from outside every agent program. */
export function isPerson(bus: Bus, self: Identity): boolean {
  return self.kind !== "instance" && !isInsideTool(bus);
}

export function nextStep(bus: Bus, self: Identity): string[] {
  if (self.kind === "instance") return ["Nobody else is here."];
  if (isInsideTool(bus)) return ["No agents are here. Join: hcom start"];
  return [`No agents are running. ${startOne}`];
}

/** What a person does about an empty screen. */
export const startOne = `Start one: hcom ${toolNames[0]}  (or ${toolNames.slice(1).join(", ")})`;

/** An agent knows how it was started. */
export function nobodyHere(caller: Parameters<typeof isInsideTool>[0]): string {
  return isInsideTool(caller) ? "nobody is here" : `nobody is here. Start: hcom ${toolNames[0]}`;
}
