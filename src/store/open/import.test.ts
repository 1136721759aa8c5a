// Taking over databases of the other hcom generations.
import { expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "../../core/refusal.ts";
import type { LogRecord } from "../../sys/log.ts";
import { processBinding, sessionBinding } from "../bindings.ts";
import { endpointsOf } from "../endpoints.ts";
import { appendEvent, eventsAfter } from "../events.ts";
import { createForeign, temporaryDb, temporaryFolder } from "../fixtures/databases.ts";
import { getInstance } from "../instances.ts";
import { getKv } from "../kv.ts";
import { searchMessages } from "../search.ts";
import { openArchive, openDb } from "./open-db.ts";

const now = () => Date.UTC(2026, 10, 21, 9, 8, 7);

for (const version of [14, 18, 20] as const) {
  test(`schema ${version} is copied to the archive and taken over`, () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/hcom.db`;
    createForeign(path, version).close();
    const log: LogRecord[] = [];
    using db = openDb(path, { now, log: (record) => log.push(record) });

    const archived = `${folder.path}/archive/session-2026-11-21_090807/hcom.db`;
    expect(statSync(archived).mode & 0o777).toBe(0o600);
    using archive = openArchive(archived);
    expect(archive.get<object>("PRAGMA user_version")).toEqual({ user_version: version });
    expect(archive.all<{ name: string }>("SELECT name FROM instances")).toHaveLength(2);
    expect(archive.get<object>("SELECT note FROM my_notes")).toEqual({ note: "keep me" });
    expect(log.map((record) => [record.event, record["from"]])).toEqual([["imported", version]]);

    expect(eventsAfter(db, 0, 10).map((event) => event.id)).toEqual([1, 2, 9]);
    const luna = getInstance(db, "luna");
    expect(luna).toMatchObject({ session_id: "s-1", tag: "api", tool: "codex", last_event_id: 2 });
    expect(luna).toMatchObject({ created_at: 1699.5, hints: "", status: "active" });
    expect(luna?.terminal_preset_effective).toBe(version === 14 ? "kitty" : "");
    expect(luna?.last_seen).toBe(version === 14 ? 1700 : 0);
    expect(getInstance(db, "kira")).toMatchObject({ parent_session_id: "s-1", wait_timeout: 60 });
    expect(processBinding(db, "p-1")?.instance_name).toBe("luna");
    expect(sessionBinding(db, "s-1")).toBe("luna");
    expect(endpointsOf(db, "luna")).toHaveLength(1);
    expect(getKv(db, "tip:luna:list:status")).toBe("1");
  });

  test(`after importing ${version} the schema is ours and everything works on`, () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/hcom.db`;
    createForeign(path, version).close();
    using db = openDb(path);
    using fresh = temporaryDb();
    const schema = `SELECT type, name, sql FROM sqlite_schema
      WHERE name NOT LIKE 'my\\_%' ESCAPE '\\' ORDER BY type, name`;
    expect(db.all<object>(schema)).toEqual(fresh.db.all<object>(schema));
    expect(db.get<object>("PRAGMA foreign_keys")).toEqual({ foreign_keys: 1 });
    expect(db.all("PRAGMA foreign_key_check")).toEqual([]);
    expect(db.get<object>("SELECT note FROM my_notes")).toEqual({ note: "keep me" });
    expect(db.get<object>("SELECT msg_from FROM my_view WHERE id = 2")).toEqual({
      msg_from: "luna",
    });

    // Id 10 was used and deleted before the import.
    const id = appendEvent(db, { type: "life", instance: "x", data: {}, timestamp: "t" });
    expect(id).toBe(11);
    expect(searchMessages(db, "walrus", 5).map((event) => event.id)).toEqual([2]);
    const principal = getInstance(db, "luna")?.principal ?? "";
    const identity = "SELECT name, tool FROM principal WHERE id = ?";
    expect(db.get<object>(identity, principal)).toEqual({ name: "luna", tool: "codex" });
    expect(getInstance(db, "kira")?.principal).not.toBe(principal);
  });
}

test("what still sits in the WAL of a running program is archived and imported too", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  const theirs = createForeign(path, 18);
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  using db = openDb(path, { now });
  expect(getInstance(db, "luna")?.tag).toBe("api");
  theirs.close();
  using archive = openArchive(`${folder.path}/archive/session-2026-11-21_090807/hcom.db`);
  expect(archive.get<object>("SELECT count(*) AS n FROM events")).toEqual({ n: 3 });
});

test("an event that is no JSON does not stop the import", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  const theirs = createForeign(path, 14);
  theirs.exec("UPDATE events SET data = '{oops' WHERE id = 9");
  theirs.close();
  using db = openDb(path);
  expect(eventsAfter(db, 2, 1)[0]?.data).toBe('{"unreadable":"{oops"}');
});

for (const version of [13, 21]) {
  test(`hcom schema ${version} is refused and stays byte-identical`, () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/hcom.db`;
    const theirs = createForeign(path, 18);
    theirs.exec(`PRAGMA user_version=${version}`);
    theirs.close();
    const before = Bun.hash(readFileSync(path));
    let code = "";
    try {
      openDb(path);
    } catch (error) {
      if (error instanceof Refusal) code = error.code;
    }
    expect(code).toBe(version === 21 ? "newer_database" : "foreign_database");
    expect(Bun.hash(readFileSync(path))).toBe(before);
  });
}

test("a failing import leaves the database as it was", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  const theirs = createForeign(path, 18);
  // Two rows that our unique column does not allow.
  theirs.exec(
    "PRAGMA foreign_keys=OFF; CREATE TABLE i2 AS SELECT * FROM instances; DROP TABLE instances",
  );
  theirs.exec("ALTER TABLE i2 RENAME TO instances; UPDATE instances SET name = 'twin'");
  theirs.close();
  expect(() => openDb(path)).toThrow(/UNIQUE/);
  const again = new DatabaseSync(path);
  expect({ ...again.prepare("PRAGMA user_version").get() }).toEqual({ user_version: 18 });
  expect({ ...again.prepare("SELECT count(*) AS n FROM events").get() }).toEqual({ n: 3 });
  again.close();
});
