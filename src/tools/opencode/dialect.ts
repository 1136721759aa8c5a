// What our plugin tells from inside OpenCode, and how it is answered. Both ends are ours; what
// stands in the payloads beside the base is OpenCode's own (1.18.33).

import type { Env } from "../../core/env.ts";
import type { Fact, FactBase } from "../../core/fact.ts";
import { asObject, asText, asTexts, isObject, type JsonObject } from "../../core/json.ts";
import { isNudge } from "../../core/mail/envelope.ts";
import { type HookOutput, jsonOutput, noOutput, type Reply } from "../../core/reply.ts";
import { actionDetail, factBase, nothing, sessionSource, useIdOf } from "../payload.ts";
import type { Dialect } from "../tool.ts";
import { actions, hooks, isOpencodeHook, name, type OpencodeHook, ownTools } from "./identity.ts";

export const dialect: Dialect = {
  hooks,
  read: readFact,
  write: writeReply,
  bootstrapAt: "session-start",
  // An idle session is not a turn that could go on: what waits is pushed.
  mostContinues: 0,
};

function readFact(hook: string, payload: unknown, env: Env): Fact {
  if (!isOpencodeHook(hook)) return nothing(factBase(name, hook, {}), `unknown hook ${hook}`);
  if (!isObject(payload)) return nothing(factBase(name, hook, {}), "payload is not an object");
  const config = asText(env["XDG_CONFIG_HOME"]);
  const base = factBase(name, hook, {
    session: asText(payload["session_id"]),
    transcript: asText(payload["transcript_path"]),
    directory: asText(payload["cwd"]),
    configDir: config ? `${config}/opencode` : undefined,
    isOneShot: payload["is_one_shot"] === true ? true : undefined,
  });
  return readKnown(hook, base, payload);
}

function readKnown(hook: OpencodeHook, base: FactBase, payload: JsonObject): Fact {
  switch (hook) {
    case "opencode-session":
      return { ...base, kind: "session-start", source: sessionSource(payload["source"]) };
    case "opencode-prompt": {
      const text = payload["prompt"];
      if (typeof text !== "string") return nothing(base, "no prompt");
      return { ...base, kind: "prompt", text, isNudge: isNudge(text), isSynthetic: false };
    }
    case "opencode-before":
    case "opencode-after":
      return readAction(hook, base, payload);
    case "opencode-permission":
      return readPermission(base, payload);
    case "opencode-question":
      return { ...base, kind: "question-open" };
    case "opencode-reply":
      if (payload["reply"] !== "reject") return nothing(base);
      return { ...base, kind: "approval-denied", action: "permission", detail: "" };
    case "opencode-idle":
      return { ...base, kind: "turn-end", isContinuation: false };
    case "opencode-error":
      return readError(base, asObject(payload["error"]));
    case "opencode-bell":
      return { ...base, kind: "bell" };
    case "opencode-end":
      return { ...base, kind: "session-end", reason: "closed" };
  }
}

function readAction(
  hook: "opencode-before" | "opencode-after",
  base: FactBase,
  payload: JsonObject,
): Fact {
  const action = asText(payload["tool"]);
  if (action === undefined) return nothing(base, "no tool");
  const input = asObject(payload["args"]);
  const detail = detailOf(action, input);
  const isShell = actions.shell.some((shell) => shell === action);
  const useId = useIdOf(payload["callID"]);
  if (hook === "opencode-before") {
    const ours = action.startsWith(ownTools) ? { isOurs: true as const } : {};
    return { ...base, kind: "action-start", action, detail, ...useId, input, isShell, ...ours };
  }
  if (payload["error"] !== undefined) {
    return { ...base, kind: "action-failed", action, detail, ...useId };
  }
  const output = asText(payload["output"]) ?? "";
  return { ...base, kind: "action-end", action, detail, ...useId, output, isShell };
}

/** A patch names its files in its headers. */
function detailOf(action: string, input: JsonObject): string {
  const patch = asText(input["patchText"]);
  if (patch === undefined) return actionDetail(actions, action, input);
  const files = patch.matchAll(/^\*\*\* (?:Update|Add|Delete) File: (.+)$/gm);
  return [...files].map((match) => match[1]?.trim()).join(", ");
}

function readPermission(base: FactBase, payload: JsonObject): Fact {
  const metadata = asObject(payload["metadata"]);
  const detail =
    asText(metadata["command"]) ??
    asText(metadata["filepath"]) ??
    asTexts(payload["patterns"]).join(", ");
  const action = asText(payload["permission"]) ?? "permission";
  return { ...base, kind: "approval-open", action, detail };
}

function readError(base: FactBase, error: JsonObject): Fact {
  const name = asText(error["name"]) ?? "unknown";
  if (name === "MessageAbortedError") return { ...base, kind: "turn-interrupted" };
  const detail = asText(asObject(error["data"])["message"]) ?? "";
  return { ...base, kind: "turn-failed", error: name, detail };
}

function writeReply(reply: Reply, fact: Fact): HookOutput {
  switch (reply.kind) {
    case "context": {
      if (!contextKinds.has(fact.kind)) break;
      const [watch] = fact.kind === "session-start" ? (reply.watch ?? []) : [];
      const context = reply.text === "" ? undefined : reply.text;
      if (context === undefined && watch === undefined) break;
      return jsonOutput({ context, watch });
    }
    case "continue":
      return fact.kind === "turn-end" ? jsonOutput({ prompt: reply.text }) : noOutput;
    case "wake":
      return fact.kind === "bell" ? jsonOutput({ prompt: reply.text }) : noOutput;
    case "drop-prompt":
      return fact.kind === "prompt" ? jsonOutput({ drop: reply.reason }) : noOutput;
    case "silent":
    case "allow":
    case "rewrite-command":
      break;
  }
  return noOutput;
}

const contextKinds: ReadonlySet<Fact["kind"]> = new Set(["session-start", "prompt", "action-end"]);
