// Topics: subscribing to them and publishing.
import { content, count, inputOf, name, sender, text } from "./schema.ts";
import type { McpTool } from "./tool.ts";

const subscribe: McpTool = {
  name: "subscribe",
  description:
    "Subscribes somebody to a topic. The topic need not exist yet. With dots in it, * stands for " +
    "one part and a last # for any number of them: build.*.failed, build.#",
  input: inputOf({
    topic: text("The topic, or a dotted pattern"),
    subscriber: name("Who subscribes"),
  }),
  isReadOnly: false,
  actor: "subscriber",
  async run({ args, store, about }) {
    const topic = args.text("topic");
    const subscriber = args.text("subscriber");
    const made = await store.write((comm) => comm.subscribe(topic, subscriber));
    about("subscription", made.id);
    return made;
  },
};

const unsubscribe: McpTool = {
  name: "unsubscribe",
  description: "Ends a subscription, by the id that subscribe returned.",
  input: inputOf({ subscription_id: count("Id of the subscription") }),
  isReadOnly: false,
  async run({ args, store, about }) {
    const id = args.integer("subscription_id");
    about("subscription", id);
    await store.write((comm) => comm.unsubscribe(id));
    return { status: "unsubscribed", subscription_id: id };
  },
};

const publish: McpTool = {
  name: "publish",
  description:
    "Publishes to a topic: every subscriber except the sender gets one copy. Returns how many " +
    "did; the pub/sub channel of that name is created when there is none.",
  input: inputOf({ topic: text("The topic, exactly; no pattern"), sender, content }),
  isReadOnly: false,
  actor: "sender",
  async run({ args, store, session }) {
    const topic = args.text("topic");
    const draft = { topic, sender: args.text("sender"), content: args.text("content") };
    const copies = await store.write((comm) => comm.publish(draft));
    session.touch(copies.at(-1)?.id);
    return { delivered_count: copies.length, status: "published", topic };
  },
};

export const topicTools: readonly McpTool[] = [subscribe, unsubscribe, publish];
