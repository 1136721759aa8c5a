// What watched agents do, for workflows that look at them again and again: an end of a turn, or so
// many actions; and the end of an agent itself.
import type { Call } from "./workflow.ts";

export interface Move {
  /** The last event of it: the next look begins there. */
  id: number;
  /** Who; empty when the time was over. */
  name: string;
  kind: "rest" | "actions" | "end" | "nothing";
}

export interface Watch {
  /** Base names; empty = everybody but `others`. */
  names: readonly string[];
  /** Base names that do not count. */
  others: readonly string[];
  /** Instead of ends of turns: after so many actions of one agent. */
  everyActions: number | undefined;
  after: number;
  /** Seconds. */
  timeout: number;
}

export async function nextMove({ voice }: Call, watch: Watch): Promise<Move> {
  const { names, others, everyActions } = watch;
  const isCounted = everyActions === undefined ? "status_val = 'listening'" : isAction;
  const whose = names.length > 0 ? `instance IN (${marks(names)})` : "1";
  const whoseNot = others.length > 0 ? `instance NOT IN (${marks(others)})` : "1";
  const isEnd = "type = 'life' AND life_action = 'stopped'";
  const sql = `${whose} AND ${whoseNot} AND ((type = 'status' AND ${isCounted}) OR (${isEnd}))`;
  const deadline = Date.now() + watch.timeout * 1000;
  const counts = new Map<string, number>();
  for (let { after } = watch; ; ) {
    const left = Math.max(0, (deadline - Date.now()) / 1000);
    const event = await voice.wait(sql, { params: [...names, ...others], after, timeout: left });
    if (event === null) return { id: after, name: "", kind: "nothing" };
    after = event.id;
    const { id, instance: name } = event;
    if (event.type === "life") return { id, name, kind: "end" };
    if (everyActions === undefined) return { id, name, kind: "rest" };
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (count >= everyActions) return { id, name, kind: "actions" };
  }
}

const isAction = "status_context LIKE 'tool:%'";

function marks(values: readonly string[]): string {
  return values.map(() => "?").join(", ");
}
