// The block in which somebody types or is asked, above the keys.
import { type Part, style } from "../../cli/style.ts";
import { columnsOf, fit, folded, type Line } from "../line.ts";
import { agentNamed, messageOf } from "../rows.ts";
import type { State } from "../state.ts";
import type { Editor } from "./editor.ts";

export interface InputBlock {
  lines: Line[];
  /** Inside of the block. */
  cursor?: { x: number; y: number };
}

export function inputBlock(state: State, width: number, most: number): InputBlock {
  const { mode } = state;
  switch (mode.kind) {
    case "write":
      return typing(`${intro(state)}> `, mode.editor, width, most);
    case "filter":
      return typing("find: ", mode.editor, width, 1);
    case "ask": {
      const { text, at } = mode.editor;
      const isSecret = mode.asked.kind === "token";
      const shown = isSecret ? { text: "*".repeat(text.length), at } : mode.editor;
      return typing(mode.label, shown, width, 1);
    }
    case "type": {
      const shown = agentNamed(state, mode.agent)?.shown ?? mode.agent;
      return typing(`into the terminal of ${shown} (esc leaves)> `, mode.editor, width, 1);
    }
    case "confirm": {
      const lines = mode.lines.flatMap((line) => folded(line, width - 2, most)).slice(0, most);
      return { lines: lines.map((line) => ({ parts: fit([" ", style.warn(line)], width) })) };
    }
    default:
      return { lines: [] };
  }
}

/** What the text will be: an answer, a request, something said in a channel. */
function intro(state: State): string {
  if (state.mode.kind !== "write") return "";
  const { channel, intent, replyTo } = state.mode.about;
  const parts: string[] = [];
  if (channel !== undefined) parts.push(`in ${channel.name}`);
  if (replyTo !== undefined) {
    const message = messageOf(state, replyTo);
    parts.push(`reply #${replyTo}${message?.thread ? ` in thread ${message.thread}` : ""}`);
  }
  if (intent !== "") parts.push(`[${intent}]`);
  return parts.length === 0 ? "" : `${parts.join(" ")} `;
}

/** A text over several lines, with the cursor where the next character goes. */
function typing(label: string, editor: Editor, width: number, most: number): InputBlock {
  // Long words in front would leave no room to type.
  const [shortLabel = ""] = folded(label.trimEnd(), Math.max(4, Math.floor(width / 2)));
  const indent = columnsOf(shortLabel) + 2;
  const room = Math.max(4, width - indent - 1);
  const before = broken(editor.text.slice(0, editor.at), room);
  const all = broken(editor.text, room);
  const at = before.length - 1;
  const top = Math.max(0, Math.min(at - most + 1, all.length - most));
  const shown = all.slice(top, top + Math.max(1, most));
  const lines = shown.map((text, nth): Line => {
    const front: Part = nth === 0 ? style.strong(` ${shortLabel} `) : " ".repeat(indent);
    return { parts: fit([front, text], width) };
  });
  return { lines, cursor: { x: indent + columnsOf(before[at] ?? ""), y: at - top } };
}

/** By columns alone, so that what is typed stays where it is. */
function broken(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const own of text.split("\n")) {
    let line = "";
    let used = 0;
    for (const { segment } of new Intl.Segmenter().segment(own)) {
      const wide = columnsOf(segment);
      if (used + wide > width) {
        lines.push(line);
        line = "";
        used = 0;
      }
      line += segment;
      used += wide;
    }
    lines.push(line);
  }
  return lines;
}
