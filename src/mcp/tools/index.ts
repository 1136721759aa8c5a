// All tools there are, by name, and how they are listed.
import type { Door } from "../door.ts";
import { channelTools } from "./channels.ts";
import { contextTools } from "./context.ts";
import { messageTools } from "./messages.ts";
import type { InputSchema } from "./schema.ts";
import type { McpTool } from "./tool.ts";
import { topicTools } from "./topics.ts";

/** The 17 of AgenticComm, and whatever the door has besides. */
export function toolsWith(more: readonly McpTool[] = []): ReadonlyMap<string, McpTool> {
  const all = [...messageTools, ...channelTools, ...topicTools, ...contextTools, ...more];
  return new Map(all.map((tool) => [tool.name, tool]));
}

export function toolList(door: Door): object[] {
  return [...door.tools.values()].map((tool) => ({
    name: tool.name,
    description: tool.description,
    inputSchema: door.callers?.mayOmit === true ? withoutActor(tool) : tool.input,
    annotations: {
      readOnlyHint: tool.isReadOnly,
      destructiveHint: false,
      openWorldHint: false,
    },
  }));
}

/** Where the caller is known, nobody needs to say who acts. */
function withoutActor({ input, actor }: McpTool): InputSchema {
  const property = actor === undefined ? undefined : input.properties[actor];
  if (actor === undefined || property === undefined) return input;
  const description = `${property.description}. Left out: you`;
  return {
    ...input,
    properties: { ...input.properties, [actor]: { ...property, description } },
    required: input.required.filter((name) => name !== actor),
  };
}
