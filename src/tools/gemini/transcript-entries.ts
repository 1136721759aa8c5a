// What Gemini CLI's transcript says, as entries. A message is written again under its id when more
// of it is known, so each part of it is told once.

import { asList, asObject, asText, isObject, type JsonObject } from "../../core/json.ts";
import { isNudge } from "../../core/mail/envelope.ts";
import { type Does, diffOf, mailIn, type TranscriptEntry } from "../../core/transcript/entry.ts";
import type { EntryReader } from "../../core/transcript/reader.ts";
import { tokensIn } from "../../core/transcript/usage.ts";
import { messagesIn, resultOf, textOf } from "./messages.ts";
import { withFrames } from "./plain-frame.ts";

export const entryReader: EntryReader = () => {
  const told = new Set<string>();
  const once = (key: string, entries: () => TranscriptEntry[]): TranscriptEntry[] => {
    if (told.has(key)) return [];
    told.add(key);
    return entries();
  };
  return (line) => messagesIn(line).flatMap((message) => read(message, once));
};

type Once = (key: string, entries: () => TranscriptEntry[]) => TranscriptEntry[];

function read(message: JsonObject, once: Once): TranscriptEntry[] {
  const id = asText(message["id"]) ?? "";
  const timestamp = asText(message["timestamp"]) ?? "";
  const text = textOf(message["content"]);
  switch (message["type"]) {
    case "user":
      // A rewritten conversation has new ids: its words and the moment tell a message.
      return once(`user ${timestamp} ${text}`, () => promptEntries(message, timestamp));
    case "gemini":
      return [
        ...(text === "" ? [] : once(`text ${id}`, () => [{ kind: "text", text }])),
        ...asList(message["toolCalls"]).flatMap((call) =>
          callEntries(asObject(call), timestamp, once),
        ),
        ...usageEntries(message, id, once),
      ];
    case "error":
      return once(`error ${id}`, () => [{ kind: "failure", text }]);
    default:
      return [];
  }
}

/** There the output is without what was thought, and the input with what the cache gave. */
function usageEntries(message: JsonObject, id: string, once: Once): TranscriptEntry[] {
  const noted = message["tokens"];
  if (!isObject(noted)) return [];
  const [cache_read, reasoning] = [tokensIn(noted["cached"]), tokensIn(noted["thoughts"])];
  const usage = {
    input: Math.max(0, tokensIn(noted["input"]) - cache_read),
    cache_read,
    cache_write: 0,
    output: tokensIn(noted["output"]) + reasoning,
    reasoning,
  };
  const model = asText(message["model"]);
  return once(`tokens ${id}`, () => [{ kind: "usage", id, usage, model }]);
}

function promptEntries(message: JsonObject, timestamp: string): TranscriptEntry[] {
  const parts = asList(message["content"]);
  const texts =
    parts.length > 0 ? parts.map((part) => textOf([part])) : [textOf(message["content"])];
  return texts.flatMap((text): TranscriptEntry[] => {
    const mail = isNudge(text) ? undefined : mailOf(text);
    if (mail !== undefined) return [{ kind: "mail", text: mail, timestamp, isTurnEnd: false }];
    if (/^\s*<(?:session|hook)_context>/.test(text) || text.trim() === "") return [];
    if (isNudge(text)) return [];
    return [{ kind: "prompt", text, timestamp }];
  });
}

function mailOf(text: string): string | undefined {
  const context = /<hook_context>([\s\S]*?)<\/hook_context>/.exec(text)?.[1] ?? text;
  return mailIn(withFrames(context).trim());
}

function callEntries(call: JsonObject, timestamp: string, once: Once): TranscriptEntry[] {
  const id = asText(call["id"]) ?? "";
  const status = asText(call["status"]);
  const action: TranscriptEntry = { kind: "action", id, does: doesOf(call) };
  const entries = once(`call ${id}`, () => [action]);
  if (status === undefined || !/^(success|error|cancelled)$/.test(status)) return entries;
  const result = resultOf(call);
  const mail = /<hook_context>/.test(result) ? mailOf(result) : undefined;
  const bare = result.replace(/\s*<hook_context>[\s\S]*?<\/hook_context>/g, "");
  const output = bare.replace(/^<untrusted_context>\n|\n<\/untrusted_context>\s*$/g, "");
  return [
    ...entries,
    ...once(`result ${id}`, () => [
      { kind: "result", id, output, isError: status !== "success" },
      ...(mail === undefined
        ? []
        : [{ kind: "mail" as const, text: mail, timestamp, isTurnEnd: false }]),
    ]),
  ];
}

const commonNames: Readonly<Record<string, string>> = {
  run_shell_command: "Bash",
  read_file: "Read",
  write_file: "Write",
  replace: "Edit",
  glob: "Glob",
  grep_search: "Grep",
  search_file_content: "Grep",
};

function doesOf(call: JsonObject): Does {
  const action = asText(call["name"]) ?? "";
  const args = asObject(call["args"]);
  const command = asText(args["command"]) ?? asText(args["pattern"]) ?? asText(args["url"]);
  const file = asText(args["file_path"]) ?? asText(args["absolute_path"]);
  const before = asText(args["old_string"]);
  const after = asText(args["new_string"]) ?? asText(args["content"]);
  const edits =
    file === undefined || after === undefined
      ? undefined
      : [{ file, diff: diffOf(before ?? "", after) }];
  return {
    name: commonNames[action] ?? action,
    ...(command === undefined ? {} : { command }),
    ...(file === undefined ? {} : { file }),
    ...(edits === undefined ? {} : { edits }),
  };
}
