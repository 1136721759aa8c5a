// Opening, refusing, transactions and errors of one connection, on real files.
import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "../core/refusal.ts";
import { appendEvent, maxEventId } from "./events.ts";
import { temporaryFolder } from "./fixtures/databases.ts";
import { getKv, setKv } from "./kv.ts";
import { openArchive, openDb } from "./open/open-db.ts";
import { applicationId, currentVersion } from "./open/version.ts";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = `${folder.path}/.hcom/hcom.db`;
});
afterEach(() => folder[Symbol.dispose]());

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
const hash = (file: string) => Bun.hash(readFileSync(file));

function refusalOf(body: () => unknown): Refusal {
  try {
    body();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

test("a new database is private, stamped and in WAL mode", () => {
  using db = openDb(path);
  expect(mode(`${folder.path}/.hcom`)).toBe("700");
  expect(["", "-wal", "-shm"].map((suffix) => mode(path + suffix))).toEqual(["600", "600", "600"]);
  expect(db.get<object>("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
  expect(db.get<object>("PRAGMA application_id")).toEqual({ application_id: applicationId });
  expect(db.get<object>("PRAGMA user_version")).toEqual({ user_version: currentVersion });
});

test("every connection waits, keeps foreign keys and syncs normally", () => {
  openDb(path).close();
  using db = openDb(path, { busyTimeoutMs: 1234 });
  expect(db.get<object>("PRAGMA busy_timeout")).toEqual({ timeout: 1234 });
  expect(db.get<object>("PRAGMA foreign_keys")).toEqual({ foreign_keys: 1 });
  expect(db.get<object>("PRAGMA synchronous")).toEqual({ synchronous: 1 });
});

test("opening a current database changes nothing in it", () => {
  openDb(path).close();
  const before = hash(path);
  openDb(path).close();
  expect(hash(path)).toBe(before);
});

test("a path with spaces, percent, question mark and umlaut is one file", () => {
  const odd = `${folder.path}/a b%20?x=1#ö/hcom.db`;
  openDb(odd).close();
  openDb(odd, { create: false }).close();
  expect(readdirSync(folder.path)).toEqual(["a b%20?x=1#ö"]);
});

test("without create a missing file is refused and not made", () => {
  expect(refusalOf(() => openDb(path, { create: false })).code).toBe("no_database");
  expect(readdirSync(folder.path)).toEqual([]);
});

test("a file that is no database is refused as broken and left alone", () => {
  mkdirSync(`${folder.path}/.hcom`);
  Bun.write(path, "this is a shopping list\n".repeat(200));
  const before = hash(path);
  expect(refusalOf(() => openDb(path)).code).toBe("database_broken");
  expect(hash(path)).toBe(before);
});

test("a place where no file can be is refused as unwritable", async () => {
  await Bun.write(`${folder.path}/.hcom`, "a file, not a directory");
  expect(refusalOf(() => openDb(path)).code).toBe("database_unwritable");
  expect(refusalOf(() => openDb(folder.path)).code).toBe("database_unwritable");
});

const strangers: [string, string, RegExp][] = [
  [
    "our own newer schema",
    `PRAGMA application_id=${applicationId}; PRAGMA user_version=999`,
    /999/,
  ],
  ["another program", "PRAGMA application_id=7; CREATE TABLE t(a)", /0x7/],
  ["an unnamed database", "PRAGMA user_version=3; CREATE TABLE shopping(a)", /shopping/],
  ["a database without version", "CREATE TABLE shopping(a)", /shopping/],
];
for (const [what, sql, found] of strangers) {
  for (const journal of ["wal", "delete"]) {
    test(`${what} (${journal}) is refused and stays byte-identical`, () => {
      mkdirSync(`${folder.path}/.hcom`);
      const theirs = new DatabaseSync(path);
      theirs.exec(`PRAGMA journal_mode=${journal}; ${sql}`);
      theirs.close();
      const before = hash(path);
      const refusal = refusalOf(() => openDb(path));
      expect(refusal.code).toBe(what.includes("newer") ? "newer_database" : "foreign_database");
      expect(refusal.message).toMatch(found);
      expect(refusal.message).toContain(path);
      expect(hash(path)).toBe(before);
      expect(readdirSync(`${folder.path}/.hcom`)).toEqual(["hcom.db"]);
    });
  }
}

test("a stranger's unfinished WAL is not written back by our refusal", async () => {
  mkdirSync(`${folder.path}/.hcom`);
  const code = `const { DatabaseSync } = require("node:sqlite");
    const db = new DatabaseSync(${JSON.stringify(path)});
    db.exec("PRAGMA journal_mode=WAL; CREATE TABLE shopping(a); INSERT INTO shopping VALUES (1)");
    process.kill(process.pid, "SIGKILL");`;
  await Bun.spawn([process.execPath, "-e", code]).exited;
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  const before = [hash(path), hash(`${path}-wal`)];
  expect(refusalOf(() => openDb(path)).code).toBe("foreign_database");
  expect([hash(path), hash(`${path}-wal`)]).toEqual(before);
});

test("a lock held too long is refused as busy, at writing and at opening", () => {
  using db = openDb(path, { busyTimeoutMs: 20 });
  using other = openDb(path);
  other.write(() => {
    expect(refusalOf(() => db.run("DELETE FROM kv")).code).toBe("database_busy");
    expect(refusalOf(() => db.write(() => 1)).code).toBe("database_busy");
  });
  const fresh = `${folder.path}/empty.db`;
  const holder = new DatabaseSync(fresh);
  holder.exec("BEGIN EXCLUSIVE");
  expect(refusalOf(() => openDb(fresh, { busyTimeoutMs: 20 })).code).toBe("database_busy");
  holder.close();
});

test("a read-only connection's write is refused as unwritable", () => {
  using db = openDb(path);
  db.exec("PRAGMA query_only=ON");
  expect(refusalOf(() => db.run("DELETE FROM kv")).code).toBe("database_unwritable");
});

test("a wrong statement and a violated constraint stay what they are", () => {
  using db = openDb(path);
  expect(() => db.get("SELEC 1")).toThrow(/syntax error/);
  expect(() => db.run("INSERT INTO instances (name) VALUES ('x')")).toThrow(/NOT NULL/);
});

test("write commits once, rolls everything back on a throw, and may be nested", () => {
  using db = openDb(path);
  using other = openDb(path);
  expect(db.write(() => db.write(() => db.run("INSERT INTO kv VALUES ('a', '1')").changes))).toBe(
    1,
  );
  expect(other.get<object>("SELECT value FROM kv WHERE key = 'a'")).toEqual({ value: "1" });
  expect(() =>
    db.write(() => {
      db.write(() => setKv(db, "b", "2"));
      expect(other.get("SELECT 1 FROM kv WHERE key = 'b'")).toBeUndefined();
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(db.get("SELECT 1 FROM kv WHERE key = 'b'")).toBeUndefined();
  db.write(() => setKv(db, "c", "3"));
  expect(other.get<object>("SELECT value FROM kv WHERE key = 'c'")).toEqual({ value: "3" });
});

test("read sees one state, and a write inside it is a bug that throws", () => {
  using db = openDb(path);
  using other = openDb(path);
  const count = () => db.get<{ n: number }>("SELECT count(*) AS n FROM kv")?.n;
  db.read(() => {
    const before = count();
    setKv(other, "a", "1");
    expect(count()).toBe(before);
    expect(() => db.write(() => setKv(db, "b", "1"))).toThrow("inside read");
  });
  expect(count()).toBe(1);
  db.write(() => db.read(() => setKv(db, "b", "1")));
  expect(count()).toBe(2);
});

test("data_version moves when another connection commits, and only then", () => {
  using db = openDb(path);
  using other = openDb(path);
  const before = db.dataVersion();
  setKv(db, "mine", "1");
  expect(db.dataVersion()).toBe(before);
  setKv(other, "theirs", "1");
  expect(db.dataVersion()).not.toBe(before);
});

test("a replaced or removed file is noticed, also by the first look", () => {
  using early = openDb(path);
  using late = openDb(path);
  expect(early.isReplaced()).toBe(false);
  renameSync(path, `${path}.old`);
  expect(early.isReplaced()).toBe(true);
  const elsewhere = `${folder.path}/other.db`;
  openDb(elsewhere).close();
  renameSync(elsewhere, path);
  expect(early.isReplaced()).toBe(true);
  expect(late.isReplaced()).toBe(true);
});

test("a log that somebody removed is noticed, and the next one at its path outlives us", () => {
  const holder = openDb(path);
  setKv(holder, "early", "1");
  expect([holder.isReplaced(), holder.hasLostLog()]).toEqual([false, false]);
  holder.get("PRAGMA wal_checkpoint(FULL)");
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix);
  expect([holder.isReplaced(), holder.hasLostLog()]).toEqual([false, true]);
  // Another process: in ours SQLite would share the lost index.
  const writing = `const { DatabaseSync } = require("node:sqlite");
    new DatabaseSync(process.argv[1]).exec("INSERT INTO kv (key, value) VALUES ('late', '2')");
    process.kill(process.pid, "SIGKILL");`;
  Bun.spawnSync([process.execPath, "-e", writing, path]);
  expect(holder.hasLostLog()).toBe(true);
  holder.close();
  using next = openDb(path);
  expect([getKv(next, "early"), getKv(next, "late")]).toEqual(["1", "2"]);
});

test("a long-lived process takes group and world off loose files", () => {
  openDb(path).close();
  chmodSync(path, 0o644);
  chmodSync(`${folder.path}/.hcom`, 0o755);
  using db = openDb(path);
  db.isReplaced();
  expect([mode(path), mode(`${folder.path}/.hcom`)]).toEqual(["600", "700"]);
});

test("an open that is to repair modes does so, links and others' choices excepted", async () => {
  openDb(path).close();
  const home = `${folder.path}/.hcom`;
  await Bun.write(`${home}/env`, "SECRET=1\n");
  await Bun.write(`${folder.path}/dotfile`, "");
  symlinkSync(`${folder.path}/dotfile`, `${home}/config.toml`);
  const loose = [home, path, `${home}/env`, `${folder.path}/dotfile`];
  const modes = () => loose.map(mode);
  for (const file of loose) chmodSync(file, 0o755);
  openDb(path).close();
  expect(modes()).toEqual(["755", "755", "755", "755"]);
  using db = openDb(path, { repairModes: true });
  expect(modes()).toEqual(["700", "600", "600", "755"]);
  expect(["-wal", "-shm"].map((suffix) => mode(db.path + suffix))).toEqual(["600", "600"]);
});

test("close may be called twice", () => {
  const db = openDb(path);
  setKv(db, "k", "v");
  db.close();
  expect(() => db.close()).not.toThrow();
  expect(() => db.get("SELECT 1")).toThrow();
  using again = openDb(path);
  expect(again.get<object>("SELECT value FROM kv")).toEqual({ value: "v" });
});

test("an archived database is read without leaving files beside it", () => {
  const db = openDb(path);
  appendEvent(db, { type: "life", instance: "luna", data: {}, timestamp: "t" });
  db.close();
  using archive = openArchive(path);
  expect(maxEventId(archive)).toBe(1);
  expect(refusalOf(() => setKv(archive, "a", "b")).code).toBe("database_unwritable");
  expect(readdirSync(`${folder.path}/.hcom`)).toEqual(["hcom.db"]);
  expect(refusalOf(() => openArchive(`${path}.no`)).code).toBe("no_database");
});

test("waits for locks of others are counted together", () => {
  openDb(path).close();
  using db = openDb(path, { busyTimeoutMs: 300 });
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const startedAt = performance.now();
  for (let n = 0; n < 10; n++) {
    expect(() => setKv(db, "k", "v")).toThrow(/locked/);
    expect(() => db.write(() => {})).toThrow(/locked/);
  }
  expect(performance.now() - startedAt).toBeLessThan(1000);
  // The next call of a long-lived process has its own.
  db.renewPatience();
  const again = performance.now();
  expect(() => db.write(() => {})).toThrow(/locked/);
  expect(performance.now() - again).toBeGreaterThan(250);
  other.close();
});

test("a file that was emptied under others is not waited for longer than the patience", () => {
  openDb(path).close();
  using holder = openDb(path);
  setKv(holder, "k", "v");
  truncateSync(path, 0);
  const startedAt = performance.now();
  expect(() => openDb(path, { busyTimeoutMs: 300 })).toThrow();
  expect(performance.now() - startedAt).toBeLessThan(2000);
});
