// Our replies in the JSON of Claude Code's hooks. A reply that the event cannot carry is dropped:
// an empty output tells the caller that nothing was handed over.
import type { Fact } from "../../core/fact.ts";
import { type HookOutput, jsonOutput, noOutput, type Reply } from "../../core/reply.ts";
import { isSince } from "../version.ts";
import { hooks, isClaudeHook } from "./identity.ts";

/** Facts whose event takes `additionalContext` beside what happens anyway. */
const contextKinds: ReadonlySet<Fact["kind"]> = new Set([
  "session-start",
  "prompt",
  "action-start",
  "action-end",
  "action-failed",
  "batch-end",
  "subagent-start",
]);

export function writeReply(reply: Reply, fact: Fact): HookOutput {
  switch (reply.kind) {
    case "silent":
      return noOutput;
    case "context":
      return contextKinds.has(fact.kind) ? writeContext(reply, fact) : noOutput;
    case "continue":
      return writeContinue(reply.text, fact);
    case "drop-prompt":
      if (fact.kind !== "prompt") return noOutput;
      // Claude Code 2.1: `suppressOriginalPrompt` counts only inside hookSpecificOutput.
      return json({
        decision: "block",
        reason: reply.reason,
        ...specific(fact, { suppressOriginalPrompt: true }),
      });
    case "wake":
      // asyncRewake: exit 2 wakes the session with what stands on stderr.
      if (fact.kind !== "bell") return noOutput;
      return { stdout: "", stderr: reply.text, exit: 2 };
    case "allow":
      return noOutput;
    case "rewrite-command":
      if (fact.kind !== "action-start") return noOutput;
      return json(specific(fact, { updatedInput: reply.input }));
  }
}

function writeContext(reply: Extract<Reply, { kind: "context" }>, fact: Fact): HookOutput {
  const hasWatch = fact.kind === "session-start" && reply.watch !== undefined;
  const fields = {
    ...(reply.text === "" ? {} : { additionalContext: reply.text }),
    ...(hasWatch ? { watchPaths: reply.watch } : {}),
  };
  return json({
    ...(reply.notice === undefined ? {} : { systemMessage: reply.notice }),
    ...(Object.keys(fields).length === 0 ? {} : specific(fact, fields)),
  });
}

/**
 * Claude Code 2.1.216 and 2.1.329 go on after a Stop with additionalContext, without the word
 * "error" that a block shows. A version that does not tell its number gets the block, which every
 * one understands. Exit stays 0: with 2 the JSON would be ignored.
 */
function writeContinue(text: string, fact: Fact): HookOutput {
  if (fact.kind === "turn-end" && isSince(fact.version, "2.1.216", false)) {
    return json(specific(fact, { additionalContext: text }));
  }
  if (fact.kind === "turn-end" || fact.kind === "subagent-end") {
    return json({ decision: "block", reason: text });
  }
  return noOutput;
}

function specific(fact: Fact, fields: Record<string, unknown>): Record<string, unknown> {
  const hookEventName = isClaudeHook(fact.hook) ? hooks[fact.hook] : "";
  return { hookSpecificOutput: { hookEventName, ...fields } };
}

function json(value: Record<string, unknown>): HookOutput {
  return Object.keys(value).length === 0 ? noOutput : jsonOutput(value);
}
