import { expect, test } from "bun:test";
import { type HoldRow, holdOfStatus } from "./hold.ts";

const idle: HoldRow = {
  name: "luna",
  tag: null,
  directory: "/src/api",
  launch_context: JSON.stringify({ control_socket: "/run/luna.sock" }),
  status: "listening",
  status_context: "",
  status_detail: "",
  isPlaceholder: false,
};

const cases: [what: string, row: Partial<HoldRow>, text: string | undefined, next?: string][] = [
  ["an idle agent", {}, undefined],
  ["one in a turn", { status: "active", status_context: "tool:Bash" }, "in the middle of a turn"],
  [
    "an open approval",
    { status: "blocked", status_context: "approval", status_detail: "rm -r x\nmore" },
    "it asks its person: rm -r x",
    "hcom term luna",
  ],
  [
    "an open approval in a terminal that is not ours",
    { status: "blocked", status_context: "approval", launch_context: "{}" },
    "it asks its person something",
    "answer it in luna's own terminal (/src/api)",
  ],
  [
    "a failed request in a terminal that is not ours",
    { status_context: "failure:rate_limit", launch_context: "", directory: null },
    "the last request to its model failed: rate_limit",
    "look in luna's own terminal",
  ],
  [
    "unsent text",
    { status_context: "tui:prompt-has-text" },
    "unsent text stands in its input box",
    "hcom term luna",
  ],
  [
    "a failed request",
    { status_context: "failure:rate_limit", status_detail: "429 too many" },
    "the last request to its model failed: rate_limit, 429 too many",
  ],
  [
    "hooks that do not run",
    { status_context: "tui:hooks-silent" },
    "none of hcom's hooks ran in it",
    "hcom hooks",
  ],
  ["a suspended one", { status_context: "tui:suspended" }, "its person has suspended it"],
  ["a listener", { status_detail: "cmd:listen" }, "it waits in hcom listen"],
  [
    "a launch that asks",
    { status_context: "launch_blocked" },
    "its launch asks its person something",
  ],
  ["one that has ended", { status: "inactive", status_context: "exit:closed" }, "it has ended"],
];

for (const [what, row, text, next] of cases) {
  test(`what holds mail for ${what}`, () => {
    const hold = holdOfStatus({ ...idle, ...row });
    if (text === undefined) expect(hold).toBeUndefined();
    else expect(hold?.text).toContain(text);
    if (next !== undefined) expect(hold?.next).toBe(next);
  });
}
