// Rows of the log as the dashboard shows them. The words are those of `hcom events`.

import { eventRow } from "../../cli/event-row.ts";
import type { Part } from "../../cli/style.ts";
import type { Cell } from "../../cli/table.ts";
import type { EventRow, MessageEvent } from "../../core/event.ts";
import { human } from "../../core/instance.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { messageOf } from "../../core/mail/message-of.ts";
import { wordsOf } from "../../view/rows.ts";
import type { ActivitySeen, MessageSeen } from "../../view/world.ts";

export type Shown = (base: string) => string;

export function messagesIn(rows: readonly EventRow[], shown: Shown): MessageSeen[] {
  return rows.flatMap((row) => {
    const message = row.type === "message" ? messageOf(row) : undefined;
    return message === undefined ? [] : [messageSeen(message, row, shown)];
  });
}

function messageSeen({ data, ...event }: MessageEvent, row: EventRow, shown: Shown): MessageSeen {
  const recipients = data.delivered_to ?? [];
  const isForHuman =
    data.from !== human && (data.scope === "broadcast" || data.mentions?.includes(human) === true);
  return {
    id: event.id,
    atMs: Date.parse(event.timestamp),
    from: shown(data.from),
    sender: data.from,
    audience: audienceOf(row, shown),
    recipients,
    text: data.text,
    intent: data.intent ?? "",
    replyTo: data.reply_to_local,
    thread: data.thread ?? "",
    channel: data.channel?.name ?? "",
    isForHuman,
  };
}

/** The words that `hcom events` has for it: behind the arrow. */
function audienceOf(row: EventRow, shown: Shown): string {
  const who = partsOf(eventRow(row, { nowMs: 0, shown })[2]);
  return who.slice(2).map(String).join("");
}

/** What a long text has to tell in a line. */
const mostWords = 2000;

export function activityIn(rows: readonly EventRow[], shown: Shown): ActivitySeen[] {
  return rows.map((row) => {
    const [, , whoCell, whatCell] = eventRow(row, { nowMs: 0, shown, isForPerson: true });
    const who = partsOf(whoCell);
    const what = partsOf(whatCell);
    const data = asObject(parseJson(row.data));
    const name = row.type === "message" ? (asText(data["from"]) ?? row.instance) : row.instance;
    const event = { name, who, what };
    return {
      id: row.id,
      atMs: Date.parse(row.timestamp),
      kind: kindOf(row, data),
      ...event,
      words: wordsOf(event).slice(0, mostWords),
    };
  });
}

function kindOf(row: EventRow, data: Record<string, unknown>): ActivitySeen["kind"] {
  if (row.type === "message" || row.type === "life") return row.type;
  if (row.type !== "status") return "other";
  return asText(data["context"])?.startsWith("tool:") === true ? "action" : "status";
}

function partsOf(cell: Cell | undefined): readonly Part[] {
  if (cell === undefined) return [];
  return Array.isArray(cell) ? (cell as readonly Part[]) : [cell as Part];
}
