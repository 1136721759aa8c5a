// Taking a database of ours forward: what was in it stays, and it ends up like a new one.
import { expect, test } from "bun:test";
import { DatabaseSync } from "node:sqlite";
import { deliveriesOf } from "../deliveries.ts";
import { getEvent } from "../events.ts";
import { addMessage, temporaryDb, temporaryFolder } from "../fixtures/databases.ts";
import base from "../migrations/0001-base.sql" with { type: "text" };
import { migrations } from "./migrate.ts";
import { openDb } from "./open-db.ts";
import { applicationId, currentVersion } from "./version.ts";

/** As the first version that was out left it, with one message on its way. */
function createFirst(path: string): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode=WAL; BEGIN; ${base};
    PRAGMA application_id=${applicationId}; PRAGMA user_version=100; COMMIT;
    INSERT INTO events (timestamp, type, instance, data)
      VALUES ('t', 'message', 'luna', '{"from":"luna","text":"hi"}');
    INSERT INTO deliveries (message_id, principal, recipient, state, created_at)
      VALUES (1, 'p', 'nova', 'stored', 10);`);
  db.close();
}

test("a database of the first version is taken forward with all that is in it", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  createFirst(path);
  using db = openDb(path);
  expect(db.get<object>("PRAGMA user_version")).toEqual({ user_version: currentVersion });
  expect(getEvent(db, 1)?.data).toBe('{"from":"luna","text":"hi"}');
  expect(deliveriesOf(db, 1)).toMatchObject([{ state: "stored", policy: null }]);
  expect(addMessage(db, { from: "nova" })).toBe(2);
});

test("a database that was taken forward has the schema of a new one", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  createFirst(path);
  using db = openDb(path);
  using fresh = temporaryDb();
  const schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name";
  expect(db.all<object>(schema)).toEqual(fresh.db.all<object>(schema));
  expect(db.get<object>("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
});

test("several that open an old database at once take it forward once", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  createFirst(path);
  const code = `import { openDb } from ${JSON.stringify(`${import.meta.dir}/open-db.ts`)};
    openDb(${JSON.stringify(path)}, { busyTimeoutMs: 20000 }).close();`;
  const children = Array.from({ length: 8 }, () =>
    Bun.spawn([process.execPath, "-e", code], { stderr: "pipe" }),
  );
  const ends = children.map(async (child) => [await child.exited, await child.stderr.text()]);
  expect(await Promise.all(ends)).toEqual(children.map(() => [0, ""]));
  using db = openDb(path);
  expect(db.get<object>("PRAGMA user_version")).toEqual({ user_version: currentVersion });
});

test("the current version is that of the last migration", () => {
  expect(migrations.map((one) => one.version).at(-1)).toBe(currentVersion);
});
