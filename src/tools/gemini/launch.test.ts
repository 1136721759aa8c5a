import { expect, test } from "bun:test";
import { gemini } from "./tool.ts";

const { runKind, kept } = gemini.launch;

test("sessions, answers and its own commands are told apart", () => {
  for (const args of [[], ["-y"], ["-i", "hello"], ["fix it"], ["-m", "mcp"], ["--", "mcp"]]) {
    expect([args, runKind(args)]).toEqual([args, "interactive"]);
  }
  for (const args of [
    ["-p", "hi"],
    ["--prompt=hi", "-y"],
    ["-m", "x", "-p", "hooks"],
  ]) {
    expect([args, runKind(args)]).toEqual([args, "one-shot"]);
  }
  for (const args of [["mcp", "list"], ["--version"], ["-l"], ["--acp"], ["--list-sessions"]]) {
    expect([args, runKind(args)]).toEqual([args, "plain"]);
  }
});

test("a session that is taken up keeps how it works, not what it was asked", () => {
  const args = ["-m", "pro", "-i", "do it", "--resume", "7", "-y", "--session-id=x", "more"];
  expect(kept(args)).toEqual(["-m", "pro", "-y"]);
});
