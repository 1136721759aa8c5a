// What channel operations refuse. The sentences are those of AgenticComm, which its users' scripts
// match; the hints are ours.
import { exitCode, Refusal } from "../refusal.ts";

export function invalidChannelName(reason: string): Refusal {
  return new Refusal({
    code: "invalid_channel_name",
    exit: exitCode.usage,
    message: `Invalid channel name: ${reason}`,
    hint: "e.g. ops, build-42, team_a",
  });
}

export function invalidContent(reason: string): Refusal {
  return new Refusal({
    code: "invalid_content",
    exit: exitCode.usage,
    message: `Invalid message content: ${reason}`,
  });
}

export function invalidSender(): Refusal {
  return new Refusal({
    code: "invalid_sender",
    exit: exitCode.usage,
    message: "Invalid sender: Sender cannot be empty",
    hint: "name who is speaking, joining, subscribing or acknowledging",
  });
}

export function channelNotFound(id: number): Refusal {
  return new Refusal({
    code: "channel_not_found",
    message: `Channel not found: ${id}`,
    hint: "list the channels to see their ids",
    exit: exitCode.notFound,
  });
}

export function messageNotFound(id: number): Refusal {
  return new Refusal({
    code: "message_not_found",
    message: `Message not found: ${id}`,
    exit: exitCode.notFound,
  });
}

export function subscriptionNotFound(id: number): Refusal {
  return new Refusal({
    code: "subscription_not_found",
    message: `Subscription not found: ${id}`,
    exit: exitCode.notFound,
  });
}

export function channelFull(id: number): Refusal {
  return new Refusal({
    code: "channel_full",
    message: `Channel ${id} has reached maximum participants`,
    hint: "raise max_participants, or create a group channel: a direct one holds two",
  });
}

/** The sentence of the later versions, which have states of channels. */
export function channelIs(id: number, state: string): Refusal {
  return new Refusal({
    code: "channel_state",
    message: `Channel ${id} is ${state} — operation not allowed`,
    hint: "the program that wrote the document has set this; send into another channel",
  });
}

export function notInChannel(participant: string, id: number): Refusal {
  return new Refusal({
    code: "not_in_channel",
    message: `Participant '${participant}' is not in channel ${id}`,
  });
}

export function alreadyInChannel(participant: string, id: number): Refusal {
  return new Refusal({
    code: "already_in_channel",
    message: `Participant '${participant}' is already in channel ${id}`,
  });
}

/** The wording of the two lookups by id, which differs from the operations' own. */
export function noSuch(what: "Channel" | "Message", id: number): Refusal {
  return new Refusal({
    code: what === "Channel" ? "channel_not_found" : "message_not_found",
    message: `${what} ${id} not found`,
    exit: exitCode.notFound,
  });
}

export function badEnum(what: string, found: string, known: readonly string[]): Refusal {
  return new Refusal({
    code: `unknown_${what.replaceAll(" ", "_")}`,
    exit: exitCode.usage,
    message: `Unknown ${what}: ${found}`,
    hint: `one of: ${known.map((one) => one.toLowerCase()).join(", ")}`,
  });
}

/** A file that is no readable `.acomm` document. */
export function invalidFile(reason: string): Refusal {
  return new Refusal({
    code: "invalid_file",
    message: `Invalid .acomm file: ${reason}`,
    hint: "the file was left as it is; restore it from a copy, or name another one",
  });
}

/** Of a question; a document with such a time is refused as damaged. */
export function noSuchTime(name: string, text: string): Refusal {
  return new Refusal({
    code: "invalid_time",
    message: `Invalid time: ${name} is ${text}, and there is no such time`,
    hint: "RFC 3339, e.g. 2026-02-28T10:30:00Z",
    exit: exitCode.usage,
  });
}
