// The journal that our plugin keeps of a session, and the database in which OpenCode keeps its own.
import { asObject, asText, asTexts, isObject, parseJson } from "../../core/json.ts";
import type { TranscriptReader } from "../../core/transcript/reader.ts";
import { facts } from "../session-facts.ts";

export const transcript: TranscriptReader = {
  isJournal: true,
  database: {
    dataDir: { env: "XDG_DATA_HOME", folder: ".local/share" },
    file: "opencode/opencode.db",
  },
  globs: (session) => [`${session}.jsonl`],
  reached(line) {
    const entry = parseJson(line);
    if (!isObject(entry)) return "";
    const added = asTexts(entry["added"]);
    if (entry["type"] === "user") return [asText(entry["text"]) ?? "", ...added].join("\n");
    return entry["type"] === "result" ? [asText(entry["output"]) ?? "", ...added].join("\n") : "";
  },
  answer(line) {
    if (!line.includes('"assistant"')) return undefined;
    const entry = asObject(parseJson(line));
    return entry["type"] === "assistant" ? (asText(entry["id"]) ?? "") : undefined;
  },
  titled: [],
  about(line) {
    const session = asText(asObject(parseJson(line))["session"]);
    return facts({ session, directory: undefined, title: undefined });
  },
  entryReader: async () => (await import("./transcript-entries.ts")).entryReader,
};
