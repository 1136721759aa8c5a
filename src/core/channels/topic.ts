// Topics: named like channels, or with dots between such names. A subscription matches exactly its
// own topic, unless it is a dotted pattern, where `*` stands for one segment and a last `#` for any
// number of them.
import { checkChannelName } from "./channel.ts";

/** What may be published to. */
export function checkTopic(topic: string): string {
  // Dots out of the way, a topic follows the channels' rule and is refused in the same words.
  const parts = topic.split(".");
  if (parts.length > 1 && parts.every((part) => part !== "")) {
    checkChannelName(topic.replaceAll(".", "-"));
  } else {
    checkChannelName(topic);
  }
  return topic;
}

/** What may be subscribed to: a topic or a pattern. */
export function checkSubscribedTopic(topic: string): string {
  if (isTopicPattern(topic)) checkTopic(topic.replace(/[*#]/g, "x"));
  else checkTopic(topic);
  return topic;
}

/** `build.*.failed`, `build.#`: dots, and at least one wildcard. */
export function isTopicPattern(topic: string): boolean {
  const parts = topic.split(".");
  if (parts.length < 2) return false;
  const last = parts.length - 1;
  return (
    parts.some((part) => part === "*" || part === "#") &&
    parts.every((part, at) => part === "*" || (part === "#" ? at === last : !/[*#]/.test(part)))
  );
}

export function topicMatches(subscribed: string, topic: string): boolean {
  if (subscribed === topic) return true;
  if (!isTopicPattern(subscribed)) return false;
  const wanted = subscribed.split(".");
  const given = topic.split(".");
  const isOpen = wanted.at(-1) === "#";
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  if (isOpen ? given.length < fixed.length : given.length !== fixed.length) return false;
  return fixed.every((part, at) => part === "*" || part === given[at]);
}
