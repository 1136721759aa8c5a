// The messages of OpenCode's database, each with its parts, as entries. Recorded from 1.18.33.
import { asList, asNumber, asObject, asText, isObject, type JsonObject } from "../../core/json.ts";
import { type Does, diffOf, mailIn, type TranscriptEntry } from "../../core/transcript/entry.ts";
import { tokensIn } from "../../core/transcript/usage.ts";

export function messageEntries(about: JsonObject, line: JsonObject): TranscriptEntry[] {
  const parts = asList(line["parts"]).map(asObject);
  if (about["role"] === "user") return userEntries(about, parts);
  if (about["role"] !== "assistant") return [];
  return [...parts.flatMap(partEntries), ...failureOf(about), ...usageOf(about, line)];
}

/** What nobody typed is marked: the words of files that were named, and mail of ours. */
function userEntries(about: JsonObject, parts: readonly JsonObject[]): TranscriptEntry[] {
  const { created } = asObject(about["time"]);
  const timestamp = typeof created === "number" ? new Date(created).toISOString() : "";
  const texts = parts.filter((part) => part["type"] === "text");
  const typed = texts
    .filter((part) => part["synthetic"] !== true)
    .map((part) => asText(part["text"]) ?? "")
    .join("\n");
  const isOurs = typed.trim() === "" || typed.startsWith("<hcom>");
  const mails = texts.flatMap((part): TranscriptEntry[] => {
    const text = mailIn(asText(part["text"]) ?? "");
    return text === undefined ? [] : [{ kind: "mail", text, timestamp, isTurnEnd: isOurs }];
  });
  return isOurs ? mails : [{ kind: "prompt", text: typed, timestamp }, ...mails];
}

function partEntries(part: JsonObject): TranscriptEntry[] {
  const text = part["type"] === "text" ? asText(part["text"]) : undefined;
  if (text !== undefined) return [{ kind: "text", text }];
  if (part["type"] !== "tool") return [];
  const id = asText(part["callID"]) ?? "";
  const state = asObject(part["state"]);
  const does = doesOf({ tool: part["tool"], input: state["input"] });
  const code = asNumber(asObject(state["metadata"])["exit"]) ?? 0;
  const isError = state["status"] === "error";
  const action: TranscriptEntry = { kind: "action", id, does };
  if (!isError && state["status"] !== "completed") return [action];
  const output = asText(state[isError ? "error" : "output"]) ?? "";
  return [action, { kind: "result", id, output, isError: isError || code !== 0 }];
}

function failureOf(about: JsonObject): TranscriptEntry[] {
  const error = about["error"];
  if (!isObject(error)) return [];
  const said = asText(asObject(error["data"])["message"]) ?? asText(error["name"]) ?? "";
  return [{ kind: "failure", text: said }];
}

function usageOf(about: JsonObject, line: JsonObject): TranscriptEntry[] {
  const noted = about["tokens"];
  if (!isObject(noted)) return [];
  const cache = asObject(noted["cache"]);
  const reasoning = tokensIn(noted["reasoning"]);
  const cost = asNumber(about["cost"]);
  const usage = {
    input: tokensIn(noted["input"]),
    cache_read: tokensIn(cache["read"]),
    cache_write: tokensIn(cache["write"]),
    output: tokensIn(noted["output"]) + reasoning,
    reasoning,
    ...(cost === undefined ? {} : { cost_usd: cost }),
  };
  const id = asText(line["id"]) ?? "";
  return [{ kind: "usage", id, usage, model: asText(about["modelID"]) }];
}

const commonNames: Readonly<Record<string, string>> = {
  bash: "Bash",
  read: "Read",
  write: "Write",
  edit: "Edit",
  glob: "Glob",
  grep: "Grep",
};

/** As the journal and the database have it. */
export function doesOf(entry: JsonObject): Does {
  const action = asText(entry["tool"]) ?? "";
  const input = asObject(entry["input"]);
  const command = asText(input["command"]) ?? asText(input["pattern"]) ?? asText(input["url"]);
  const file = asText(input["filePath"]);
  const after = asText(input["newString"]) ?? asText(input["content"]);
  const edits =
    file === undefined || after === undefined
      ? undefined
      : [{ file, diff: diffOf(asText(input["oldString"]) ?? "", after) }];
  return {
    name: commonNames[action] ?? action,
    ...(command === undefined ? {} : { command }),
    ...(file === undefined ? {} : { file }),
    ...(edits === undefined ? {} : { edits }),
  };
}
