// What happens, line by line, for a terminal's own scrollback: it stays there when the dashboard is
// left, and the terminal's own search finds it.
import { style } from "../../cli/style.ts";
import { cut, folded, type Line } from "../line.ts";
import { timeOf } from "../marks.ts";
import { messageOf } from "../rows.ts";
import type { State } from "../state.ts";
import type { ActivitySeen } from "../world.ts";

const mostLines = 12;

/** Behind `after`, oldest first. */
export function newSince({ world }: State, after: number): ActivitySeen[] {
  return world.activity.filter((one) => one.id > after);
}

/** A message is told in full, everything else in a line. */
export function streamLines(state: State, event: ActivitySeen, width: number): Line[] {
  const time = style.faint(`${timeOf(event.atMs)} `);
  const message = event.kind === "message" ? messageOf(state, event.id) : undefined;
  if (message === undefined)
    return [{ parts: cut([time, ...event.who, " ", ...event.what], width) }];
  const about = message.intent === "" ? [] : [style.faint(` [${message.intent}]`)];
  const body = folded(message.text, width - 8, mostLines).slice(0, mostLines);
  return [
    { parts: cut([time, ...event.who, ...about], width) },
    ...body.map((text) => ({ parts: cut([style.faint("      │ "), text], width) })),
  ];
}
