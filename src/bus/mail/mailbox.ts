// What handing mail to one agent depends on: how much its tool can carry at once, and what its
// transcript already shows.
import type { Instance } from "../../core/instance.ts";
import { readTail } from "../../sys/file-tail.ts";
import { findTool } from "../../tools/index.ts";
import type { Tool } from "../../tools/tool.ts";
import type { CollectOptions } from "./collect.ts";
import { type Reached, reachedIds, tailBytes } from "./prove.ts";

const nothing: Reached = { reached: [], answered: [] };

export type Mailbox = Pick<CollectOptions, "limit" | "reached">;

export function mailboxOf(row: Instance, tool: Tool | undefined): Mailbox {
  if (tool === undefined) return { limit: Number.POSITIVE_INFINITY, reached: () => nothing };
  return {
    limit: tool.inlineLimit,
    reached: (ids, remote) =>
      row.transcript_path === ""
        ? nothing
        : reachedIds(
            { tool, name: row.name, ids, remote },
            readTail(row.transcript_path, -tailBytes)?.text ?? "",
          ),
  };
}

/** For callers that are not in a hook and so have no tool at hand. */
export async function findMailbox(row: Instance): Promise<Mailbox> {
  return mailboxOf(row, await findTool(row.tool));
}
