// Topics: subscribing to them and publishing.
import { operations } from "../../core/channels/operations.ts";
import { channelTool } from "./channel-tool.ts";
import { content, count, name, sender, text } from "./schema.ts";
import type { McpTool } from "./tool.ts";

export const topicTools: readonly McpTool[] = [
  channelTool("subscribe", operations.subscribe, {
    description:
      "Subscribes somebody to a topic. The topic need not exist yet. With dots in it, * stands " +
      "for one part and a last # for any number of them: build.*.failed, build.#",
    properties: {
      topic: text("The topic, or a dotted pattern"),
      subscriber: name("Who subscribes"),
    },
    actor: "subscriber",
    after: ({ id }, { about }) => about("subscription", id),
  }),
  channelTool("unsubscribe", operations.unsubscribe, {
    description: "Ends a subscription, by the id that subscribe returned.",
    properties: { subscription_id: count("Id of the subscription") },
    subject: ({ subscription_id }) => ["subscription", subscription_id],
  }),
  channelTool("publish", operations.publish, {
    description:
      "Publishes to a topic: every subscriber except the sender gets one copy. Returns how many " +
      "did; the pub/sub channel of that name is created when there is none.",
    properties: { topic: text("The topic, exactly; no pattern"), sender, content },
    actor: "sender",
    after: (copies, { connection }) => connection.touch(copies.at(-1)?.id),
  }),
];
