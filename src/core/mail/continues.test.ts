import { expect, test } from "bun:test";
import { continuesInARow } from "./continues.ts";

const kept = { context: "deliver:luna", writer: "continue" };
const ended = { context: "", writer: "poll" };

test("what kept a turn going is counted up to the last thing the agent did", () => {
  expect(continuesInARow([])).toBe(0);
  expect(continuesInARow([ended, kept, ended, kept, ended])).toBe(2);
  expect(continuesInARow([kept, { context: "tool:Bash", writer: "pre" }, kept])).toBe(1);
  expect(continuesInARow([kept, { context: "prompt", writer: "userpromptsubmit" }])).toBe(1);
  expect(continuesInARow([{ context: "deliver:luna", writer: "hook:batch" }, kept])).toBe(0);
});
