// What a message may be: its text, thread, intent and reply, each refused with the limit that it
// breaks; and the repair of what models do to a text on a command line.
import type { Intent, MessageData } from "../events/message.ts";
import { intents } from "../events/message.ts";
import { didYouMean } from "../names/suggest.ts";
import { controlCharacter } from "../printable.ts";
import { exitCode, Refusal } from "../refusal.ts";
import { maxMessageBytes } from "./inbox.ts";

export function checkText(text: string): string {
  if (text.trim() === "") {
    throw new Refusal({
      code: "empty_message",
      exit: exitCode.usage,
      message: "the message is empty",
      hint: "write it after --, e.g. hcom send @luna -- ready for review",
    });
  }
  const bytes = utf8Length(text);
  if (bytes > maxMessageBytes) {
    throw new Refusal({
      code: "message_too_large",
      exit: exitCode.usage,
      message: `the message has ${bytes} bytes, the limit is ${maxMessageBytes}`,
      hint: "put it into a file and send the path",
    });
  }
  const found = controlCharacter(text);
  if (found === undefined) return text;
  throw new Refusal({
    code: "control_character",
    exit: exitCode.usage,
    message: `the message has ${found}`,
    hint: "tabs and line breaks are the only ones allowed",
  });
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

const maxThreadLength = 64;

export function checkThread(text: string): string {
  if (text.length > maxThreadLength) {
    throw new Refusal({
      code: "thread_too_long",
      exit: exitCode.usage,
      message: `the thread's name has ${text.length} characters, the limit is ${maxThreadLength}`,
    });
  }
  if (/^[A-Za-z0-9_-]+$/.test(text)) return text;
  throw new Refusal({
    code: "invalid_thread",
    exit: exitCode.usage,
    message: `thread "${text}" must be made of letters, digits, _ and -`,
  });
}

/** `error` is no choice we offer, but older scripts send it. */
export function checkIntent(text: string): Intent {
  const wanted = text.toLowerCase();
  const known = [...intents, "error" as const].find((intent) => intent === wanted);
  if (known !== undefined) return known;
  throw new Refusal({
    code: "invalid_intent",
    exit: exitCode.usage,
    message: `intent "${text}" is none of ${intents.join(", ")}${didYouMean(wanted, intents)}`,
    hint: "hcom send --help tells what each of them says",
  });
}

/** An ack closes an exchange: it answers something that asked for an answer, and nothing else. */
export function checkReply(reply: {
  intent: Intent | undefined;
  parent: MessageData | undefined;
}): void {
  if (reply.intent !== "ack") return;
  if (reply.parent === undefined) {
    throw new Refusal({
      code: "ack_without_reply",
      exit: exitCode.usage,
      message: "an ack must say what it answers",
      hint: "add --reply-to <id>: the number after # in front of the message you received",
    });
  }
  if (reply.parent.intent === "ack") {
    throw new Refusal({
      code: "ack_of_ack",
      message: "that message is an ack itself; acks are not answered with acks",
      hint: "nothing to do: the other side knows",
    });
  }
  if (reply.parent.intent === "inform") {
    throw new Refusal({
      code: "ack_of_inform",
      message: "that message is an inform; its sender expects no ack",
      hint: "nothing to do, or write a message of your own without --intent ack",
    });
  }
}

/** Models escape for a shell that is not there. `\\` stays: it may be a path or a pattern. */
export function unescapeShellHistory(text: string): string {
  return text.replace(/\\([\\!$`"'])/g, (both, escaped: string) =>
    escaped === "\\" ? both : escaped,
  );
}

/** Takes a `--name <self>` off the end of the body; somebody else's name there is text. */
export function recoverTrailingName(
  words: readonly string[],
  self: string | undefined,
): { words: string[]; recovered: boolean } {
  const last = words.at(-1);
  if (self !== undefined && last === self && words.at(-2) === "--name") {
    return { words: words.slice(0, -2), recovered: true };
  }
  if (self !== undefined && last === `--name=${self}`) {
    return { words: words.slice(0, -1), recovered: true };
  }
  return { words: [...words], recovered: false };
}

/** The first `@[hcom-...]` in a text: senders of that kind are us and read nothing. */
export function systemMention(text: string): string | undefined {
  return /@\[hcom-[^\]\s]*\]?/i.exec(text)?.[0];
}

export function checkSystemMention(text: string): void {
  const found = systemMention(text);
  if (found === undefined) return;
  throw new Refusal({
    code: "system_mention",
    exit: exitCode.usage,
    message: `${found} is hcom itself and cannot be written to`,
    hint: "write to the agent that the notice is about, or leave the @ out",
  });
}

const placeholders = ["mention", "mentions", "name"];

/** What to say when a target was copied from documentation instead of filled in. */
export function placeholderHint(targets: readonly string[]): string | undefined {
  const copied = targets.find((target) => placeholders.includes(target.toLowerCase()));
  if (copied === undefined) return undefined;
  return `@${copied} stands for an agent's name, e.g. @luna; text after -- is never a target`;
}
