// What the recordings of Claude Code mean; read by contract.test.ts.
import type { Expectations } from "../contract-kit.ts";

const subagent = { id: "amate-729cb1916d8bcc98", type: "mate" };

export const expected: Expectations = {
  payloads: {
    "2.1.329/SessionStart": ["sessionstart", "session-start", { source: "startup" }],
    "2.1.329/SessionStart.startup": [
      "sessionstart",
      "session-start",
      { source: "startup", version: "2.1.329", toolPid: 9854 },
    ],
    "2.1.329/SessionStart.clear": ["sessionstart", "session-start", { source: "clear" }],
    "2.1.329/SessionStart.compact": ["sessionstart", "session-start", { source: "compact" }],
    "2.1.329/UserPromptSubmit": [
      "userpromptsubmit",
      "prompt",
      { text: "[[RUN echo hi]] hello", isNudge: false, isSynthetic: false },
    ],
    "2.1.329/PreToolUse": ["pre", "action-start", { action: "Bash", detail: "echo hi" }],
    "2.1.329/PreToolUse.Bash": ["pre", "action-start", { detail: "echo matehi", subagent }],
    "2.1.329/PreToolUse.Agent": ["pre", "action-start", { detail: "((RUN echo matehi)) do it" }],
    "2.1.329/PreToolUse.AskUserQuestion": ["pre", "action-start", { detail: "" }],
    "2.1.329/PreToolUse.ListAgents": ["pre", "action-start", { action: "ListAgents" }],
    "2.1.329/PreToolUse.SendMessage": ["pre", "action-start", { action: "SendMessage" }],
    "2.1.329/PostToolUse": [
      "post",
      "action-end",
      { action: "Bash", output: "hi", isShell: true, useId: "toolu_mock1" },
    ],
    "2.1.329/PostToolUse.Bash": ["post", "action-end", { output: "matehi", subagent }],
    "2.1.329/PostToolUse.Agent": ["post", "action-end", { action: "Agent", isShell: false }],
    "2.1.329/PostToolUse.AskUserQuestion": ["post", "action-end", { output: "" }],
    "2.1.329/PostToolUse.ListAgents": ["post", "action-end", { output: "" }],
    "2.1.329/PostToolUse.SendMessage": ["post", "action-end", { output: "" }],
    "2.1.329/PostToolUseFailure": ["post-failure", "action-failed", { detail: "ls /nonexist" }],
    "2.1.329/PostToolUseFailure.Bash": ["post-failure", "action-failed", { action: "Bash" }],
    "2.1.329/PostToolBatch": ["batch", "batch-end"],
    "2.1.329/PermissionRequest": [
      "permission-request",
      "approval-open",
      { action: "Bash", detail: "touch made.txt" },
    ],
    "2.1.329/PermissionRequest.Bash": ["permission-request", "approval-open"],
    "2.1.329/PermissionRequest.AskUserQuestion": ["permission-request", "question-open"],
    "2.1.329/Notification": ["notify", "nothing"],
    "2.1.329/Notification.permission_prompt": ["notify", "nothing"],
    "2.1.329/Notification.idle_prompt": ["notify", "idle-notice"],
    "2.1.329/Stop": ["poll", "turn-end", { isContinuation: false }],
    "2.1.329/StopFailure": [
      "stop-failure",
      "turn-failed",
      { error: "unknown", detail: "API Error: 400 mock error 400" },
    ],
    "2.1.329/SubagentStart": [
      "subagent-start",
      "subagent-start",
      { subagent: { id: "ab05768629601bda5", type: "general-purpose" } },
    ],
    "2.1.329/SubagentStop": ["subagent-stop", "subagent-end", { isContinuation: false }],
    "2.1.329/FileChanged": ["bell", "bell"],
    "2.1.329/SessionEnd": ["sessionend", "session-end", { reason: "other" }],
    "2.1.329/SessionEnd.clear": ["sessionend", "session-end", { reason: "clear" }],
    "2.1.329/SessionEnd.other": ["sessionend", "session-end", { reason: "other" }],
    "2.1.329/SessionEnd.prompt_input_exit": [
      "sessionend",
      "session-end",
      { reason: "prompt_input_exit" },
    ],
  },
  screens: {
    "2.1.329/screens/idle.ansi": { input: "", busy: false },
    "2.1.329/screens/draft.ansi": { input: "half a draft", busy: false },
    "2.1.329/screens/busy.txt": { input: "", busy: true },
    "2.1.329/screens/done.txt": { input: "", busy: false },
    "2.1.329/screens/inbox-blocked.txt": { input: "", busy: false },
    "2.1.329/screens/approval.txt": { input: null, approval: true, busy: null },
    "2.1.329/screens/settings-warning.txt": {
      input: null,
      approval: true,
      busy: null,
      launchQuestion: true,
    },
    "2.1.216/screens/idle.ansi": { input: "", busy: false },
    "2.1.216/screens/draft.ansi": { input: "half a draft", busy: false },
    "2.1.216/screens/busy.txt": { input: "", busy: true },
    "2.1.216/screens/done.txt": { input: "", busy: false },
    "2.1.216/screens/approval.txt": { input: null, approval: true, busy: null },
    "2.1.216/screens/settings-warning.txt": {
      input: null,
      approval: true,
      busy: null,
      launchQuestion: true,
    },
  },
  transcripts: [
    {
      file: "2.1.329/inject.jsonl",
      reached: [
        ...[
          "SessionStart",
          "UserPromptSubmit",
          "PreToolUse",
          "PostToolUse",
          "PostToolBatch",
          "Stop",
        ].map((event) => `INJ-${event}-a`),
        "please [[RUN echo hi]]",
      ],
      lost: ["MOCK-DONE 1", "hook.py"],
    },
    // Killed after it had printed whole JSON: Claude Code takes it all the same.
    {
      file: "2.1.329/killed.jsonl",
      reached: ["SessionStart", "UserPromptSubmit", "PostToolUse", "Stop"].map(
        (event) => `INJ-${event}-k`,
      ),
      lost: ["MOCK-DONE 2", "Killed"],
    },
    {
      file: "2.1.216/inject.jsonl",
      reached: [
        ...[
          "SessionStart",
          "UserPromptSubmit",
          "PreToolUse",
          "PostToolUse",
          "PostToolBatch",
          "Stop",
        ].map((event) => `INJ-${event}-a`),
        "please [[RUN echo hi]]",
      ],
      lost: ["MOCK-DONE 1", "hook.py"],
    },
    // Killed after it had printed whole JSON: Claude Code takes it all the same.
    {
      file: "2.1.216/killed.jsonl",
      reached: ["SessionStart", "UserPromptSubmit", "PostToolUse", "Stop"].map(
        (event) => `INJ-${event}-k`,
      ),
      lost: ["MOCK-DONE 2", "Killed"],
    },
    {
      file: "2.1.329/transcript-kinds.jsonl",
      reached: [
        "INJ-SESSIONSTART",
        "INJ-STOPBLOCK [[RUN echo two]]",
        "delivered-while-approval-pending",
      ],
      lost: ["MOCK-DONE 1", "Conversation compacted", "Held peer message", "You are powered by"],
    },
  ],
  broken: {
    "settings.json": ["{", '{"a":1', "not json", "[]", '{"hooks":[]}', '{"hooks":{"Stop":{}}}'],
  },
};
