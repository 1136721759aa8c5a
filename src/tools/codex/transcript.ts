// Codex's rollout file: which lines prove that a text stands in the model's context.
import { asList, asObject, asText, isObject, parseJson } from "../../core/json.ts";
import type { TranscriptReader } from "../../core/transcript/reader.ts";
import { facts } from "../session-facts.ts";

export const transcript: TranscriptReader = {
  // sessions/YYYY/MM/DD/rollout-<time>-<thread id>.jsonl; an archived one is moved
  globs: (session) => [
    `sessions/*/*/*/rollout-*-${session}.jsonl`,
    `archived_sessions/**/rollout-*-${session}.jsonl`,
    // What rests for long is compressed.
    `{sessions,archived_sessions}/**/rollout-*-${session}.jsonl.zst`,
  ],
  /**
   * Codex 0.169.0: only a `response_item` is sent to the model. Hook context is a message of role
   * "developer", a continued Stop one of role "user"; what a killed hook printed is nowhere.
   */
  reached(line) {
    const entry = parseJson(line);
    if (!isObject(entry) || entry["type"] !== "response_item") return "";
    const item = asObject(entry["payload"]);
    switch (item["type"]) {
      case "message":
        return item["role"] === "assistant" ? "" : plain(textOf(item["content"]));
      case "function_call_output":
      case "custom_tool_call_output":
        return textOf(item["output"]);
      default:
        return "";
    }
  },
  answer(line) {
    const entry = parseJson(line);
    if (!isObject(entry) || entry["type"] !== "response_item") return undefined;
    const { type, role } = asObject(entry["payload"]);
    if (type === "message") return role === "assistant" ? "" : undefined;
    return type === "reasoning" || asText(type)?.endsWith("_call") ? "" : undefined;
  },
  // One line for each time that a thread was named; the last one counts.
  titled: ["session_index.jsonl"],
  about(line) {
    if (!line.includes('"thread_name"') && !line.includes('"session_meta"')) return {};
    const entry = asObject(parseJson(line));
    const meta = asObject(entry["payload"]);
    return facts({
      session: asText(entry["id"]) ?? asText(meta["id"]),
      directory: asText(meta["cwd"]),
      title: asText(entry["thread_name"]),
    });
  },
  isLate: true,
  // A message of role "user" and the event of it, in the spellings of all versions.
  begins: { any: ['"user"', '"user_message"', '"UserMessage"'] },
  entryReader: async () => (await import("./transcript-entries.ts")).entryReader,
};

/** A continued Stop stands in `<hook_prompt …>`, where markup may be escaped. */
function plain(text: string): string {
  if (!text.startsWith("<hook_prompt ")) return text;
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (isObject(content)) return textOf(content["content"] ?? content["output"]);
  return asList(content)
    .map((part) => asText(asObject(part)["text"]) ?? "")
    .filter((text) => text !== "")
    .join("\n");
}
