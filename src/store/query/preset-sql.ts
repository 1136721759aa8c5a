// What presets of subscriptions mean and no filter flag says.
import { human } from "../../core/instance.ts";
import type { SqlFragment } from "./sql-fragment.ts";

/** Whatever others than this one do. */
export function othersThan(name: string): SqlFragment {
  return { sql: "instance <> ?", params: [name] };
}

/** What an agent does in hcom itself, which its messages say better. */
export const besidesOwnCalls: SqlFragment = {
  sql: `type <> 'status' OR NOT (
    (status_val = 'inactive' AND status_context LIKE 'tool:%')
    OR (status_context LIKE 'tool:%' AND ifnull(status_detail, '') LIKE 'hcom %'))`,
  params: [],
};

/** Messages that came to this one, or to everybody. */
export function cameTo(name: string): SqlFragment {
  if (name === human) {
    return {
      sql: `type = 'message' AND msg_from <> '${human}' AND (msg_scope = 'broadcast'
        OR EXISTS (SELECT 1 FROM json_each(msg_mentions) WHERE value = '${human}'))`,
      params: [],
    };
  }
  return {
    sql: `type = 'message' AND EXISTS (SELECT 1 FROM json_each(msg_delivered_to) WHERE value = ?)`,
    params: [name],
  };
}

/** A prompt in its program, or a message of the person. */
export function saidTo(name: string): SqlFragment {
  return {
    sql: `(type = 'status' AND instance = ? AND status_context = 'prompt')
      OR (type = 'message' AND msg_from = '${human}'
        AND EXISTS (SELECT 1 FROM json_each(msg_delivered_to) WHERE value = ?))`,
    params: [name, name],
  };
}
