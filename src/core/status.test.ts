import { describe, expect, test } from "bun:test";
import {
  describeStatus,
  isIdle,
  listenDetail,
  statuses,
  statusIcon,
  statusOnScreen,
} from "./status.ts";

describe("in words", () => {
  function check(stored: string, words: string, tool = "claude"): void {
    test(`${tool} ${stored}`, () => {
      const [status = "", ...context] = stored.split(" ");
      const known = statuses.find((one) => one === status)!;
      expect(describeStatus(known, context.join(" "), tool)).toBe(words);
    });
  }
  check("active", "active");
  check("active deliver:api-luna", "active: msg from api-luna");
  check("active tool:Bash", "active: Bash");
  check("active approved:Edit", "active: approved Edit");
  check("active denied:Bash", "active: denied Bash");
  check("active approved", "active: approved");
  check("active prompt", "active: prompt");
  check("active tool_failed:Bash", "active: Bash failed");
  check("active resuming", "resuming...");
  check("active finished listening", "active: finished listening");

  check("listening", "listening");
  check("listening start", "listening");
  check("listening ready", "listening");
  check("listening tui:not-ready", "listening: blocked");
  check("listening tui:not-idle", "waiting for idle");
  check("listening tui:user-active", "user typing");
  check("listening tui:output-unstable", "output streaming");
  check("listening tui:prompt-has-text", "uncommitted text");
  check("listening tui:submit-settle", "listening: submit settle");
  check("listening tui:nav-overlay", "listening: nav overlay");
  check("listening suspended", "listening: suspended");
  check("listening failure:overloaded", "listening: last turn failed (overloaded)");

  check("blocked", "blocked: permission needed");
  check("blocked approval", "blocked: approval pending");
  check("blocked pty:approval", "blocked: approval pending");
  check("blocked launch_blocked", "blocked: its launch waits for a person");

  check("inactive", "inactive");
  check("inactive stale:listening", "inactive: stale");
  check("inactive exit:timeout", "inactive: timeout");
  check("inactive subagent:dormant", "inactive: dormant subagent");
  check("inactive launch_failed", "inactive: launch failed");
  check("inactive tool:send", "ran hcom send", "adhoc");
  check("inactive exit:timeout", "timeout", "adhoc");
  check("inactive", "inactive", "adhoc");

  check("launching new", "launching");
  check("error", "error");
  check("error broken", "error: broken");
});

test("every status has an icon, and only the two that mean 'coming' share one", () => {
  const icons = statuses.map(statusIcon);
  expect(icons.join("")).toBe("▶◉■✗◎○⊘◎");
});

test("an agent inside hcom listen is not idle, it runs a command", () => {
  const idle = { status: "listening", status_detail: "" } as const;
  expect(isIdle(idle)).toBe(true);
  expect(isIdle({ ...idle, status_detail: listenDetail })).toBe(false);
  expect(isIdle({ ...idle, status: "active" })).toBe(false);
});

test("whose mail came is said to people in one way, whatever the agent does now", () => {
  for (const [status, tool] of [
    ["active", "claude"],
    ["inactive", "adhoc"],
  ] as const) {
    const shown = (context: string) => statusOnScreen(describeStatus(status, context, tool));
    expect(shown("deliver:bigboss")).toBe("mail from bigboss");
    expect(shown("deliver:bigboss +1")).toBe("mail from bigboss (+1)");
  }
});
