// Several processes at one file: creating it, writing to it, importing it.
import { expect, test } from "bun:test";
import { createForeign, temporaryFolder } from "./fixtures/databases.ts";
import { getKv } from "./kv.ts";
import { openDb } from "./open/open-db.ts";

/** Runs `body` (with `db` open) in that many processes at once; returns what they complained of. */
async function inProcesses(count: number, path: string, body: string): Promise<string[]> {
  const code = `import { openDb } from ${JSON.stringify(`${import.meta.dir}/open/open-db.ts`)};
    import { appendEvent } from ${JSON.stringify(`${import.meta.dir}/events.ts`)};
    import { getKv, setKv } from ${JSON.stringify(`${import.meta.dir}/kv.ts`)};
    const db = openDb(${JSON.stringify(path)}, { busyTimeoutMs: 20000 });
    try { ${body} } finally { db.close(); }`;
  const children = Array.from({ length: count }, () =>
    Bun.spawn([process.execPath, "-e", code], { stdout: "ignore", stderr: "pipe" }),
  );
  const complaints = await Promise.all(
    children.map(async (child) => [await new Response(child.stderr).text(), await child.exited]),
  );
  return complaints.filter(([, exit]) => exit !== 0).map(([text]) => String(text));
}

test("8 processes create one database, 5 rounds", async () => {
  for (let round = 0; round < 5; round++) {
    using folder = temporaryFolder();
    const path = `${folder.path}/new/hcom.db`;
    const insert = `appendEvent(db, { type: "life", instance: "x", data: {}, timestamp: "t" });`;
    expect(await inProcesses(8, path, insert)).toEqual([]);
    using db = openDb(path);
    expect(db.get<object>("SELECT count(*) AS n FROM events")).toEqual({ n: 8 });
    expect(db.get<object>("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
  }
}, 60_000);

test("8 processes read and write in transactions without an error or a lost update", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  openDb(path).close();
  const count = `for (let i = 0; i < 200; i++) db.write(() =>
    setKv(db, "n", String(Number(getKv(db, "n") ?? 0) + 1)));`;
  expect(await inProcesses(8, path, count)).toEqual([]);
  using db = openDb(path);
  expect(getKv(db, "n")).toBe("1600");
}, 60_000);

test("8 processes open an old database and one of them imports it", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/hcom.db`;
  createForeign(path, 18).close();
  expect(await inProcesses(8, path, "")).toEqual([]);
  using db = openDb(path);
  expect(db.get<object>("SELECT count(*) AS n FROM events")).toEqual({ n: 3 });
  expect([...new Bun.Glob("archive/*/hcom.db").scanSync(folder.path)]).toHaveLength(1);
}, 60_000);
