import { expect, test } from "bun:test";
import fc from "fast-check";
import { countDeferred } from "../deferred.ts";
import { storeDeliveries } from "../deliveries.ts";
import { countUnread } from "../events.ts";
import { addMessage, temporaryDb } from "../fixtures/databases.ts";
import { insertInstance, listInstances, updateInstance } from "../instances.ts";
import { unreadCounts } from "./unread-counts.ts";

const names = ["luna", "nova", "kira"] as const;
const some = fc.subarray([...names]);

/** A message, who of its readers is in the ledger, and how each of these wants it. */
const message = fc.record({
  from: fc.constantFrom("bigboss", ...names),
  isBroadcast: fc.boolean(),
  mentions: some,
  isLedgered: fc.boolean(),
  missed: some,
  policy: fc.constantFrom(undefined, "next-turn" as const, "digest" as const),
  text: fc.constantFrom("hi", 'say "broadcast"', "broadcast"),
});

test("everybody's unread mail is the sum of what each has, counted alone", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), fc.array(fc.nat(12)), (messages, cursors) => {
      using temporary = temporaryDb();
      const { db } = temporary;
      for (const name of names) insertInstance(db, { name, principal: `p-${name}`, created_at: 1 });
      for (const { from, isBroadcast, mentions, isLedgered, missed, policy, text } of messages) {
        const scope = isBroadcast ? { scope: "broadcast" } : { scope: "mentions", mentions };
        const id = addMessage(db, { from, text, ...scope });
        if (!isLedgered) continue;
        const all = isBroadcast ? names.filter((name) => !missed.includes(name)) : mentions;
        const readers = all.filter((name) => name !== from);
        const rows = readers.map((name) => ({ name, principal: `p-${name}` }));
        storeDeliveries(db, id, rows, 1);
        // Channel mail that waits stands in the ledger and names nobody in the log.
        if (policy === undefined) continue;
        const quiet = addMessage(db, { from, text, scope: "mentions", mentions: [] });
        storeDeliveries(
          db,
          quiet,
          rows.map((row) => ({ ...row, policy })),
          1,
        );
      }
      for (const [at, cursor] of cursors.entries()) {
        const name = names[at];
        if (name !== undefined) updateInstance(db, name, { last_event_id: cursor });
      }
      const counts = unreadCounts(db);
      for (const { name, principal, last_event_id: cursor } of listInstances(db)) {
        const alone = countUnread(db, { name, principal, cursor }) + countDeferred(db, principal);
        expect([name, counts.get(name) ?? 0]).toEqual([name, alone]);
      }
    }),
    { numRuns: 60 },
  );
});
