import { expect, test } from "bun:test";
import type { Fact } from "../../core/fact.ts";
import { nudgeText } from "../../core/mail/envelope.ts";
import type { Reply } from "../../core/reply.ts";
import { dialect } from "./dialect.ts";

const base = { tool: "claude", version: "2.1.329" };
const write = (reply: Reply, fact: object) => dialect.write(reply, { ...base, ...fact } as Fact);
const read = (hook: string, payload: object, env = {}) => dialect.read(hook, payload, env);

test("version and pid of Claude come from its environment", () => {
  const env = { AI_AGENT: "claude-code_2-1-329_harness", CLAUDE_PID: "77" };
  expect(read("poll", {}, env)).toMatchObject({ version: "2.1.329", toolPid: 77 });
  const odd = read("poll", {}, { AI_AGENT: "amp", CLAUDE_PID: "x" });
  expect(odd.version).toBeUndefined();
  expect(odd.toolPid).toBeUndefined();
});

test("the session comes from the payload, else from the environment", () => {
  const env = { CLAUDE_CODE_SESSION_ID: "env" };
  expect(read("poll", { session_id: "own" }, env).session).toBe("own");
  expect(read("poll", {}, env).session).toBe("env");
});

test("a prompt of ours, a prompt of Claude's own making, a prompt of the human", () => {
  const prompt = (text: string) => read("userpromptsubmit", { prompt: text });
  expect(prompt(nudgeText([7]))).toMatchObject({ isNudge: true, isSynthetic: false });
  expect(prompt("<hcom>")).toMatchObject({ isNudge: true });
  expect(prompt("<task-notification>\n<task-id>a</task-id>")).toMatchObject({
    isNudge: false,
    isSynthetic: true,
  });
  expect(prompt("what is <hcom>?")).toMatchObject({ isNudge: false, isSynthetic: false });
  expect(prompt("")).toMatchObject({ kind: "prompt", text: "" });
});

test("Claude's notes about the session are no work of the agent", () => {
  const payload = { tool_name: "Edit", tool_input: { file_path: "/c/session-memory/a.md" } };
  expect(read("pre", payload).kind).toBe("nothing");
});

test("old notifications are told by their words", () => {
  const notify = (message: string, type?: string) =>
    read("notify", { message, ...(type === undefined ? {} : { notification_type: type }) }).kind;
  expect(notify("Claude is waiting for your input")).toBe("idle-notice");
  expect(notify("Claude needs your permission to use Bash")).toBe("nothing");
  expect(notify("x", "elicitation_dialog")).toBe("question-open");
  expect(notify("x", "auth_success")).toBe("nothing");
});

const parsed = (reply: Reply, fact: object) => JSON.parse(write(reply, fact).stdout);

test("context carries a notice for the human, and the bell's path at the start", () => {
  const reply: Reply = { kind: "context", text: "T", notice: "N", watch: ["/bell"] };
  const start = { kind: "session-start", hook: "sessionstart" };
  const said = { hookEventName: "SessionStart", additionalContext: "T", watchPaths: ["/bell"] };
  expect(parsed(reply, start)).toEqual({ systemMessage: "N", hookSpecificOutput: said });
  expect(parsed(reply, { kind: "batch-end", hook: "batch" })).toEqual({
    systemMessage: "N",
    hookSpecificOutput: { hookEventName: "PostToolBatch", additionalContext: "T" },
  });
  expect(parsed({ kind: "context", text: "", watch: ["/bell"] }, start)).toEqual({
    hookSpecificOutput: { hookEventName: "SessionStart", watchPaths: ["/bell"] },
  });
});

test("a turn goes on without the word error where that is known to work", () => {
  const stop = { kind: "turn-end", hook: "poll", isContinuation: false };
  const go: Reply = { kind: "continue", text: "T" };
  const soft = '{"hookSpecificOutput":{"hookEventName":"Stop","additionalContext":"T"}}';
  expect(write(go, stop).stdout).toBe(soft);
  expect(write(go, { ...stop, version: "2.1.216" }).stdout).toBe(soft);
  const hard = '{"decision":"block","reason":"T"}';
  expect(write(go, { ...stop, version: undefined }).stdout).toBe(hard);
  expect(write(go, { ...stop, version: "2.1.100" }).stdout).toBe(hard);
  expect(write(go, { kind: "subagent-end", hook: "subagent-stop" }).stdout).toBe(hard);
  expect(write(go, stop).exit).toBe(0);
});

test("an empty nudge is dropped without a turn and without its text", () => {
  const prompt = { kind: "prompt", hook: "userpromptsubmit", text: "<hcom>" };
  expect(parsed({ kind: "drop-prompt", reason: "R" }, prompt)).toEqual({
    decision: "block",
    reason: "R",
    hookSpecificOutput: { hookEventName: "UserPromptSubmit", suppressOriginalPrompt: true },
  });
});

test("the bell wakes by exit 2 and stderr; nothing else may", () => {
  const wake: Reply = { kind: "wake", text: "T" };
  const silence = { stdout: "", stderr: "", exit: 0 };
  expect(write(wake, { kind: "bell", hook: "bell" })).toEqual({ ...silence, stderr: "T", exit: 2 });
  expect(write(wake, { kind: "turn-end", hook: "poll" })).toEqual(silence);
});

test("a command is rewritten before it runs", () => {
  const input = { command: "export A=1\nhcom list", description: "d" };
  expect(
    write({ kind: "rewrite-command", input }, { kind: "action-start", hook: "pre" }).stdout,
  ).toBe(
    `{"hookSpecificOutput":{"hookEventName":"PreToolUse","updatedInput":${JSON.stringify(input)}}}`,
  );
});
