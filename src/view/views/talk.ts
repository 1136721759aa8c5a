// What was said: by whom, to whom, what is expected, and how far it got with each recipient.
import { type Part, style } from "../../cli/style.ts";
import { ends, fit, folded, type Line } from "../line.ts";
import { fateMark, fateWord, timeOf } from "../marks.ts";
import { chosenAt, rowsOf, shownName } from "../rows.ts";
import type { State } from "../state.ts";
import { filled, listed } from "../window.ts";
import type { Fate, MessageSeen } from "../world.ts";

export function showTalk(state: State, width: number, height: number): Line[] {
  const rows = rowsOf(state);
  const filter = state.filter.talk ?? "";
  if (rows.length === 0) {
    const text = filter === "" ? "  Nothing was said yet." : `  Nothing said fits "${filter}".`;
    return filled([{ parts: [text] }], height, width);
  }
  const at = chosenAt(state, rows);
  // Far from the chosen one nothing is seen: a long log must not cost more.
  const from = Math.max(0, at - height);
  const near = rows.slice(from, at + height);
  const lines = near.map((row, nth) =>
    row.kind === "message"
      ? messageLines(state, row.message, { width, most: 4, isChosen: from + nth === at })
      : [],
  );
  return listed(lines, at - from, { height, width, isFromBelow: true });
}

interface Showing {
  width: number;
  /** Lines of its text; the chosen one has more. */
  most: number;
  isChosen?: boolean;
}

/** A head line, the text, and for the chosen one the fate at each recipient. */
export function messageLines(state: State, message: MessageSeen, showing: Showing): Line[] {
  const { width, isChosen = false } = showing;
  const most = isChosen ? showing.most * 3 : showing.most;
  const fates = state.world.fates.get(message.id) ?? [];
  const head: Line = {
    parts: ends(
      headOf(state, message, isChosen),
      [...marksOf(fates), style.faint(timeOf(message.atMs)), " "],
      width,
    ),
    ...(isChosen ? { isChosen } : {}),
  };
  const text = bodyOf(message, width - 5, most);
  const isCut = text.length > most;
  const body = text.slice(0, most).map((line, nth): Line => {
    const isLast = isCut && nth === most - 1;
    return {
      parts: fit([style.faint("  │ "), line, ...(isLast ? [style.faint(" …")] : [])], width),
    };
  });
  const told = isChosen ? fates.slice(0, 6).map((one) => fateLine(state, one, width)) : [];
  // The chosen one is only opened by its head.
  const row = `#${message.id}`;
  return [{ ...head, row }, ...[...body, ...told].map((line) => ({ ...line, row }))];
}

/** A message does not change: its lines are made once for each width and length. */
const bodies = new WeakMap<MessageSeen, Map<string, string[]>>();

function bodyOf(message: MessageSeen, width: number, most: number): string[] {
  const known = bodies.get(message) ?? new Map<string, string[]>();
  bodies.set(message, known);
  const key = `${width} ${most}`;
  const lines = known.get(key) ?? folded(message.text, width, most);
  known.set(key, lines);
  return lines;
}

function headOf(state: State, message: MessageSeen, isChosen: boolean): Part[] {
  const isUnread = message.isForHuman && message.id > state.world.readUpTo;
  const marks = [
    message.intent,
    message.thread === "" ? "" : `thread ${message.thread}`,
    message.replyTo === undefined ? "" : `re #${message.replyTo}`,
  ].filter((one) => one !== "");
  return [
    signOf(isChosen, isUnread),
    style.faint(`#${message.id} `),
    style.name(message.from),
    style.faint(" → "),
    message.audience,
    ...(marks.length === 0
      ? []
      : [style[message.intent === "request" ? "warn" : "faint"](` [${marks.join(", ")}]`)]),
  ];
}

function signOf(isChosen: boolean, isUnread: boolean): Part {
  if (isChosen) return "❯";
  return isUnread ? style.warn("+") : " ";
}

const mostMarks = 8;

function marksOf(fates: readonly Fate[]): Part[] {
  if (fates.length === 0) return [];
  const marks: Part[] = fates.slice(0, mostMarks).map(fateMark);
  return fates.length > mostMarks
    ? [...marks, style.faint(`+${fates.length - mostMarks}`), " "]
    : [...marks, " "];
}

function fateLine(state: State, fate: Fate, width: number): Line {
  const why = fate.hold === "" ? [] : [": ", style.warn(fate.hold)];
  const via = fate.via === "" ? [] : [style.faint(` by ${fate.via}`)];
  const parts = ["    ", fateMark(fate), " ", shownName(state, fate.name), " ", fateWord(fate)];
  return { parts: fit([...parts, ...via, ...why], width) };
}
