// What our plugin's journal of an OpenCode session says, or OpenCode's own database, as entries.
import { asText, asTexts, isObject, type JsonObject, parseJson } from "../../core/json.ts";
import { mailIn, type TranscriptEntry } from "../../core/transcript/entry.ts";
import type { EntryReader } from "../../core/transcript/reader.ts";
import { doesOf, messageEntries } from "./messages.ts";

export const entryReader: EntryReader = () => {
  const begun = new Set<string>();
  return (line) => {
    const entry = parseJson(line);
    if (!isObject(entry)) return [];
    return isObject(entry["about"]) ? messageEntries(entry["about"], entry) : read(entry, begun);
  };
};

function read(entry: JsonObject, begun: Set<string>): TranscriptEntry[] {
  const timestamp = asText(entry["time"]) ?? "";
  const id = asText(entry["call"]) ?? "";
  switch (entry["type"]) {
    case "user": {
      const text = asText(entry["text"]) ?? "";
      const isOurs = text === "" || text.startsWith("<hcom>");
      const prompt: TranscriptEntry[] = isOurs ? [] : [{ kind: "prompt", text, timestamp }];
      return [...prompt, ...mailEntries(entry, timestamp)];
    }
    case "assistant":
      return assistantEntries(entry, id, begun);
    case "result": {
      const output = asText(entry["output"]) ?? "";
      const result: TranscriptEntry = { kind: "result", id, output, isError: false };
      return [result, ...mailEntries(entry, timestamp)];
    }
    default:
      return [];
  }
}

function assistantEntries(entry: JsonObject, id: string, begun: Set<string>): TranscriptEntry[] {
  const text = asText(entry["text"]);
  if (text !== undefined) return [{ kind: "text", text }];
  const isNew = !begun.has(id);
  begun.add(id);
  const action: TranscriptEntry[] = isNew ? [{ kind: "action", id, does: doesOf(entry) }] : [];
  if (entry["status"] !== "error") return action;
  const output = asText(entry["error"]) ?? "";
  return [...action, { kind: "result", id, output, isError: true }];
}

function mailEntries(entry: JsonObject, timestamp: string): TranscriptEntry[] {
  return asTexts(entry["added"]).flatMap((added): TranscriptEntry[] => {
    const text = mailIn(added);
    return text === undefined ? [] : [{ kind: "mail", text, timestamp, isTurnEnd: false }];
  });
}
