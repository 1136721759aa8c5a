// Gemini CLI's transcript: messages a line each, written again under the same id when more of them
// is known, and patches (`$set`) that may hold the whole conversation once more.
import { asList, asObject, asText, isObject, type JsonObject, parseJson } from "../../core/json.ts";
import type { TranscriptReader } from "../../core/transcript/reader.ts";
import { facts } from "../session-facts.ts";
import { messagesIn, resultOf, textOf } from "./messages.ts";
import { withFrames } from "./plain-frame.ts";

export const transcript: TranscriptReader = {
  // tmp/<project>/chats/session-<minute>-<first part of the id>.jsonl
  globs: (session) => [`tmp/*/chats/session-*-${session.slice(0, 8)}.jsonl`],
  reached(line) {
    const texts = messagesIn(line).flatMap(heard);
    return withFrames(texts.filter((text) => text !== "").join("\n"));
  },
  answer(line) {
    if (!line.includes('"gemini"')) return undefined;
    const message = parseJson(line);
    if (!isObject(message) || message["type"] !== "gemini") return undefined;
    return asText(message["id"]) ?? "";
  },
  titled: [],
  about(line) {
    if (!line.includes('"sessionId"')) return {};
    const head = asObject(parseJson(line));
    return facts({ session: asText(head["sessionId"]), directory: undefined, title: undefined });
  },
  entryReader: async () => (await import("./transcript-entries.ts")).entryReader,
};

/** What the model was given: a user's words, and what came of its own actions. */
function heard(message: JsonObject): string[] {
  if (message["type"] === "user") return [textOf(message["content"])];
  if (message["type"] !== "gemini") return [];
  return asList(message["toolCalls"]).map((call) => resultOf(asObject(call)));
}
