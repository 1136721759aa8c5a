// Threads: a name on messages plus a list of members (store/). Here is only who a message to a
// thread reaches, and which thread a reply belongs to.
import type { MessageData } from "../events/message.ts";

/** The members that a message without targets reaches, in the order they joined; may be empty. */
export function threadTargets(thread: {
  /** In join order. Members that stopped stay on the list and come back with a resume. */
  members: readonly string[];
  live: readonly string[];
  sender: string;
}): string[] {
  const live = new Set(thread.live);
  const others = thread.members.filter((name) => name !== thread.sender && live.has(name));
  return [...new Set(others)];
}

/** A reply without a thread of its own stays in the thread of what it answers. */
export function threadOfReply(parent: MessageData | undefined): string | undefined {
  return parent?.thread === "" ? undefined : parent?.thread;
}
