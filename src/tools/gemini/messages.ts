// Lines of Gemini CLI's transcript as messages, and the texts in them.
import { asList, asObject, asText, isObject, type JsonObject, parseJson } from "../../core/json.ts";

/** The messages that a line brings, new or again. */
export function messagesIn(line: string): JsonObject[] {
  const entry = parseJson(line);
  if (!isObject(entry)) return [];
  if (entry["type"] !== undefined) return [entry];
  return asList(asObject(entry["$set"])["messages"]).filter(isObject);
}

/** What came of an action, with what hooks said about it. */
export function resultOf(call: JsonObject): string {
  return asList(call["result"])
    .map((part) => {
      const answered = asObject(asObject(part)["functionResponse"]);
      const response = asObject(answered["response"]);
      return asText(response["output"]) ?? asText(response["error"]) ?? textOf([part]);
    })
    .join("\n");
}

export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return asList(content)
    .map((part) => (typeof part === "string" ? part : (asText(asObject(part)["text"]) ?? "")))
    .join("\n");
}
