// What the recordings of Codex mean; read by contract.test.ts.
import type { Expectations } from "../contract-kit.ts";

export const expected: Expectations = {
  payloads: {
    "0.169.0/SessionStart": ["codex-sessionstart", "session-start", { source: "startup" }],
    "0.169.0/SessionStart.startup": ["codex-sessionstart", "session-start", { source: "startup" }],
    "0.169.0/SessionStart.resume": ["codex-sessionstart", "session-start", { source: "resume" }],
    "0.169.0/SessionStart.fork": ["codex-sessionstart", "session-start", { source: "fork" }],
    "0.169.0/UserPromptSubmit": [
      "codex-userpromptsubmit",
      "prompt",
      { isNudge: false, isSynthetic: false },
    ],
    "0.169.0/PreToolUse": [
      "codex-pretooluse",
      "action-start",
      { action: "Bash", detail: "touch made.txt", useId: "call_mock1" },
    ],
    "0.169.0/PreToolUse.Bash": ["codex-pretooluse", "action-start", { detail: "sleep 20" }],
    "0.169.0/PostToolUse": [
      "codex-posttooluse",
      "action-end",
      { action: "Bash", output: "", isShell: true },
    ],
    "0.169.0/PostToolUse.Bash": ["codex-posttooluse", "action-end", { detail: "touch b.txt" }],
    "0.169.0/PermissionRequest": [
      "codex-permissionrequest",
      "approval-open",
      { detail: "touch a.txt" },
    ],
    "0.169.0/PermissionRequest.Bash": ["codex-permissionrequest", "approval-open"],
    "0.169.0/Stop": ["codex-stop", "turn-end", { isContinuation: false }],
    "0.169.0/Interrupt": ["codex-interrupt", "turn-interrupted"],
    "0.169.0/PostModelRequest": ["codex-postmodelrequest", "nothing"],
    "0.169.0/SessionEnd": ["codex-sessionend", "session-end", { reason: "other" }],
    "0.169.0/SessionEnd.other": ["codex-sessionend", "session-end", { reason: "other" }],
  },
  screens: {
    "0.169.0/screens/idle.ansi": { title: "proj", input: "", busy: false },
    "0.169.0/screens/draft.ansi": { title: "proj", input: "half a draft", busy: false },
    "0.169.0/screens/nudge.ansi": { title: "proj", input: "<hcom>", busy: false },
    // Recorded without attributes: the placeholder counts as text, which is the safe side.
    "0.169.0/screens/busy-text.txt": {
      title: "⠹ proj",
      input: "Ask Codex to do anything",
      busy: true,
    },
    "0.169.0/screens/done.txt": { title: "", input: "Ask Codex to do anything", busy: null },
    "0.169.0/screens/approval.txt": {
      title: "[ . ] Action Required | proj",
      input: approvalInput(),
      approval: true,
      busy: true,
    },
    "0.145.0/screens/idle.ansi": { title: "proj", input: "", busy: false },
    "0.145.0/screens/draft.ansi": { title: "proj", input: "half a draft", busy: false },
    "0.145.0/screens/nudge.ansi": { title: "proj", input: "<hcom>", busy: false },
    "0.145.0/screens/busy-text.txt": {
      title: "⠏ proj",
      input: "Find and fix a bug in @filename",
      busy: true,
    },
    "0.145.0/screens/done.txt": { title: "", input: "Find and fix a bug in @filename", busy: null },
    // The title may blink or lag: the words alone must do.
    "0.145.0/screens/approval.txt": {
      title: "",
      input: approvalInput(),
      approval: true,
      busy: null,
    },
  },
  transcripts: [
    ...["0.169.0", "0.145.0"].map((version) => ({
      file: `${version}/inject.jsonl`,
      reached: [
        "INJ-SessionStart-a",
        "INJ-UserPromptSubmit-a",
        "INJ-PreToolUse-a",
        "INJ-PostToolUse-a",
        "INJ-Stop-reason</hook_prompt>",
      ],
      lost: ["MOCK-DONE 1", "MOCK-ECHO"],
    })),
    // A hook that was killed: Codex drops what it printed.
    ...["0.169.0", "0.145.0"].map((version) => ({
      file: `${version}/killed.jsonl`,
      reached: ["please [[RUN echo hi]]"],
      lost: ["MOCK-DONE 1"],
    })),
    {
      file: "0.169.0/rollout-kinds.jsonl",
      reached: ["Process exited with code 0", "<environment_context>"],
      lost: ["MOCK-DONE 1", "task_complete", "You are a coding agent"],
    },
  ],
  broken: {
    "hooks.json": ["{", '{"hooks":[]}', '{"hooks":{"Stop":{}}}', "nope"],
    "config.toml": ["a = ", "[features\n", "a = 1\na = 2\n"],
  },
};

/** The choices stand where the composer was; anything but "" keeps the typing away. */
function approvalInput(): string {
  return [
    "1. Yes, proceed (y)",
    "2. Yes, and don't ask again for commands that start with `touch /tmp/pb/zz1` (p)",
    "3. No, and tell Codex what to do differently (esc)",
  ].join("\n");
}
