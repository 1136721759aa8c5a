// Bugs in the verbs.
import { inFile, type Mutant } from "./mutant.ts";

const promises = ["tests/process/promises.test.ts"];
const mail = [
  "tests/scenario/proof.test.ts",
  "tests/scenario/delivery.test.ts",
  "tests/scenario/simulation.test.ts",
];

const gates = ["tests/scenario/gate.test.ts"];

export const ofBus: readonly Mutant[] = [
  ...inFile("src/bus/mail/collect.ts", promises, [
    [
      "the cursor passes mail that did not fit",
      "if (open.length === 0 && !isDeferred) cursor",
      "if (!isDeferred) cursor",
    ],
  ]),
  ...inFile("src/bus/mail/collect.ts", mail, [
    [
      "mail that another hook holds is handed over twice",
      "if (isHeldByOther(bus, delivery, claim)) break;",
      "",
    ],
    [
      "a dead process's offer is repeated unseen",
      "ids.length > 0 ? options.reached(ids, remoteLabels(bus.db, ids)) : nothingReached",
      "nothingReached",
    ],
    [
      "a dead process's offer is repeated before its transcript is written",
      "|| !isSettled(bus, delivery)",
      "",
    ],
    ["the cursor goes back", "Math.max(now.last_event_id, taken.cursor)", "taken.cursor"],
    [
      "mail whose time is over is handed over",
      "if (!hasEnded(message, bus.system.now())) return false;",
      "return false;",
    ],
    ["the cursor of a successor moves", " && now.principal === row.principal", ""],
    ["mail for the next turn comes alone", "isAlone ? [] : ", ""],
  ]),
  ...inFile("src/bus/mail/prove.ts", mail, [
    [
      "a line without a turn on it is a proof",
      "const waiting = reached.filter((id) => !answered.includes(id));",
      "const waiting: number[] = []; answered.push(...reached);\n" +
        "  for (const messageId of reached)\n" +
        "    proveDelivery(bus.db, { messageId, principal, evidence: '', now });",
    ],
    ["an answer before the line proves it", "if (isNewAnswer(tool, lines, at)) for", "for"],
    [
      "mail of a prompt that was taken back counts as read",
      "if (answered.has(id) || where < from) continue;",
      "continue;",
    ],
    [
      "mail is repeated although no transcript was ever read",
      "|| !hasProof(bus.db, row.principal)",
      "",
    ],
    [
      "mail lapses before its transcript can be written",
      "if (Math.abs(now - delivery.handed_at) < seconds) continue;",
      "",
    ],
    [
      "a clock that was set back stops the second chance",
      "Math.abs(now - delivery.handed_at)",
      "(now - delivery.handed_at)",
    ],
  ]),
  ...inFile(
    "src/bus/agents/identity.ts",
    ["tests/scenario/identity.test.ts"],
    [["who starts us without its environment is nobody", " ?? ofTree(bus);", ";"]],
  ),
  ...inFile("src/bus/gate.ts", gates, [
    [
      "what is said while a hook makes up its mind waits for the turn's end",
      "isQuiet = isStillQuiet();",
      "isQuiet = true;",
    ],
    [
      "a session id leads out of the folder",
      "if (!plainSession.test(session)) return false;\n  const path",
      "const path",
    ],
    ["who has stopped takes part for its shell", "unmark(bus, hereFile(session));", ""],
  ]),
  ...inFile("src/bus/append.ts", gates, [
    [
      "an approval is not heard of",
      'event.data.status === "blocked" ? [event.instance] : []',
      "[]",
    ],
    ["a broadcast ends nobody's quiet", 'mentions : "all"', "mentions : []"],
    [
      "mail ends the quiet before it is there",
      "db.afterCommit(`stir ${id}`, () => stirNamed(bus, concerned));",
      "stirNamed(bus, concerned);",
    ],
  ]),
];
