// Bugs in the wrapper's decisions.
import { inFile, type Mutant } from "./mutant.ts";

const near = ["src/delivery/plan"];

export const ofDelivery: readonly Mutant[] = [
  ...inFile("src/delivery/plan/climb.ts", near, [
    ["a push while another process hands the mail over", " || seen.mail.inFlight", ""],
    [
      "a push before the session was idle for a moment",
      "nowMs - state.idleSince >= idleSettleMs",
      "true",
    ],
    ["a rung that has just failed is taken again at once", " || nowMs < memory.retryAt", ""],
    [
      "a paused rung nags about the same mail",
      "Math.max(...seen.mail.ids) > memory.pausedFor",
      "true",
    ],
    ["the nudge is typed twice into one box", 'text: isThere ? "" : rung.text', "text: rung.text"],
  ]),
  ...inFile("src/delivery/plan/push.ts", near, [
    [
      "a turn of the person's counts as the nudge's",
      'push.kind === "native" || push.enters > 0',
      "true",
    ],
    [
      "our text stays in the box when the mail went another way",
      'push.kind === "native" || turn.seen.screen.input !== push.text',
      "true",
    ],
    [
      "a hand-over that takes long is interrupted by the next rung",
      "if (seen.mail.inFlight && !isTakeback)",
      "if (false)",
    ],
    [
      "a rung fails for ever after its first failure",
      "Math.min(backoffMs.most, ",
      "Math.max(backoffMs.most * 1e6, ",
    ],
  ]),
  ...inFile("src/delivery/plan/typing.ts", near, [
    [
      "Enter while the person types",
      "if (seen.sinceKey < gateTimes.keyCooldownMs) return true;",
      "",
    ],
    [
      "Enter sends a draft that joined the nudge",
      "if (input === push.text) {\n    if (may",
      "if (input?.includes(push.text)) {\n    if (may",
    ],
    ["Enter into an open question", "hasApproval || hasOverlay", "hasOverlay"],
    [
      "Enter before the text has settled",
      "if (nowMs - push.typedAt < push.enterDelayMs) return wait(push);",
      "",
    ],
  ]),
  ...inFile("src/delivery/plan/undone.ts", near, [
    [
      "a push that the log did not take happens later, on another screen",
      'action.kind !== "push" && ',
      "",
    ],
  ]),
  ...inFile(
    "src/store/relay/outgoing.ts",
    ["tests/relay/range.test.ts"],
    [["what a device missed holds its old answers", "AND type <> 'rpc_result' AND ", "AND "]],
  ),
];
