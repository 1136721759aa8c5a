// The group of machines that this one is in: how the way to it is, and who else is there.
import { type Part, style } from "../../cli/style.ts";
import { columns, fit, folded, type Line } from "../line.ts";
import { chosenAt, rowsOf } from "../rows.ts";
import type { State } from "../state.ts";
import { filled, listed } from "../window.ts";
import type { DeviceSeen, RelaySeen } from "../world.ts";
import { chosenLine } from "./agents.ts";

export function showRelay(state: State, width: number, height: number): Line[] {
  const { relay } = state.world;
  if (relay === undefined)
    return filled([{ parts: [style.faint("  looking ...")] }], height, width);
  if (!relay.isInGroup) return filled(alone(state, width), height, width);
  const rows = rowsOf(state);
  const at = chosenAt(state, rows);
  const top = factLines(relay, width);
  const list = listed(
    rows.map((row, nth) =>
      row.kind === "device" ? [deviceLine(state, row.device, nth === at)] : [],
    ),
    at,
    { height: Math.max(0, height - top.length - 1), width },
  );
  const none: Line = { parts: ["  No other machine has been here yet."] };
  return filled([...top, { parts: [] }, ...(rows.length === 0 ? [none] : list)], height, width);
}

function alone({ keys }: State, width: number): Line[] {
  const keyOf = (action: string) => keys.find((one) => one.action === action)?.keys[0] ?? "";
  return [
    { parts: ["  This machine is in no group."] },
    ...folded(
      "In a group agents on several machines write to each other; what they write is encrypted.",
      width - 4,
    ).map((text) => ({ parts: ["  ", style.faint(text)] })),
    { parts: [] },
    { parts: ["  ", style.strong(keyOf("relay-new")), "  makes a group"] },
    { parts: ["  ", style.strong(keyOf("relay-join")), "  joins one, with its token"] },
  ];
}

function factLines(relay: RelaySeen, width: number): Line[] {
  const tone = relay.isWell ? "good" : "warn";
  const facts: [string, Part][] = [
    ["relay", style[tone](relay.health)],
    [
      "broker",
      `${relay.broker}${relay.roundTripMs === undefined ? "" : ` (${relay.roundTripMs} ms)`}`,
    ],
    ["this is", relay.device],
    ["waiting", relay.queued === 0 ? "nothing" : style.warn(`${relay.queued} events`)],
    ["key", relay.fingerprint],
  ];
  return [
    ...facts.map(([name, value]) => ({
      parts: fit([" ", style.faint(name.padEnd(9)), value], width),
    })),
    ...relay.problems.slice(0, 4).map((text) => ({ parts: fit([" ", style.warn(text)], width) })),
  ];
}

const tones = { online: "good", away: "warn", left: "faint" } as const;

function deviceLine({ width }: State, device: DeviceSeen, isChosen: boolean): Line {
  const { short, presence, heard, agents, clock } = device;
  const count = `${agents} ${agents === 1 ? "agent" : "agents"}`;
  const parts: Part[] = [
    ...[isChosen ? "❯ " : "  ", ...fit([style.name(short)], Math.max(8, columns([short]))), " "],
    ...[style[tones[presence]](presence.padEnd(7)), style.faint(` heard ${heard}`), `  ${count}`],
    ...(clock === "" ? [] : [style.warn(`  ${clock}`)]),
  ];
  return chosenLine(fit(parts, width), isChosen, short);
}
