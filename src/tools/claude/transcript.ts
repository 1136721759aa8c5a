// Claude Code's transcript: which lines prove that a text stands in the model's context.
import { asList, asObject, asText, asTexts, isObject, parseJson } from "../../core/json.ts";
import type { TranscriptReader } from "../../core/transcript/reader.ts";
import { facts } from "../session-facts.ts";

export const transcript: TranscriptReader = {
  // projects/<working directory with dashes>/<session>.jsonl
  globs: (session) => [`projects/*/${session}.jsonl`],
  reached(line) {
    const entry = parseJson(line);
    if (!isObject(entry)) return "";
    if (entry["type"] === "user") return textOf(asObject(entry["message"])["content"]);
    if (entry["type"] === "attachment") return attachmentText(asObject(entry["attachment"]));
    return "";
  },
  answer(line) {
    if (!line.includes('"assistant"')) return undefined;
    const entry = parseJson(line);
    if (!isObject(entry) || entry["type"] !== "assistant") return undefined;
    const message = asObject(entry["message"]);
    // Claude Code 2.1 writes an answer's blocks as lines of their own with one id, and an API
    // error as the words of a model of this name.
    if (message["model"] === "<synthetic>" || entry["isApiErrorMessage"] === true) return undefined;
    return asText(message["id"]) ?? "";
  },
  // A prompt that is stopped before the first output goes back into the box, and the next one
  // stands where it stood (2.1.332): two rows with one parent.
  promptBehind(line) {
    if (!line.includes('"user"') || line.includes('"tool_result"')) return undefined;
    const entry = parseJson(line);
    if (!isObject(entry) || entry["type"] !== "user" || entry["isSidechain"] === true)
      return undefined;
    return asText(entry["parentUuid"]);
  },
  // A title stands in a line of its own, the directory in every line of the conversation.
  titled: ["projects/*/*.jsonl"],
  about(line) {
    if (!line.includes('"custom-title"') && !line.includes('"cwd"')) return {};
    const entry = asObject(parseJson(line));
    return facts({
      session: asText(entry["sessionId"]),
      directory: asText(entry["cwd"]),
      title: asText(entry["customTitle"]),
    });
  },
  // <session>.jsonl and <session>/subagents/agent-<id>.jsonl
  subagentFile: (rootFile, agentId) =>
    `${rootFile.replace(/\.jsonl$/, "")}/subagents/agent-${agentId}.jsonl`,
  // Results of actions are lines of type "user", too, and the largest; words may stand beside them.
  begins: {
    any: ['"user"', '"queued_command"', 'Stop"'],
    not: { mark: '"tool_result"', unless: '"text":' },
  },
  entryReader: async () => (await import("./transcript-entries.ts")).entryReader,
};

/**
 * Claude Code 2.1: `hook_success` only says that a hook ran; the text is in the context when
 * `hook_additional_context` says so. A hook that was killed leaves `hook_non_blocking_error`.
 */
function attachmentText(attachment: Record<string, unknown>): string {
  switch (attachment["type"]) {
    case "hook_additional_context":
      return asTexts(attachment["content"]).join("\n");
    case "hook_blocking_error": {
      // At the end of a turn a block is what goes on; elsewhere it stopped something.
      const event = asText(attachment["hookEvent"]);
      if (event !== "Stop" && event !== "SubagentStop") return "";
      return asText(asObject(attachment["blockingError"])["blockingError"]) ?? "";
    }
    case "queued_command":
      return textOf(attachment["prompt"]);
    // Of our module. Held: its turn was stopped, and it goes with the next request (2.1.332).
    case "plugin_note":
      return [...asTexts(attachment["content"]), ...asTexts(attachment["heldContent"])].join("\n");
    default:
      return "";
  }
}

/** Text of a message: a string, or blocks of text and of action results. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return asList(content)
    .map((block) => {
      const fields = asObject(block);
      if (fields["type"] === "text") return asText(fields["text"]) ?? "";
      return fields["type"] === "tool_result" ? textOf(fields["content"]) : "";
    })
    .filter((text) => text !== "")
    .join("\n");
}
