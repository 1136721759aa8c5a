// Bugs in the rows: the ledger above all.
import { inFile, type Mutant } from "./mutant.ts";

const near = ["src/store/deliveries.test.ts", "tests/scenario/delivery.test.ts"];

export const ofStore: readonly Mutant[] = [
  ...inFile("src/store/deliveries.ts", near, [
    [
      "an answered message falls back to being in context",
      "state NOT IN ('in_context', 'answered')",
      "state <> 'in_context'",
    ],
    [
      "what was handed over is offered again at once",
      "WHERE state IN ('stored', 'offered')`,\n    offer.messageId",
      "WHERE 1`,\n    offer.messageId",
    ],
    ["proved mail is given up", "state IN ('stored', 'offered', 'handed')", "state <> 'dead'"],
    [
      "the first hand-over loses its time",
      "iif(state = 'handed', handed_at, excluded.handed_at)",
      "excluded.handed_at",
    ],
    ["a digest counts as unproven", " AND policy IS NOT 'digest'", ""],
    ["mail taken with evidence counts as unproven", " AND evidence IS NULL\n", "\n"],
    ["an answer forgets when the message was in context", "coalesce(in_context_at, ?1)", "?1"],
    [
      "a dead agent's handed mail is called dead",
      "AND state IN ('stored', 'offered')`,\n    end.reason",
      "AND state IN ('stored', 'offered', 'handed')`,\n    end.reason",
    ],
  ]),
  ...inFile("src/store/lapsed.ts", near, [
    [
      "proved mail is offered again",
      "AND principal = ? AND state = 'handed'`",
      "AND principal = ?`",
    ],
    [
      "a push keeps the claim of a dead hook",
      "offered_at = excluded.offered_at, claim = ${left}",
      "offered_at = excluded.offered_at",
    ],
    [
      "a push brings back mail that has ended",
      "WHERE state IN ('stored', 'offered')`,\n    push.messageId",
      "WHERE 1`,\n    push.messageId",
    ],
    ["lapsed mail comes newest first", "ORDER BY e.id LIMIT ?`", "ORDER BY e.id DESC LIMIT ?`"],
  ]),
];
