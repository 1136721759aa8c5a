// A directory of another hcom is opened with ours: what it knew is there, the original is kept.
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, parseJson } from "../../src/core/json.ts";
import { createForeign } from "../../src/store/fixtures/databases.ts";
import { type Env, hcom, tempDir } from "../process/lab.ts";

/** Snapshots as those programs write them: without a name, with null where we have a word. */
function addStops(path: string, transcript: string): void {
  using db = new Database(path);
  const insert = db.prepare(
    "INSERT INTO events (timestamp, type, instance, data) VALUES (?,?,?,?)",
  );
  const stop = (name: string, snapshot: object, second: number) =>
    insert.run(
      `2026-01-02T00:00:0${second}.000000+00:00`,
      "life",
      name,
      JSON.stringify({ action: "stopped", by: "user", reason: "killed", snapshot }),
    );
  stop(
    "romi",
    {
      session_id: "s-romi",
      tool: "claude",
      tag: "api",
      directory: "/tmp",
      transcript_path: transcript,
      origin_device_id: null,
      subscriptions: [{ id: "sub-1", sql: "type = 'message'" }],
    },
    1,
  );
  stop("tuvo", { name: "tuvo", session_id: null, tool: "codex", last_event_id: 2 }, 2);
}

for (const version of [14, 18, 20] as const) {
  test(`a directory of schema ${version}: agents and messages are there`, async () => {
    using dir = tempDir();
    const home = join(dir.path, ".hcom");
    mkdirSync(home);
    const path = join(home, "hcom.db");
    createForeign(path, version).close();
    const transcript = join(dir.path, ".claude", "romi.jsonl");
    mkdirSync(join(dir.path, ".claude"));
    const line = (type: string, content: string, id: string) =>
      JSON.stringify({ type, uuid: id, timestamp: "t", message: { role: type, content } });
    const lines = [line("user", "why is it red?", "1"), line("assistant", "a typo", "2")];
    writeFileSync(transcript, `${lines.join("\n")}\n`);
    addStops(path, transcript);
    const original = join(dir.path, "before.db");
    copyFileSync(path, original);
    const env: Env = { HOME: dir.path, HCOM_DIR: home, PATH: "/usr/bin:/bin" };

    const stopped = await hcom(env, ["list", "--stopped", "--all", "--json"]);
    expect(stopped.err).toMatch(
      /^This directory was another hcom.s .* is taken over\. As it was: .*archive.*\n$/,
    );
    const names = JSON.stringify(parseJson(stopped.out));
    for (const name of ["romi", "tuvo"]) expect(names).toContain(name);
    const told = await hcom(env, ["transcript", "romi"]);
    expect(told.out).toContain("why is it red?");
    const events = (await hcom(env, ["events", "--last", "50"])).out;
    expect(events).toContain("the walrus sings");
    const listed = asList(parseJson((await hcom(env, ["list", "--json"])).out)).map(asObject);
    expect(JSON.stringify(listed)).toContain("luna");

    // The original is in the archive with all that it held.
    const [folder = ""] = readdirSync(join(home, "archive"));
    using kept = new Database(join(home, "archive", folder, "hcom.db"), { readonly: true });
    expect(kept.query("PRAGMA user_version").get()).toEqual({ user_version: version });
    using before = new Database(original);
    const dump = (db: Database) =>
      ["events", "instances", "kv"].map((table) => db.query(`SELECT * FROM ${table}`).all());
    expect(dump(kept)).toEqual(dump(before));
  });
}
