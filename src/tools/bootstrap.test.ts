import { expect, test } from "bun:test";
import { isNudge } from "../core/mail/envelope.ts";
import { type BootstrapFacts, bootstrapText, subagentBootstrapText } from "./bootstrap.ts";

const facts: BootstrapFacts = {
  name: "luna",
  tag: "",
  isHeadless: false,
  delivery: "auto",
  isLaunched: true,
  snapshot: [],
  forkOf: "",
  notes: "",
  commandWord: "hcom",
  path: "",
};

test("it names the agent, asks for the marker, and is no task", () => {
  const text = bootstrapText(facts);
  expect(text).toContain("**luna**");
  expect(text).toContain("`[hcom:luna]`");
  expect(text).toContain("--name luna");
  expect(text.slice(0, 300)).toContain("not a task");
  expect(text).not.toMatch(/\{\w+\}|<!--/);
});

test("the block is closed also when its last part is left out", () => {
  const whole = bootstrapText(facts).trimEnd();
  const last = bootstrapText({ ...facts, leftOut: ["commands"] }).trimEnd();
  expect([whole, last].map((text) => text.split("\n").at(-1))).toEqual([
    "</session-metadata>",
    "</session-metadata>",
  ]);
  expect(last).not.toContain("## Commands");
});

test("it stays short", () => {
  expect(bootstrapText({ ...facts, tag: "api", isHeadless: true }).length / 4).toBeLessThan(800);
});

test("it cannot be taken for mail", () => {
  for (const text of [bootstrapText(facts), subagentBootstrapText(subagent)]) {
    expect(text).not.toContain("<hcom>");
    expect(isNudge(text)).toBe(false);
  }
});

const subagent = { name: "luna_task_1", parent: "luna", commandWord: "hcom" };

test("it says only what applies", () => {
  const plain = bootstrapText(facts);
  expect(plain).toContain("end your turn");
  expect(plain).not.toContain("listen 60");
  expect(plain).not.toContain("Your group");
  expect(plain).not.toContain("Nobody watches");
  expect(plain).not.toContain("Around you");
  const other = bootstrapText({
    ...facts,
    tag: "api",
    isHeadless: true,
    delivery: "adhoc",
    isLaunched: false,
    snapshot: [
      { tool: "codex", names: ["nova", "kiro"] },
      { tool: "claude", names: [] },
    ],
    notes: "Speak {name}, <!-- if auto --> $& plainly.",
    commandWord: "uvx hcom",
  });
  expect(other).toContain("**api-luna**");
  expect(other).toContain("@api-");
  expect(other).toContain("Nobody watches");
  expect(other).toContain("`uvx hcom listen 60 --name luna`");
  expect(other).toContain("`uvx hcom stop --name luna` leaves");
  expect(other).toContain("codex: nova, kiro\n");
  expect(other).not.toContain("claude:");
  expect(other).toContain("Speak {name}, <!-- if auto --> $& plainly.");
  expect(other).toContain("[hcom:luna]");
});

test("a subagent learns its own name and its parent's", () => {
  const text = subagentBootstrapText(subagent);
  expect(text).toContain("**luna_task_1**");
  expect(text).toContain("send @luna --name luna_task_1");
});
