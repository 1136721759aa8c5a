// Codex's hooks: its payloads to facts, our replies to its JSON. Payload keys as recorded from
// Codex 0.169.0; 0.145.0 sends the same for the events that it knows.

import type { Env } from "../../core/env.ts";
import type { Fact, FactBase } from "../../core/fact.ts";
import { asObject, asText, isObject, type JsonObject } from "../../core/json.ts";
import { isNudge } from "../../core/mail/envelope.ts";
import { type HookOutput, jsonOutput, noOutput, type Reply } from "../../core/reply.ts";
import { actionDetail, factBase, nothing, sessionSource, useIdOf } from "../payload.ts";
import type { Dialect } from "../tool.ts";
import { actions, type CodexHook, hooks, isCodexHook, name } from "./identity.ts";

export const dialect: Dialect = {
  hooks,
  read: readFact,
  write: writeReply,
  // Codex shows hook output to the human; the argument list is silent.
  bootstrapAt: "argv",
  // Its rules know beginnings of commands only, and stand in its owner's files alone.
  answersApprovals: true,
};

function readFact(hook: string, payload: unknown, env: Env): Fact {
  if (!isCodexHook(hook)) return nothing(factBase(name, hook, {}), `unknown hook ${hook}`);
  if (!isObject(payload)) return nothing(factBase(name, hook, {}), "payload is not an object");
  const agent = asText(payload["agent_id"]);
  const base = factBase(name, hook, {
    session: asText(payload["session_id"]),
    transcript: asText(payload["transcript_path"]),
    directory: asText(payload["cwd"]),
    configDir: asText(env["CODEX_HOME"]),
    subagent:
      agent === undefined
        ? undefined
        : { id: agent, type: asText(payload["agent_type"]) ?? "task" },
  });
  return readKnown(hook, base, payload);
}

function readKnown(hook: CodexHook, base: FactBase, payload: JsonObject): Fact {
  switch (hook) {
    case "codex-sessionstart":
      return { ...base, kind: "session-start", source: sessionSource(payload["source"]) };
    case "codex-userpromptsubmit": {
      const text = payload["prompt"];
      if (typeof text !== "string") return nothing(base, "no prompt");
      return { ...base, kind: "prompt", text, isNudge: isNudge(text), isSynthetic: false };
    }
    case "codex-pretooluse":
    case "codex-posttooluse":
    case "codex-permissionrequest":
      return readAction(hook, base, payload);
    case "codex-stop":
      return { ...base, kind: "turn-end", isContinuation: payload["stop_hook_active"] === true };
    case "codex-interrupt":
      return { ...base, kind: "turn-interrupted" };
    case "codex-postmodelrequest":
      return readModelRequest(base, payload);
    case "codex-sessionend":
      return { ...base, kind: "session-end", reason: asText(payload["reason"]) ?? "other" };
  }
}

function readAction(hook: CodexHook, base: FactBase, payload: JsonObject): Fact {
  const action = asText(payload["tool_name"]);
  if (action === undefined) return nothing(base, "no tool_name");
  const input = asObject(payload["tool_input"]);
  const detail = detailOf(action, input);
  const isShell = actions.shell.some((shell) => shell === action);
  if (hook === "codex-permissionrequest") return { ...base, kind: "approval-open", action, detail };
  const useId = useIdOf(payload["tool_use_id"]);
  if (hook === "codex-pretooluse") {
    return { ...base, kind: "action-start", action, detail, ...useId, input, isShell };
  }
  const output = asText(payload["tool_response"]) ?? "";
  return { ...base, kind: "action-end", action, detail, ...useId, output, isShell };
}

/** Codex 0.145.0: apply_patch sends the patch as its `command`; its headers name the files. */
function detailOf(action: string, input: JsonObject): string {
  if (action !== "apply_patch") return actionDetail(actions, action, input);
  const patch = asText(input["command"]) ?? "";
  const files = patch.matchAll(/^\*\*\* (?:Update|Add|Delete) File: (.+)$/gm);
  return [...files].map((match) => match[1]?.trim()).join(", ");
}

/** Codex 0.169.0: an API error ends the turn without a Stop; this event is the only trace. */
function readModelRequest(base: FactBase, payload: JsonObject): Fact {
  if (payload["status"] !== "failed") return nothing(base);
  const cause = payload["error"];
  const detail = asText(cause) ?? asText(asObject(cause)["message"]) ?? "";
  return { ...base, kind: "turn-failed", error: "model-request", detail };
}

/** No `systemMessage` and no hints: Codex prints what hooks say. */
function writeReply(reply: Reply, fact: Fact): HookOutput {
  switch (reply.kind) {
    case "silent":
      return silence(fact);
    case "context":
      if (!contextKinds.has(fact.kind) || reply.text === "") return silence(fact);
      return jsonOutput({
        hookSpecificOutput: { hookEventName: eventOf(fact), additionalContext: reply.text },
      });
    case "continue":
      // Codex 0.145 and 0.169: the reason becomes a `<hook_prompt>` and the turn goes on.
      if (fact.kind !== "turn-end") return silence(fact);
      return jsonOutput({ decision: "block", reason: reply.text });
    case "drop-prompt":
      if (fact.kind !== "prompt") return silence(fact);
      return jsonOutput({ decision: "block", reason: reply.reason });
    case "allow":
      if (fact.kind !== "approval-open") return silence(fact);
      return jsonOutput({
        hookSpecificOutput: { hookEventName: eventOf(fact), decision: { behavior: "allow" } },
      });
    case "wake":
    case "rewrite-command":
      return silence(fact);
  }
}

const contextKinds: ReadonlySet<Fact["kind"]> = new Set([
  "session-start",
  "prompt",
  "action-start",
  "action-end",
]);

/** Codex wants JSON from a Stop hook in any case. */
function silence(fact: Fact): HookOutput {
  return fact.hook === "codex-stop" ? jsonOutput({}) : noOutput;
}

function eventOf(fact: Fact): string {
  return isCodexHook(fact.hook) ? hooks[fact.hook] : "";
}
