// What the lines of Claude Code's transcript say. Recorded from 2.1.216 and 2.1.329; kinds of lines
// that are not named here are bookkeeping, and there are many.

import type { JsonObject } from "../../core/json.ts";
import {
  asList,
  asNumber,
  asObject,
  asText,
  asTexts,
  isObject,
  parseJson,
} from "../../core/json.ts";
import { isNudge } from "../../core/mail/envelope.ts";
import type { TranscriptEntry } from "../../core/transcript/entry.ts";
import { type Does, diffOf, type Edit, mailIn } from "../../core/transcript/entry.ts";
import type { EntryReader } from "../../core/transcript/reader.ts";
import { tokensIn } from "../../core/transcript/usage.ts";
import { wordsOf } from "./prompt-frame.ts";

/** Lines without any of these are not worth parsing: some are a hundred times larger. */
const telling =
  /"type":\s*"(?:user|assistant|queued_command|plugin_note|hook_(?:additional_c|blocking_e)\w+)"/;

export const entryReader: EntryReader =
  ({ isSubagent }) =>
  (line) => {
    if (!telling.test(line)) return [];
    const entry = parseJson(line);
    // A subagent's own file is nothing but sidechain.
    if (!isObject(entry) || (entry["isSidechain"] === true && !isSubagent)) return [];
    if (entry["isCompactSummary"] === true) return [];
    switch (entry["type"]) {
      case "user":
        return userEntries(entry);
      case "assistant":
        return assistantEntries(entry);
      case "attachment":
        return attachmentEntries(entry);
      default:
        return [];
    }
  };

function userEntries(entry: JsonObject): TranscriptEntry[] {
  const { content } = asObject(entry["message"]);
  const blocks = asList(content).map(asObject);
  const results = blocks.filter((block) => block["type"] === "tool_result");
  return [
    ...results.map((block) => resultOf(entry, block)),
    ...promptOf(entry, typeof content === "string" ? content : textOf(blocks)),
  ];
}

function resultOf(entry: JsonObject, block: JsonObject): TranscriptEntry {
  const output = block["content"];
  return {
    kind: "result",
    id: callId(entry, block["tool_use_id"]),
    output: typeof output === "string" ? output : textOf(asList(output).map(asObject)),
    isError: typeof block["is_error"] === "boolean" ? block["is_error"] : undefined,
  };
}

/** Sessions that were joined into one file may count their calls alike. */
function callId(entry: JsonObject, id: unknown): string {
  return `${asText(entry["sessionId"]) ?? ""} ${asText(id) ?? ""}`;
}

function promptOf(entry: JsonObject, text: string): TranscriptEntry[] {
  if (entry["isMeta"] === true && !isSpokenBySomebody(entry["origin"])) return [];
  const words = typedOf(wordsOf(text).replace(editorBlocks, ""));
  if (words === "" || (isNotice(entry, text) && !isNudge(words))) return [];
  return [{ kind: "prompt", text: words, timestamp: asText(entry["timestamp"]) ?? "" }];
}

/** The end of a background task goes on with the turn; our bell rings through one, too. */
function isNotice(entry: JsonObject, text: string): boolean {
  const { kind } = asObject(entry["origin"]);
  return kind === "task-notification" || text.trimStart().startsWith("<task-notification>");
}

/** What other sessions and channels say is marked as not typed by the human, as our pushes are. */
function isSpokenBySomebody(origin: unknown): boolean {
  const kind = asObject(origin)["kind"];
  return kind === "peer" || kind === "channel" || kind === "plugin";
}

const noise =
  /^(?:\[Request interrupted by user|<local-command-(?:std(?:out|err)|caveat)>|<bash-std)/;

/** What the editor beside it adds: the open file, the selection. */
const editorBlocks = /^(?:<(ide_\w+)>[\s\S]*?<\/\1>\s*)+/;

/** Commands of the prompt stand there in markup; what they printed is no prompt. */
function typedOf(words: string): string {
  if (noise.test(words)) return "";
  const command = /<command-name>(.*?)<\/command-name>/s.exec(words)?.[1];
  if (command !== undefined) {
    const rest = /<command-args>(.*?)<\/command-args>/s.exec(words)?.[1] ?? "";
    return `${command} ${rest}`.trim();
  }
  const shell = /^<bash-input>(.*?)<\/bash-input>/s.exec(words)?.[1];
  return shell === undefined ? words : `! ${shell}`;
}

function assistantEntries(entry: JsonObject): TranscriptEntry[] {
  const message = asObject(entry["message"]);
  const { content } = message;
  const blocks =
    typeof content === "string" ? [{ type: "text", text: content }] : asList(content).map(asObject);
  if (entry["isApiErrorMessage"] === true) return [{ kind: "failure", text: textOf(blocks) }];
  // Put in where a turn that broke off is taken up again: nobody said it.
  if (message["model"] === "<synthetic>") return [];
  const said = blocks.flatMap((block): TranscriptEntry[] => {
    const text = block["type"] === "text" ? asText(block["text"]) : undefined;
    if (text !== undefined) return [{ kind: "text", text }];
    if (block["type"] !== "tool_use") return [];
    return [{ kind: "action", id: callId(entry, block["id"]), does: doesOf(block) }];
  });
  return [...said, ...usageOf(entry, message)];
}

/** Stands in each line of an answer, and grows with them. Older versions noted the cost, too. */
function usageOf(entry: JsonObject, message: JsonObject): TranscriptEntry[] {
  const noted = message["usage"];
  if (!isObject(noted)) return [];
  const cost = asNumber(entry["costUSD"]);
  const usage = {
    input: tokensIn(noted["input_tokens"]),
    cache_read: tokensIn(noted["cache_read_input_tokens"]),
    cache_write: tokensIn(noted["cache_creation_input_tokens"]),
    output: tokensIn(noted["output_tokens"]),
    reasoning: tokensIn(asObject(noted["output_tokens_details"])["thinking_tokens"]),
    ...(cost === undefined ? {} : { cost_usd: cost }),
  };
  const id = asText(message["id"]) ?? asText(entry["uuid"]) ?? "";
  return [{ kind: "usage", id, usage, model: asText(message["model"]) }];
}

const names: Readonly<Record<string, string>> = {
  PowerShell: "Bash",
  MultiEdit: "Edit",
  NotebookEdit: "Edit",
  NotebookRead: "Read",
  WebSearch: "WebFetch",
};

const told = ["command", "pattern", "url", "query", "skill", "description"] as const;

function doesOf(block: JsonObject): Does {
  const input = asObject(block["input"]);
  const own = asText(block["name"]) ?? "?";
  const file = asText(input["file_path"]) ?? asText(input["notebook_path"]);
  const command = told.map((key) => asText(input[key])).find((text) => text !== undefined);
  const edits = file === undefined ? [] : editsOf(file, input);
  return {
    name: Object.hasOwn(names, own) ? (names[own] ?? own) : own,
    ...(command === undefined ? {} : { command }),
    ...(file === undefined ? {} : { file }),
    ...(edits.length === 0 ? {} : { edits }),
  };
}

function editsOf(file: string, input: JsonObject): Edit[] {
  const parts = [input, ...asList(input["edits"]).map(asObject)];
  return parts.flatMap((part) => {
    const before = asText(part["old_string"]) ?? "";
    const after =
      asText(part["new_string"]) ?? asText(part["content"]) ?? asText(part["new_source"]) ?? "";
    return before === "" && after === "" ? [] : [{ file, diff: diffOf(before, after) }];
  });
}

function attachmentEntries(entry: JsonObject): TranscriptEntry[] {
  const attachment = asObject(entry["attachment"]);
  const event = asText(attachment["hookEvent"]);
  const isTurnEnd = event === "Stop" || event === "SubagentStop";
  switch (attachment["type"]) {
    case "queued_command":
      return queuedOf(entry, attachment);
    case "plugin_note":
    case "hook_additional_context":
      return mailOf(entry, asTexts(attachment["content"]), isTurnEnd);
    case "hook_blocking_error": {
      const said = asText(asObject(attachment["blockingError"])["blockingError"]);
      return isTurnEnd && said !== undefined ? mailOf(entry, [said], true) : [];
    }
    default:
      return [];
  }
}

/** Said in the middle of a turn. A nudge of ours carries nothing: its mail comes through a hook. */
function queuedOf(entry: JsonObject, attachment: JsonObject): TranscriptEntry[] {
  if ((attachment["commandMode"] ?? "prompt") !== "prompt") return [];
  const prompt = attachment["prompt"];
  const text = typeof prompt === "string" ? prompt : textOf(asList(prompt).map(asObject));
  if (isNudge(wordsOf(text))) return [];
  return promptOf({ ...entry, isMeta: false }, text);
}

function mailOf(entry: JsonObject, said: readonly string[], isTurnEnd: boolean): TranscriptEntry[] {
  const timestamp = asText(entry["timestamp"]) ?? "";
  return said.flatMap((one): TranscriptEntry[] => {
    const text = mailIn(one);
    return text === undefined ? [] : [{ kind: "mail", text, timestamp, isTurnEnd }];
  });
}

function textOf(blocks: readonly JsonObject[]): string {
  return blocks
    .map((block) => {
      if (block["type"] === "text") return asText(block["text"]) ?? "";
      return block["type"] === "image" ? "[image]" : "";
    })
    .filter((text) => text !== "")
    .join("\n");
}
