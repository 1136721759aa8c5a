// What the JSON payloads of several agent programs have in common: the base of a fact and the
// detail that hcom's status shows for an action.
import type { Fact, FactBase, SessionSource } from "../core/fact.ts";
import { asText, type JsonObject } from "../core/json.ts";
import type { Tool } from "./tool.ts";

type Known<T> = { [Key in keyof T]: T[Key] | undefined };

/** A fact base without the fields that are not known. */
export function factBase(
  tool: string,
  hook: string,
  rest: Partial<Known<Omit<FactBase, "tool" | "hook">>>,
): FactBase {
  const base: FactBase = { tool, hook };
  if (rest.session !== undefined) base.session = rest.session;
  if (rest.transcript !== undefined) base.transcript = rest.transcript;
  if (rest.directory !== undefined) base.directory = rest.directory;
  if (rest.toolPid !== undefined) base.toolPid = rest.toolPid;
  if (rest.version !== undefined) base.version = rest.version;
  if (rest.permissions !== undefined) base.permissions = rest.permissions;
  if (rest.configDir !== undefined) base.configDir = rest.configDir;
  if (rest.isOneShot === true) base.isOneShot = true;
  if (rest.subagent !== undefined) base.subagent = rest.subagent;
  return base;
}

export function nothing(base: FactBase, problem?: string): Fact {
  return problem === undefined
    ? { ...base, kind: "nothing" }
    : { ...base, kind: "nothing", problem };
}

/** Command of a shell action, path of a file action, prompt of a delegation; else "". */
export function actionDetail(actions: Tool["actions"], action: string, input: JsonObject): string {
  if (actions.shell.includes(action)) return asText(input["command"]) ?? "";
  if (actions.file.includes(action)) {
    return (
      asText(input["file_path"]) ??
      asText(input["filePath"]) ??
      asText(input["notebook_path"]) ??
      asText(input["path"]) ??
      ""
    );
  }
  if (actions.delegate.includes(action)) return asText(input["prompt"]) ?? "";
  return "";
}

/** `useId` only when there is one: the field is optional in its exact sense. */
export function useIdOf(value: unknown): { useId?: string } {
  const useId = asText(value);
  return useId === undefined ? {} : { useId };
}

const sources: readonly SessionSource[] = ["startup", "resume", "clear", "compact", "fork"];

/** A source that we do not know yet still starts a session. */
export function sessionSource(value: unknown): SessionSource {
  return sources.find((source) => source === value) ?? "startup";
}
