// What Codex's models do, in our words: calls, patches and what came of them.
import type { JsonObject } from "../../core/json.ts";
import { asList, asNumber, asObject, asText, isObject, parseJson } from "../../core/json.ts";
import type { Does, Edit } from "../../core/transcript/entry.ts";

/** The texts of a message or an output; an image is named. */
export function partsOf(content: unknown): string[] {
  if (typeof content === "string") return [content];
  return asList(content).flatMap((part) => {
    const { text, type } = asObject(part);
    if (typeof text === "string") return [text];
    return /image/i.test(asText(type) ?? "") ? ["[image]"] : [];
  });
}

const names: Readonly<Record<string, string>> = {
  exec_command: "Bash",
  write_stdin: "Bash",
  shell: "Bash",
  shell_command: "Bash",
  local_shell: "Bash",
  unified_exec: "Bash",
  "container.exec": "Bash",
  apply_patch: "Edit",
  read_file: "Read",
  view_image: "Read",
  grep_files: "Grep",
  list_dir: "Glob",
  web_search: "WebFetch",
};

function nameOf(own: string): string {
  return Object.hasOwn(names, own) ? (names[own] ?? own) : own;
}

/** Arguments are an object, or for free-form tools the words themselves. */
export function callOf(item: JsonObject, given: unknown): Does {
  const name = nameOf(asText(item["name"]) ?? "?");
  const input = asObject(given);
  const words = typeof given === "string" ? given : commandIn(input);
  const patch = typeof given === "string" ? given : (asText(input["input"]) ?? words ?? "");
  const edits = editsOf(patch);
  const file = asText(input["file_path"]) ?? asText(input["path"]) ?? edits[0]?.file;
  return {
    name: edits.length > 0 ? "Edit" : name,
    ...(words === undefined || edits.length > 0 ? {} : { command: words }),
    ...(file === undefined || name === "Glob" || name === "Grep" ? {} : { file }),
    ...(edits.length === 0 ? {} : { edits }),
  };
}

function commandIn(input: JsonObject): string | undefined {
  const command = input["cmd"] ?? input["command"] ?? input["chars"] ?? input["pattern"];
  if (!Array.isArray(command)) return asText(command) ?? asText(input["query"]);
  // `bash -lc '...'`: the shell's own name says nothing.
  const words = command.map(String);
  return /sh$/.test(words[0] ?? "") && words.length === 3 ? words[2] : words.join(" ");
}

export function builtInOf(item: JsonObject): Does {
  const command = commandIn(asObject(item["action"]));
  const name = nameOf(item["type"] === "web_search_call" ? "web_search" : "local_shell");
  return { name, ...(command === undefined ? {} : { command }) };
}

const fileLine = /^\*\*\* (?:Update|Add|Delete) File: (.+)$/;

/** The files of a patch in the form that Codex's models write, with what changes in each. */
function editsOf(text: string): Edit[] {
  const start = text.indexOf("*** Begin Patch");
  if (start < 0) return [];
  const edits: { file: string; lines: string[] }[] = [];
  for (const line of text.slice(start).split("\n").slice(1)) {
    if (line.startsWith("*** End Patch")) break;
    const file = fileLine.exec(line)?.[1]?.trim();
    if (file !== undefined) edits.push({ file, lines: [] });
    else edits.at(-1)?.lines.push(line);
  }
  return edits.map(({ file, lines }) => ({ file, diff: lines.join("\n") }));
}

const exitLine = /^(?:Process exited with code|Exit code:) (-?\d+)\b/m;

/** Text, a list of parts, or JSON with the exit code beside the text. */
export function outputOf(output: unknown): { output: string; isError: boolean | undefined } {
  const given = isObject(output) ? (output["content"] ?? output["output"]) : output;
  const success = asObject(output)["success"];
  const stated = typeof success === "boolean" ? !success : undefined;
  const text = partsOf(given).join("\n");
  const inner = text.startsWith("{") ? asObject(parseJson(text)) : {};
  const plain = asText(inner["output"]) ?? text;
  const head = /^[\s\S]{0,400}?^Output:\n/m.exec(plain)?.[0] ?? "";
  const exit =
    asNumber(asObject(inner["metadata"])["exit_code"]) ?? numberIn(exitLine.exec(head)?.[1]);
  const isError = exit === undefined ? undefined : exit !== 0;
  return {
    output: exit === undefined ? plain : plain.slice(head.length),
    isError: stated ?? isError,
  };
}

function numberIn(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
