// The rooms: who is in each, and what was said there last.
import { style } from "../../cli/style.ts";
import { columns, fit, folded, type Line } from "../line.ts";
import { timeOf } from "../marks.ts";
import { chosenAt, rowsOf } from "../rows.ts";
import type { State } from "../state.ts";
import { filled, listed } from "../window.ts";
import { chosenLine } from "./agents.ts";

export function showChannels(state: State, width: number, height: number): Line[] {
  const rows = rowsOf(state);
  if (rows.length === 0) {
    const lines: Line[] = [
      { parts: ["  There are no channels."] },
      { parts: ["  To make one:  ", style.strong("hcom channel create NAME")] },
    ];
    return filled(lines, height, width);
  }
  const at = chosenAt(state, rows);
  const listHeight = Math.min(rows.length, Math.max(1, Math.floor(height / 2)));
  const names = rows.map((row) => (row.kind === "channel" ? columns([row.channel.name]) : 0));
  const nameWidth = Math.min(Math.floor(width / 3), Math.max(...names));
  const lines = rows.map((row, nth) => {
    if (row.kind !== "channel") return [];
    const { name, kind, count, members, state: now } = row.channel;
    const parts = [
      ...[nth === at ? "❯ " : "  ", ...fit([style.name(name)], nameWidth), "  "],
      style.faint(`${kind.padEnd(9)} ${String(count).padStart(5)} said  `),
      ...(now === "" ? [] : [style.warn(`${now}  `)]),
      members.join(", "),
    ];
    return [chosenLine(fit(parts, width), nth === at, row.id)];
  });
  const list = listed(lines, at, { height: listHeight, width });
  return filled(
    [...list, { parts: [] }, ...said(state, width, height - list.length - 1)],
    height,
    width,
  );
}

function said({ world }: State, width: number, height: number): Line[] {
  const talk = world.channelTalk;
  const lines = (talk?.messages ?? []).flatMap(({ atMs, from, text }): Line[] => {
    const [first = "", ...more] = folded(text, width - 12, 3);
    return [
      { parts: [" ", style.faint(timeOf(atMs)), " ", style.name(from), " ", first] },
      ...more.slice(0, 3).map((line) => ({ parts: ["       ", line] })),
    ];
  });
  return lines.slice(-Math.max(0, height));
}
