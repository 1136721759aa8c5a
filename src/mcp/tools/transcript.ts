// What an agent was asked and what it answered, from the transcript that its program keeps.
import { readTranscript } from "../../bus/transcripts/transcript.ts";
import { type Detail, details } from "../../core/events/detail.ts";
import { parseSpan } from "../../core/transcript/exchange.ts";
import type { AgentTool } from "./agents.ts";
import { type Arguments, invalidParams } from "./arguments.ts";
import { inputOf, text, word } from "./schema.ts";

const last = { least: 1, most: 200, usual: 10 } as const;

export const transcriptTool: AgentTool = {
  name: "transcript",
  description:
    "Shows the conversation of an agent, also of one that has stopped, as exchanges: what was " +
    "said to it and what it answered. Left out, the agent is you.",
  input: inputOf(
    {},
    {
      agent: text("Name of the agent"),
      last: {
        type: "integer",
        minimum: last.least,
        maximum: last.most,
        default: last.usual,
        description: "How many of the newest exchanges",
      },
      range: text("Positions instead, counted from 1: 3, 2-5, or 7- for all from there on"),
      detail: word(
        "normal is shortened, full is not, detailed adds commands, edits and errors",
        details,
      ),
    },
  ),
  isReadOnly: true,
  async run({ args, meta }, hub) {
    const agent = args.optionalReference("agent") ?? hub.callerIn(meta).name;
    const range = args.optionalReference("range");
    const most = args.optionalInteger("last", last) ?? last.usual;
    const span = range === undefined ? { last: most } : parseSpan(range);
    const detail = detailIn(args);
    const { name, total, exchanges } = await readTranscript(hub.bus(), { agent, span, detail });
    return { agent: name, total, exchanges };
  },
};

function detailIn(args: Arguments): Detail {
  const wanted = args.optionalText("detail") ?? "normal";
  const known = details.find((one) => one === wanted);
  if (known !== undefined) return known;
  throw invalidParams(`detail must be one of ${details.join(", ")}, not "${wanted}"`);
}
