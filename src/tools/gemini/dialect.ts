// Gemini CLI's hooks: its payloads to facts, our replies to its JSON. Payload keys as recorded from
// Gemini CLI 0.61.0.

import type { Env } from "../../core/env.ts";
import type { Fact, FactBase } from "../../core/fact.ts";
import { asObject, asText, isObject, type JsonObject } from "../../core/json.ts";
import { isNudge } from "../../core/mail/envelope.ts";
import { type HookOutput, jsonOutput, noOutput, type Reply } from "../../core/reply.ts";
import { actionDetail, factBase, nothing, sessionSource } from "../payload.ts";
import type { Dialect } from "../tool.ts";
import { actions, type GeminiHook, hooks, isGeminiHook, name, ownTools } from "./identity.ts";
import { plainText, withFrames } from "./plain-frame.ts";

export const dialect: Dialect = {
  hooks,
  read: readFact,
  write: writeReply,
  bootstrapAt: "session-start",
};

function readFact(hook: string, payload: unknown, env: Env): Fact {
  if (!isGeminiHook(hook)) return nothing(factBase(name, hook, {}), `unknown hook ${hook}`);
  if (!isObject(payload)) return nothing(factBase(name, hook, {}), "payload is not an object");
  const home = asText(env["GEMINI_CLI_HOME"]);
  const base = factBase(name, hook, {
    session: asText(payload["session_id"]) ?? asText(env["GEMINI_SESSION_ID"]),
    transcript: asText(payload["transcript_path"]),
    directory: asText(payload["cwd"]),
    configDir: home ? `${home}/.gemini` : undefined,
  });
  return readKnown(hook, base, payload);
}

function readKnown(hook: GeminiHook, base: FactBase, payload: JsonObject): Fact {
  switch (hook) {
    case "gemini-sessionstart":
      return { ...base, kind: "session-start", source: sessionSource(payload["source"]) };
    case "gemini-beforeagent":
      return readPrompt(base, payload);
    case "gemini-beforetool":
    case "gemini-aftertool":
      return readAction(hook, base, payload);
    case "gemini-notification":
      return readNotification(base, payload);
    case "gemini-afteragent":
      return { ...base, kind: "turn-end", isContinuation: payload["stop_hook_active"] === true };
    case "gemini-sessionend":
      return { ...base, kind: "session-end", reason: asText(payload["reason"]) ?? "other" };
  }
}

/** With -p, what SessionStart said stands in front; a turn that goes on begins with our mail. */
function readPrompt(base: FactBase, payload: JsonObject): Fact {
  const prompt = payload["prompt"];
  if (typeof prompt !== "string") return nothing(base, "no prompt");
  const text = prompt.replace(/^<hook_context>[\s\S]*?<\/hook_context>\s*/, "");
  const isSynthetic = withFrames(text).startsWith("<hcom>") && text.startsWith("[");
  return { ...base, kind: "prompt", text, isNudge: isNudge(text), isSynthetic };
}

function readAction(
  hook: "gemini-beforetool" | "gemini-aftertool",
  base: FactBase,
  payload: JsonObject,
): Fact {
  const action = asText(payload["tool_name"]);
  if (action === undefined) return nothing(base, "no tool_name");
  const input = asObject(payload["tool_input"]);
  const detail = actionDetail(actions, action, input);
  const isShell = actions.shell.some((shell) => shell === action);
  if (hook === "gemini-beforetool") {
    const ours = action.startsWith(ownTools) ? { isOurs: true as const } : {};
    return { ...base, kind: "action-start", action, detail, input, isShell, ...ours };
  }
  const response = asObject(payload["tool_response"]);
  const output = asText(response["llmContent"]) ?? "";
  return { ...base, kind: "action-end", action, detail, output, isShell };
}

function readNotification(base: FactBase, payload: JsonObject): Fact {
  if (payload["notification_type"] !== "ToolPermission") return nothing(base);
  const details = asObject(payload["details"]);
  const type = asText(details["type"]) ?? "";
  if (type === "ask_user") return { ...base, kind: "question-open" };
  const detail =
    asText(details["command"]) ??
    asText(details["filePath"]) ??
    asText(details["toolName"]) ??
    asText(details["title"]) ??
    "";
  return { ...base, kind: "approval-open", action: type === "" ? "action" : type, detail };
}

function writeReply(reply: Reply, fact: Fact): HookOutput {
  switch (reply.kind) {
    case "context": {
      if (!contextKinds.has(fact.kind) || reply.text === "" || !isGeminiHook(fact.hook)) break;
      const additionalContext = plainText(reply.text);
      const specific = { hookEventName: hooks[fact.hook], additionalContext };
      // Mail that stays invisible to the person would make the answer to it a riddle.
      const notice = reply.notice === undefined ? {} : { systemMessage: reply.notice };
      return jsonOutput({ ...notice, hookSpecificOutput: specific });
    }
    case "continue":
      // Gemini CLI 0.61.0: the reason becomes a user's turn.
      if (fact.kind !== "turn-end") break;
      return jsonOutput({ decision: "deny", reason: plainText(reply.text) });
    case "drop-prompt":
      if (fact.kind !== "prompt") break;
      return jsonOutput({ decision: "deny", reason: reply.reason });
    case "silent":
    case "wake":
    case "allow":
    case "rewrite-command":
      break;
  }
  return noOutput;
}

const contextKinds: ReadonlySet<Fact["kind"]> = new Set(["session-start", "prompt", "action-end"]);
