// A whole database taken into a blank one: rows, ids and search; and never over what is in use.
import { expect, test } from "bun:test";
import { candidateBodies, insertBody } from "../channels/bodies.ts";
import { addLife, addMessage, temporaryFolder } from "../fixtures/databases.ts";
import { adopt } from "./adopt.ts";
import { openDb } from "./open-db.ts";

test("all of it is there, found by its words, and ids of what was deleted stay used", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/theirs.db`;
  {
    using theirs = openDb(path);
    addMessage(theirs, { from: "luna", text: "the walrus sings", scope: "broadcast" });
    const gone = addLife(theirs, "luna", { action: "created" });
    theirs.run("DELETE FROM events WHERE id = ?", gone);
    insertBody(theirs, "a body with a heron in it");
  }
  using ours = openDb(`${folder.path}/ours.db`);
  using beside = openDb(`${folder.path}/ours.db`);
  expect(adopt(ours, path)).toBe(true);
  const found = "SELECT rowid AS id FROM events_fts WHERE events_fts MATCH 'walrus'";
  expect(beside.all<{ id: number }>(found)).toEqual([{ id: 1 }]);
  expect(candidateBodies(beside, "heron", 10)).toHaveLength(1);
  expect(addMessage(beside, { from: "nova", text: "next", scope: "broadcast" })).toBe(3);
  expect(beside.all("PRAGMA foreign_key_check")).toEqual([]);
});

test("what is said while the copy is made is not written over", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/theirs.db`;
  openDb(path).close();
  using ours = openDb(`${folder.path}/ours.db`);
  addMessage(ours, { from: "moon", text: "said meanwhile", scope: "broadcast" });
  expect(adopt(ours, path)).toBe(false);
  expect(ours.get<{ n: number }>("SELECT count(*) AS n FROM events")?.n).toBe(1);
});
