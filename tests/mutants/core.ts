// Bugs in the rules.
import { inFile, type Mutant } from "./mutant.ts";

export const ofCore: readonly Mutant[] = [
  ...inFile(
    "src/core/gate.ts",
    ["src/core/gate.test.ts"],
    [
      ["typing on a box that holds the person's text", 'view.input !== "")', "false)"],
      ["typing while a question is open", "rules.approval && view.hasApproval", "false"],
      ["typing while the person types", "view.sinceKey < gateTimes.keyCooldownMs", "false"],
      ["typing where no box was found", 'view.input !== "")', '(view.input ?? "") !== "")'],
    ],
  ),
  ...inFile(
    "src/core/liveness.ts",
    ["src/core/liveness.test.ts"],
    [
      [
        "an agent of another device is cleaned up",
        'row.origin_device_id !== "") return undefined',
        "false) return undefined",
      ],
      ["a sleep of the machine makes agents stale", " || view.isGrace", ""],
      [
        "a placeholder with a session is merged away",
        "if (row.session_id !== null) return false;",
        "",
      ],
    ],
  ),
  ...inFile(
    "src/core/binding.ts",
    ["src/core/binding.test.ts", "tests/scenario/identity.test.ts"],
    [
      [
        "a real agent's process turns into a stopped one",
        " || isTruePlaceholder(view.ofProcess)",
        " || true",
      ],
      [
        "another session in one terminal keeps the old agent",
        'path: "switch", name: sessionOwner, leaving: ofProcess',
        'path: "canonical", name: sessionOwner',
      ],
    ],
  ),
  ...inFile(
    "src/core/mail/inbox.ts",
    ["tests/scenario/channels.test.ts", "src/core/mail/inbox.test.ts"],
    [["mail of a channel never ends", "nowMs > Date.parse(endsAt)", "false"]],
  ),
  ...inFile(
    "src/core/printable.ts",
    ["src/core/printable.test.ts"],
    [
      ["C1 alone steers a person's terminal", "x0b-\\x1f\\x7f-\\x9f\\u061c", "x0b-\\x1f\\u061c"],
      ["scripts get C1 as it is", "/[\\u007f-\\u009f\\u061c", "/[\\u007f\\u061c"],
    ],
  ),
  ...inFile(
    "src/core/mail/inert.ts",
    ["src/core/mail/inert.test.ts"],
    [
      ["what hides inside a head keeps its force", '.replace(unseen, "")', ""],
      ["look-alike letters keep a tag's force", "latinOf(part) : part", "part : part"],
    ],
  ),
  ...inFile(
    "src/core/mail/digest.ts",
    ["src/core/mail/digest.test.ts"],
    [
      ["two channels of one name are read by name", "isShared || ", ""],
      ["a channel's name is a shell word", "isShared || !plain.test(name)", "isShared"],
    ],
  ),
];
