// Filter flags and the user's own SQL.
import { describe, expect, test } from "bun:test";
import { Refusal } from "../../core/refusal.ts";
import { addLife, addMessage, addStatus, temporaryDb } from "../fixtures/databases.ts";
import { checkUserSql, type EventFilters, filterSql, queryEvents } from "./events-query.ts";

/** Ten events of all types; the numbers in the cases below are these ids. */
function logOfTen() {
  const temporary = temporaryDb();
  const { db } = temporary;
  const noon = Date.UTC(2026, 0, 2, 12);
  addMessage(db, { from: "luna", mentions: ["nova"], intent: "request", thread: "t_1" }, noon); // 1
  addMessage(db, { from: "nova", mentions: ["lun"], reply_to: "1", reply_to_local: 1 }, noon + 1); // 2
  addMessage(db, { from: "kira", reply_to: "1:BOXE", intent: "ack" }, noon + 2); // 3
  addStatus(db, "luna", { context: "tool:Bash", detail: "npm test" }); // 4
  addStatus(db, "luna", { context: "tool:shell", detail: "git commit -m 'npm'" }); // 5
  addStatus(db, "nova", { context: "tool:Edit", detail: "src/a_b.ts" }); // 6
  addStatus(db, "nova", { context: "tool:Read", detail: "src/a_b.ts" }); // 7
  addStatus(db, "nova", { status: "listening", context: "" }); // 8
  addStatus(db, "kira", { status: "blocked", context: "pty:approval" }); // 9
  addLife(db, "kira", { action: "stopped", by: "luna" }); // 10
  return temporary;
}

const cases: [EventFilters, number[]][] = [
  [{}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  [{ agent: ["luna"] }, [1, 4, 5]],
  [{ agent: ["luna", "kira"] }, [1, 3, 4, 5, 9, 10]],
  [{ agent: ["luna", "nova"], type: ["message"] }, [1, 2]],
  [{ type: ["life", "message"] }, [1, 2, 3, 10]],
  [{ status: ["listening", "blocked"] }, [8, 9]],
  [{ context: ["tool:Edit"] }, [6]],
  [{ context: ["tool:*"] }, [4, 5, 6, 7]],
  [{ context: ["pty_approval"] }, []],
  [{ context: ["tool:_ash*"] }, []],
  [{ file: ["a_b"] }, [6]],
  [{ file: ["aXb"] }, []],
  [{ file: ["a%b"] }, []],
  [{ file: ["src/*.ts"] }, [6]],
  [{ file: ["*.js"] }, []],
  [{ cmd: ["npm"] }, [4, 5]],
  [{ cmd: ["^npm"] }, [4]],
  [{ cmd: ["=npm test"] }, [4]],
  [{ cmd: ["=npm"] }, []],
  [{ cmd: ["'npm'"] }, [5]],
  [{ from: ["luna"] }, [1]],
  [{ mention: ["nova"] }, [1]],
  [{ mention: ["lun"] }, [2]],
  [{ action: ["stopped"] }, [10]],
  [{ intent: ["request", "ack"] }, [1, 3]],
  [{ thread: ["t_1"] }, [1]],
  [{ thread: ["tX1"] }, []],
  [{ "reply-to": ["1"] }, [2]],
  [{ "reply-to": ["1:BOXE"] }, [3]],
  [{ idle: ["nova"] }, [8]],
  [{ idle: ["nova", "luna"], agent: ["nova"] }, [8]],
  [{ blocked: ["kira"] }, [9]],
  [{ blocked: ["nova"] }, []],
  [{ type: ["status"], cmd: ["npm"], agent: ["luna"] }, [4, 5]],
  [{ before: ["2026-01-02T12:00:00.001"] }, [1]],
  [{ before: ["2026-01-02T13:00:00.001+01:00"] }, [1]],
  [{ after: ["2026-01-02 12:00:00.001"], before: ["2026-01-03"] }, [2, 3]],
  [{ after: ["2026-01-02T12:00:00.002Z"], type: ["message"] }, [3]],
];
for (const [filters, ids] of cases) {
  test(`${JSON.stringify(filters)} finds ${ids.join(" ") || "nothing"}`, () => {
    using temporary = logOfTen();
    const { db } = temporary;
    const where = filterSql(filters);
    expect(queryEvents(db, { where, limit: 99 }).map((event) => event.id)).toEqual(ids);
  });
}

test("the limit takes the newest, in either order", () => {
  using temporary = logOfTen();
  const ids = (newestFirst: boolean) =>
    queryEvents(temporary.db, { where: [], limit: 3, newestFirst }).map((event) => event.id);
  expect([ids(false), ids(true)]).toEqual([
    [8, 9, 10],
    [10, 9, 8],
  ]);
});

const refused: [EventFilters, string, RegExp][] = [
  [{ status: ["active"], from: ["luna"] }, "mixed_filters", /--status .*--from/],
  [{ action: ["stopped"], cmd: ["x"] }, "mixed_filters", /--cmd .*--action/],
  [{ type: ["message"], status: ["active"] }, "mixed_filters", /--type message .*--status/],
  [{ type: ["status", "life"], status: ["active"] }, "mixed_filters", /--type life/],
  [{ type: ["massage"] }, "bad_filter", /massage/],
  [{ status: ["idle"] }, "bad_filter", /idle/],
  [{ action: ["died"] }, "bad_filter", /died/],
  [{ intent: ["shout"] }, "bad_filter", /shout/],
  [{ after: ["yesterday"] }, "bad_time", /yesterday/],
];
for (const [filters, code, message] of refused) {
  test(`${JSON.stringify(filters)} is refused as ${code}`, () => {
    expect(() => filterSql(filters)).toThrow(message);
    expect(() => filterSql(filters)).toThrow(expect.objectContaining({ code, exit: 2 }));
  });
}

test("unknown values are answered with the valid ones", () => {
  try {
    filterSql({ intent: ["shout"] });
    expect.unreachable();
  } catch (error) {
    expect(error instanceof Refusal && error.hint).toBe("it is one of: request, inform, ack");
  }
});

const expressions: [string, number[]][] = [
  ["type='message' AND msg_from \\!= 'luna'", [2, 3]],
  ["status_detail LIKE '%;?%' OR id = 1", [1]],
  ["id IN (SELECT max(id) FROM events) -- the last", [10]],
  ["msg_text = ':x (' OR id = 3 /* ) */", [3]],
  ["1 = 0 OR id = 2", [2]],
];
for (const [sql, ids] of expressions) {
  test(`SQL ${sql}`, () => {
    using temporary = logOfTen();
    const { db } = temporary;
    const where = [checkUserSql(db, sql), ...filterSql({ agent: ["luna", "nova", "kira"] })];
    expect(queryEvents(db, { where, limit: 99 }).map((event) => event.id)).toEqual(ids);
  });
}

const wrong: [string, RegExp][] = [
  ["", /empty/],
  ["  -- nothing", /empty/],
  ["nocolumn = 1", /no such column: nocolumn/],
  ["type = ", /./],
  ["1) OR (1", /parenthesis/],
  ["1); DROP TABLE events", /semicolon/],
  ["1) /*", /not closed/],
  ["type = 'message", /not closed/],
  ["type = ?", /parameters/],
  ["type = :type", /parameters/],
  ["count(*) > 1", /misuse of aggregate/],
];
for (const [sql, message] of wrong) {
  test(`SQL ${JSON.stringify(sql)} is refused before anything runs`, () => {
    using temporary = temporaryDb();
    expect(() => checkUserSql(temporary.db, sql)).toThrow(message);
    expect(() => checkUserSql(temporary.db, sql)).toThrow(
      expect.objectContaining({ code: "bad_sql" }),
    );
  });
}

const wrongOnARow: [string, RegExp][] = [
  ["json('bad') IS NULL", /malformed JSON/],
  ["abs(-9223372036854775807 - 1) > id", /integer overflow/],
];
for (const [sql, message] of wrongOnARow) {
  test(`SQL ${sql}, which fails on a row only, is the caller's mistake`, () => {
    using temporary = logOfTen();
    const ask = () => queryEvents(temporary.db, { where: [{ sql, params: [] }], limit: 9 });
    expect(ask).toThrow(message);
    expect(ask).toThrow(expect.objectContaining({ code: "bad_sql", exit: 2 }));
  });
}

describe("the user's own SQL stays in the log:", () => {
  for (const sql of [
    "id IN (SELECT value FROM kv)",
    "EXISTS (SELECT 1 FROM instances)",
    "EXISTS (SELECT 1 FROM sqlite_schema)",
    "EXISTS (SELECT 1 FROM pragma_table_info('kv'))",
    "EXISTS (SELECT 1 FROM deliveries JOIN events_v ON 1)",
    "(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c)",
  ]) {
    test(sql, () => {
      using temporary = temporaryDb();
      expect(() => checkUserSql(temporary.db, sql)).toThrow();
    });
  }

  test("the view, its JSON and names given in the expression may be read", () => {
    using temporary = temporaryDb();
    for (const sql of [
      "id > (SELECT max(id) FROM events_v) - 5",
      "EXISTS (SELECT 1 FROM json_each(data, '$.delivered_to') WHERE value = 'luna')",
      "id IN (WITH some AS (SELECT id FROM events_v) SELECT id FROM some)",
      "msg_text LIKE '%x%'",
    ]) {
      expect(() => checkUserSql(temporary.db, sql)).not.toThrow();
    }
  });
});
