// Why something was said: notes beside the messages, for whoever reads them later.
import { type Arguments, invalidParams } from "./arguments.ts";
import { count, inputOf, text } from "./schema.ts";
import type { McpTool } from "./tool.ts";

const communicationLog: McpTool = {
  name: "communication_log",
  description:
    "Notes why you communicate and what you observed, for later readers. Nobody is told; the " +
    "note can be tied to a message.",
  input: inputOf(
    { intent: text("What this communication is meant to achieve") },
    {
      observation: text("What you noticed or concluded"),
      related_message_id: count("The message that this is about"),
      topic: text("A word to group notes by, e.g. deployment"),
    },
  ),
  isReadOnly: false,
  async run({ args, connection }) {
    const intent = intentIn(args);
    const entry = connection.journal.add({
      intent,
      observation: args.optionalText("observation") ?? null,
      related_message_id: args.optionalInteger("related_message_id") ?? null,
      topic: args.optionalText("topic") ?? null,
    });
    connection.touch(entry.related_message_id ?? undefined);
    return { intent, status: "logged", timestamp: entry.timestamp };
  },
};

export const contextTools: readonly McpTool[] = [communicationLog];

/** AgenticComm reads this tool's arguments as a whole and names what is missing differently. */
function intentIn(args: Arguments): string {
  const intent = args.optionalText("intent");
  if (intent === undefined) throw invalidParams("missing field `intent`");
  return intent;
}
