// Claude Code's hooks: its payloads to facts, our replies to its JSON. Payload keys as recorded
// from Claude Code 2.1.329; 2.1.216 sends the same.

import type { Env } from "../../core/env.ts";
import type { Fact, FactBase } from "../../core/fact.ts";
import { asObject, asText, isObject, type JsonObject } from "../../core/json.ts";
import { isNudge } from "../../core/mail/envelope.ts";
import { actionDetail, factBase, nothing, sessionSource, useIdOf } from "../payload.ts";
import type { Dialect } from "../tool.ts";
import { parseVersion } from "../version.ts";
import { actions, type ClaudeHook, hooks, isClaudeHook, name, ownTools } from "./identity.ts";
import { wordsOf } from "./prompt-frame.ts";
import { writeReply } from "./reply.ts";

export const dialect: Dialect = {
  hooks,
  read: readFact,
  write: writeReply,
  bootstrapAt: "session-start",
  // Claude Code 2.1.216 ends the turn over the ninth block without an action in between, 2.1.332
  // over the tenth. Other people's hooks may count, too.
  mostContinues: 7,
};

function readFact(hook: string, payload: unknown, env: Env): Fact {
  if (!isClaudeHook(hook)) return nothing(factBase(name, hook, {}), `unknown hook ${hook}`);
  if (!isObject(payload)) return nothing(readBase(hook, {}, env), "payload is not an object");
  const base = readBase(hook, payload, env);
  if (isActionHook(hook)) return readAction(hook, base, payload);
  return readMoment(hook, base, payload);
}

function readBase(hook: string, payload: JsonObject, env: Env): FactBase {
  const agent = asText(payload["agent_id"]);
  const pid = Number(env["CLAUDE_PID"]);
  return factBase(name, hook, {
    session: asText(payload["session_id"]) ?? asText(env["CLAUDE_CODE_SESSION_ID"]),
    transcript: asText(payload["transcript_path"]),
    directory: asText(payload["cwd"]),
    toolPid: Number.isInteger(pid) && pid > 0 ? pid : undefined,
    // `claude-code_2-1-329_harness`
    version: parseVersion(env["AI_AGENT"]?.match(/_(\d+-\d+-\d+)/)?.[1]?.replaceAll("-", ".")),
    permissions: permissionsOf(asText(payload["permission_mode"])),
    configDir: asText(env["CLAUDE_CONFIG_DIR"]),
    // Claude Code 2.1: `cli` with a terminal of its own, `sdk-cli` with -p.
    isOneShot: env["CLAUDE_CODE_ENTRYPOINT"]?.startsWith("sdk-") ? true : undefined,
    subagent:
      agent === undefined
        ? undefined
        : { id: agent, type: asText(payload["agent_type"]) ?? "task" },
  });
}

function permissionsOf(mode: string | undefined): FactBase["permissions"] {
  if (mode === undefined) return undefined;
  return mode === "bypassPermissions" ? "bypassed" : "asked";
}

type ActionHook = "pre" | "post" | "post-failure" | "permission-request" | "permission-denied";

function isActionHook(hook: ClaudeHook): hook is ActionHook {
  return hook === "pre" || hook.startsWith("post") || hook.startsWith("permission-");
}

function readAction(hook: ActionHook, base: FactBase, payload: JsonObject): Fact {
  const action = asText(payload["tool_name"]);
  if (action === undefined) return nothing(base, "no tool_name");
  const input = asObject(payload["tool_input"]);
  const detail = actionDetail(actions, action, input);
  const isShell = actions.shell.some((shell) => shell === action);
  const useId = useIdOf(payload["tool_use_id"]);
  switch (hook) {
    case "pre":
      // Claude's own notes about the session are not work of the agent.
      if (detail.includes("session-memory/")) return nothing(base);
      return {
        ...base,
        kind: "action-start",
        action,
        detail,
        ...useId,
        input,
        isShell,
        ...(action.startsWith(ownTools) ? { isOurs: true } : {}),
      };
    case "post": {
      const output = outputOf(payload["tool_response"]);
      return { ...base, kind: "action-end", action, detail, ...useId, output, isShell };
    }
    case "post-failure":
      return { ...base, kind: "action-failed", action, detail, ...useId };
    case "permission-request":
      if (action === "AskUserQuestion") return { ...base, kind: "question-open" };
      return { ...base, kind: "approval-open", action, detail };
    case "permission-denied": {
      const reason = asText(payload["reason"]) ?? detail;
      return { ...base, kind: "approval-denied", action, detail: reason, ...useId };
    }
  }
}

function readMoment(
  hook: Exclude<ClaudeHook, ActionHook>,
  base: FactBase,
  payload: JsonObject,
): Fact {
  const isContinuation = payload["stop_hook_active"] === true;
  switch (hook) {
    case "sessionstart":
      return { ...base, kind: "session-start", source: sessionSource(payload["source"]) };
    case "userpromptsubmit":
      return readPrompt(base, payload);
    case "batch":
      return { ...base, kind: "batch-end" };
    case "poll":
      return { ...base, kind: "turn-end", isContinuation };
    case "stop-failure":
      return readTurnFailure(base, payload);
    case "notify":
      return readNotification(base, payload);
    case "subagent-start":
      if (base.subagent === undefined) return nothing(base, "no agent_id");
      return { ...base, kind: "subagent-start" };
    case "subagent-stop":
      if (base.subagent === undefined) return nothing(base, "no agent_id");
      return { ...base, kind: "subagent-end", isContinuation };
    case "bell":
      return { ...base, kind: "bell" };
    case "sessionend":
      return { ...base, kind: "session-end", reason: asText(payload["reason"]) ?? "other" };
  }
}

/** `tool_response` is an object with `stdout` for shells and plain text for some others. */
function outputOf(response: unknown): string {
  if (typeof response === "string") return response;
  return asText(asObject(response)["stdout"]) ?? "";
}

/**
 * Texts that Claude itself puts into the prompt: the end of a background task (and the words of our
 * bell, Claude Code 2.1.216 on), a channel, a teammate. The last is mail that our module submits.
 */
const syntheticHeads = [
  ...["<task-notification>", "<channel ", "<cross-session-message", "<teammate-"],
  "<hcom>[",
];

function readPrompt(base: FactBase, payload: JsonObject): Fact {
  const prompt = payload["prompt"];
  if (typeof prompt !== "string") return nothing(base, "no prompt");
  const isSynthetic = syntheticHeads.some((head) => prompt.startsWith(head));
  return { ...base, kind: "prompt", text: prompt, isNudge: isNudge(wordsOf(prompt)), isSynthetic };
}

function readTurnFailure(base: FactBase, payload: JsonObject): Fact {
  const detail =
    asText(payload["error_details"]) ?? asText(payload["last_assistant_message"]) ?? "";
  return { ...base, kind: "turn-failed", error: asText(payload["error"]) ?? "unknown", detail };
}

/** Old versions send no type, only the sentence; both lead to the same facts. */
function readNotification(base: FactBase, payload: JsonObject): Fact {
  const type = asText(payload["notification_type"]);
  const message = asText(payload["message"]) ?? "";
  if (type === "idle_prompt") return { ...base, kind: "idle-notice" };
  if (type === "elicitation_dialog") return { ...base, kind: "question-open" };
  // PermissionRequest says it better, and earlier.
  if (type !== undefined) return nothing(base);
  if (/waiting for your input/i.test(message)) return { ...base, kind: "idle-notice" };
  return nothing(base);
}
