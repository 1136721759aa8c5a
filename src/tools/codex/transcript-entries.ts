// What the lines of Codex's rollout file say. Recorded from 0.145.0 and 0.169.0. What was said
// stands there twice: as an item of the conversation and as an event for the screen.

import type { JsonObject } from "../../core/json.ts";
import { asObject, asText, isObject, parseJson } from "../../core/json.ts";
import { mailIn, type TranscriptEntry } from "../../core/transcript/entry.ts";
import type { EntryReader } from "../../core/transcript/reader.ts";
import { tokensIn } from "../../core/transcript/usage.ts";
import { builtInOf, callOf, outputOf, partsOf } from "./transcript-calls.ts";

const telling = /"type":\s*"(?:response_item|event_msg|turn_context)"/;

export const entryReader: EntryReader = () => {
  const isNew = { user: sayingOnce(), assistant: sayingOnce() };
  let model: string | undefined;
  return (line) => {
    if (!telling.test(line)) return [];
    const entry = parseJson(line);
    if (!isObject(entry)) return [];
    if (entry["type"] === "turn_context") {
      model = asText(asObject(entry["payload"])["model"]) ?? model;
      return [];
    }
    const timestamp = asText(entry["timestamp"]) ?? "";
    const source = entry["type"] === "response_item" ? "item" : "event";
    const payload = asObject(entry["payload"]);
    const said =
      source === "item" ? itemEntries(payload, timestamp) : eventEntries(payload, timestamp, model);
    return said.filter((one) => {
      if (one.kind === "prompt") return isNew.user(source, one.text);
      return one.kind === "text" ? isNew.assistant(source, one.text) : true;
    });
  };
};

type Source = "item" | "event";

/** The two writings of one text stand close together. */
const longestGap = 8;

/** False for the second writing of a text: the same words from the other source. */
function sayingOnce(): (source: Source, text: string) => boolean {
  const alone: Record<Source, string[]> = { item: [], event: [] };
  return (source, text) => {
    const words = text.trim();
    const others = alone[source === "item" ? "event" : "item"];
    const at = others.indexOf(words);
    if (at >= 0) {
      others.splice(at, 1);
      return false;
    }
    alone[source].push(words);
    if (alone[source].length > longestGap) alone[source].shift();
    return true;
  };
}

function itemEntries(item: JsonObject, timestamp: string): TranscriptEntry[] {
  const id = asText(item["call_id"]) ?? asText(item["id"]) ?? "";
  switch (item["type"]) {
    case "message":
      return messageEntries(item, timestamp);
    case "function_call":
      return [
        { kind: "action", id, does: callOf(item, parseJson(asText(item["arguments"]) ?? "")) },
      ];
    case "custom_tool_call":
      return [{ kind: "action", id, does: callOf(item, item["input"]) }];
    case "local_shell_call":
    case "web_search_call":
      return [{ kind: "action", id, does: builtInOf(item) }];
    case "function_call_output":
    case "custom_tool_call_output":
      return [{ kind: "result", id, ...outputOf(item["output"]) }];
    default:
      return [];
  }
}

function messageEntries(item: JsonObject, timestamp: string): TranscriptEntry[] {
  const texts = partsOf(item["content"]);
  if (item["role"] === "assistant") return textEntry(texts);
  const mails = texts.flatMap((text): TranscriptEntry[] => {
    const hooked = hookPrompt(text);
    const mail = mailIn(hooked ?? (item["role"] === "developer" ? text : ""));
    if (mail === undefined) return [];
    return [{ kind: "mail", text: mail, timestamp, isTurnEnd: hooked !== undefined }];
  });
  return item["role"] === "user" ? [...mails, ...promptEntry(texts, timestamp)] : mails;
}

function eventEntries(
  event: JsonObject,
  timestamp: string,
  model: string | undefined,
): TranscriptEntry[] {
  switch (event["type"]) {
    case "user_message":
      return promptEntry([asText(event["message"]) ?? ""], timestamp);
    case "agent_message":
      return textEntry([asText(event["message"]) ?? ""]);
    case "item_completed": {
      const item = asObject(event["item"]);
      if (item["type"] === "UserMessage") return promptEntry(partsOf(item["content"]), timestamp);
      return item["type"] === "AgentMessage" ? textEntry(partsOf(item["content"])) : [];
    }
    case "token_count":
      return usageEntry(asObject(event["info"]), model);
    case "task_complete": {
      const failure = asText(asObject(event["error"])["message"]);
      return failure === undefined ? [] : [{ kind: "failure", text: failure }];
    }
    default:
      return [];
  }
}

/**
 * Written again where only its limits have changed: the sum over the session tells one request from
 * the next. What came out of the cache is a part of the input.
 */
function usageEntry(info: JsonObject, model: string | undefined): TranscriptEntry[] {
  const last = info["last_token_usage"];
  const { total_tokens: sum } = asObject(info["total_token_usage"]);
  if (!isObject(last) || typeof sum !== "number" || sum === 0) return [];
  const [read, written] = [last["cached_input_tokens"], last["cache_write_input_tokens"]];
  const [cache_read, cache_write] = [tokensIn(read), tokensIn(written)];
  const usage = {
    input: Math.max(0, tokensIn(last["input_tokens"]) - cache_read - cache_write),
    cache_read,
    cache_write,
    output: tokensIn(last["output_tokens"]),
    reasoning: tokensIn(last["reasoning_output_tokens"]),
  };
  return [{ kind: "usage", id: String(sum), usage, model }];
}

/** What Codex itself puts into the conversation under the user's name. */
const furniture = new RegExp(
  String.raw`^\s*(?:# AGENTS\.md|<(?:environment_context|permissions|user_instructions)\b` +
    String.raw`|<(?:turn_aborted|hook_prompt)\b)`,
);

/** What its editor extension tells before the question: open files, selections. */
const editorPreamble = /^\s*# Context from my IDE setup:[\s\S]*?^## My request for [^\n]*\n+/m;

function promptEntry(texts: readonly string[], timestamp: string): TranscriptEntry[] {
  const text = texts
    .filter((one) => !furniture.test(one))
    .map((one) => one.replace(editorPreamble, ""))
    .join("\n");
  return text.trim() === "" ? [] : [{ kind: "prompt", text, timestamp }];
}

function textEntry(texts: readonly string[]): TranscriptEntry[] {
  const text = texts.join("\n");
  return text.trim() === "" ? [] : [{ kind: "text", text }];
}

/** A hook's words at the end of a turn, which goes on with them. */
function hookPrompt(text: string): string | undefined {
  const inside = /^<hook_prompt\b[^>]*>(.*?)(?:<\/hook_prompt>)?\s*$/s.exec(text)?.[1];
  return inside?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
