import { expect, test } from "bun:test";
import {
  allMarkers,
  detectTool,
  findTool,
  sessionInEnv,
  toolNameOf,
  toolNames,
  toolOfHook,
} from "./index.ts";
import * as registered from "./registered.ts";

test("tools are found by name and alias", async () => {
  expect(toolNameOf("claude-pty")).toBe("claude");
  expect(toolNameOf("constructor")).toBeUndefined();
  for (const name of toolNames) expect((await findTool(name))?.name).toBe(name);
  expect(await findTool("vim")).toBeUndefined();
});

test("a hook command belongs to one tool", () => {
  expect(toolOfHook("poll")).toBe("claude");
  expect(toolOfHook("codex-stop")).toBe("codex");
  expect(toolOfHook("send")).toBeUndefined();
  expect(toolOfHook("toString")).toBeUndefined();
});

test("the environment tells the tool: markers first, then what the launcher said", () => {
  expect(detectTool({})).toBeUndefined();
  expect(detectTool({ CLAUDECODE: "1" })).toBe("claude");
  expect(detectTool({ CLAUDECODE: "0", CLAUDE_ENV_FILE: "" })).toBeUndefined();
  expect(detectTool({ CODEX_THREAD_ID: "x" })).toBe("codex");
  expect(detectTool({ CODEX_THREAD_ID: "x", CLAUDE_ENV_FILE: "/f" })).toBe("claude");
  expect(detectTool({ HCOM_TOOL: "codex" })).toBe("codex");
  expect(detectTool({ HCOM_TOOL: "emacs" })).toBeUndefined();
});

test("the session comes from the tool that was detected", () => {
  expect(sessionInEnv({ CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s" })).toBe("s");
  expect(sessionInEnv({ CODEX_SESSION_ID: "t" })).toBe("t");
  expect(sessionInEnv({ CLAUDECODE: "1" })).toBeUndefined();
  expect(sessionInEnv({})).toBeUndefined();
});

test("our own word about the tool does not leak to children either", () => {
  expect(allMarkers).toContain("HCOM_TOOL");
});

test("every program's entry names the same things, of its own identity", async () => {
  const entries = Object.entries(registered);
  const [[, first] = []] = entries;
  for (const [name, entry] of entries) {
    expect([name, Object.keys(entry)]).toEqual([name, Object.keys(first ?? {})]);
    const identity = await import(`./${name}/identity.ts`);
    const { load, ...own } = entry;
    for (const [key, value] of Object.entries(own)) {
      expect([name, key, value === identity[key]]).toEqual([name, key, true]);
    }
    expect((await load()).name).toBe(name);
    expect(entry.name).toBe(name as typeof entry.name);
  }
});
