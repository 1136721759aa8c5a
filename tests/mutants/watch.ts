// Bugs in what is told of events, and in what comes back with an agent that is taken up again.
import { inFile, type Mutant } from "./mutant.ts";

const watch = ["tests/scenario/watch.test.ts"];
const origin = ["src/bus/life/origin.test.ts"];

export const ofWatch: readonly Mutant[] = [
  ...inFile("src/bus/mail/waking/catch-up.ts", watch, [
    [
      "a subscription that fires once is not gone afterwards",
      "if (one.once && due.length > 0 && !removeSubscription(bus.db, one.id)) return false;",
      "",
    ],
    ["each event is told again by whoever looks next", "setWatchedUpTo(bus.db, upTo);", ""],
    [
      "one subscription that fails keeps the others from hearing",
      'event: "subscription_failed", id, msg });\n    return false;',
      'event: "subscription_failed", id, msg });\n    throw error;',
    ],
    [
      "every match is a message while the first is unread",
      "if (notice !== undefined) {",
      "if (false) {",
    ],
    [
      "a collision is told to everybody",
      'return kind === "external" || found.instance === caller || found.others.includes(caller);',
      "return kind !== undefined;",
    ],
  ]),
  ...inFile("src/bus/mail/waking/catch-up.ts", watch, [
    [
      "a collision in some files is told to the one who came first alone",
      '{ ...one, caller: "" }',
      "one",
    ],
  ]),
  ...inFile("src/bus/mail/waking/catch-up-alone.ts", watch, [
    [
      "a wrapper that was killed leaves all subscriptions deaf",
      "isFresh && hasWrapper",
      "hasWrapper",
    ],
    ["a hook runs the SQL of subscriptions", "if (!hasOwnSql(bus.db)) await", "await"],
  ]),
  ...inFile("src/bus/life/prepare-instance.ts", origin, [
    ["two take up one session at once", "    checkNotTaken(bus, as);\n", ""],
    [
      "an older session comes back with what a later one of its name has read",
      "ofSession?.name === wanted ? ofSession : last",
      "last",
    ],
  ]),
  ...inFile("src/store/subscriptions.ts", watch, [
    [
      "a notice is an event that others are told of",
      "instance NOT LIKE 'sys^_%' ESCAPE '^'\n       AND msg_sender_kind IS NOT 'system' AND ",
      "",
    ],
  ]),
  ...inFile("src/store/query/collision.ts", watch, [
    ["changes of a minute ago collide", "change.second - one.second <= windowSeconds", "true"],
    ["one agent collides with itself", "one.instance !== change.instance && ", ""],
  ]),
  ...inFile("src/bus/watch/request-watch.ts", watch, [
    [
      "a request that was answered is told as unanswered",
      "message === undefined || answersTo(bus.db, { request, by: target, to: caller })",
      "message === undefined",
    ],
  ]),
  ...inFile("src/store/requests.ts", watch, [
    [
      "a reader that has not had the request yet counts as resting",
      'asked.handedAt ?? "9999"',
      'asked.handedAt ?? ""',
    ],
  ]),
  ...inFile("src/bus/life/stop.ts", origin, [
    [
      "a resume that fails loses the agent's session and mail",
      "order.isPlaceholder === true && last.session_id === null",
      "order.isPlaceholder === true",
    ],
  ]),
  ...inFile("src/bus/life/origin.ts", origin, [
    [
      "an agent that runs is resumed a second time",
      "return now === undefined ? { left, isLive: false } : { left: now, isLive: true };",
      "return { left, isLive: false };",
    ],
  ]),
];
