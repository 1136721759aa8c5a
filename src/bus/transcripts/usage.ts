// What an agent's conversation has taken so far, as its program noted it.

import { Refusal } from "../../core/refusal.ts";
import type { Spent } from "../../core/transcript/exchange.ts";
import { totalOf, type Usage } from "../../core/transcript/usage.ts";
import type { Tool } from "../../tools/tool.ts";
import type { Bus } from "../bus.ts";
import { readTranscriptFile } from "./read-file.ts";
import { type Asked, databaseOf, pathOf, type Subject, subjectOf, toolOf } from "./subject.ts";
import { noTranscript } from "./transcript.ts";

/** Keys as scripts see them. */
export interface Used extends Usage {
  /** Display name. */
  agent: string;
  tool: string;
  session_id: string | null;
  /** Read and written, each token once. */
  total: number;
  /** How many answers of the model that was. */
  requests: number;
  models: string[];
}

/** `mostBytes`: more than that is not read for it, but refused. */
export async function readUsage(bus: Bus, asked: Asked, mostBytes?: number): Promise<Used> {
  const subject = subjectOf(bus, asked);
  const tool = await toolOf(subject);
  const spent = await spentIn(bus, subject, tool, mostBytes);
  if (spent.requests === 0) {
    throw new Refusal({
      code: "no_usage",
      message: `${subject.shown}: its tool has noted no tokens yet`,
      hint: "it does so with the model's first answer",
    });
  }
  const { usage, requests, models } = spent;
  return {
    ...{ agent: subject.shown, tool: subject.tool, session_id: subject.session },
    ...usage,
    ...{ total: totalOf(usage), requests, models: [...models] },
  };
}

/** A program's own database knows what it took; a journal of ours does not. */
async function spentIn(
  bus: Bus,
  subject: Subject,
  tool: Tool,
  mostBytes: number | undefined,
): Promise<Spent> {
  const paths = [databaseOf(bus, subject, tool), await pathOf(bus, subject, tool)];
  for (const path of paths) {
    if (path === undefined) continue;
    const order = { span: { last: 1 }, waits: false, isWhole: true, mostBytes } as const;
    const reading = await readTranscriptFile(subject, tool, path, order);
    if (reading !== undefined) return reading.spent;
  }
  throw noTranscript(subject);
}
