// Archives of every schema that there ever was, ours and those of other generations, by the command.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { call, refusalOf } from "../../../tests/kit/call.ts";
import { createForeign } from "../../store/fixtures/databases.ts";
import { migrations } from "../../store/open/migrate.ts";
import { applicationId } from "../../store/open/version.ts";
import { realSystem, type System } from "../../sys/system.ts";
import command from "./archive.ts";

let home = "";
let system: System;

beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/hcom-archive-`);
  const env = { HOME: home, HCOM_DIR: `${home}/.hcom` };
  system = { ...realSystem(), env, home, cwd: "/w/repo", log: () => {} };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const run = (...argv: string[]) => call(system, command, argv);
const refusal = (...argv: string[]) => refusalOf(run(...argv));

const stopped = {
  action: "stopped",
  snapshot: { tool: "codex", directory: "/w/repo", transcript_path: "/t.jsonl" },
};

/** Where `reset` puts a log. */
function place(at: string): string {
  const folder = `${home}/.hcom/archive/session-2026-11-${at}_120000`;
  mkdirSync(folder, { recursive: true });
  return `${folder}/hcom.db`;
}

/** As our own program of that version left it, with what every version has. */
function createOwn(path: string, version: number): DatabaseSync {
  const db = new DatabaseSync(path);
  for (const step of migrations) if (step.version <= version) db.exec(step.sql);
  db.exec(`PRAGMA application_id=${applicationId}; PRAGMA user_version=${version};
    INSERT INTO events (timestamp, type, instance, data) VALUES
      ('2026-01-01T00:00:00Z', 'life', 'luna', '{"action":"created"}'),
      ('2026-01-01T00:00:01Z', 'message', 'luna', '{"from":"luna","text":"the walrus sings"}'),
      ('2026-01-01T00:00:02Z', 'status', 'kira', '{"status":"active"}'),
      ('2026-01-01T00:00:03Z', 'life', 'kira', '{"action":"created"}')`);
  return db;
}

const ours = migrations.map(({ version }) => version);
const theirs = [14, 18, 20] as const;

describe("an archive of schema", () => {
  for (const version of [...theirs, ...ours]) {
    test(`${version} is listed, asked and left as it was`, async () => {
      const path = place("20");
      const foreign = theirs.find((one) => one === version);
      {
        using db = foreign === undefined ? createOwn(path, version) : createForeign(path, foreign);
        const sql = "INSERT INTO events (timestamp, type, instance, data) VALUES (?, ?, ?, ?)";
        const at = "2026-01-01T00:00:09Z";
        db.prepare(sql).run(at, "life", "nova", JSON.stringify(stopped));
      }
      const before = readFileSync(path);
      const { archives, count } = JSON.parse((await run("--json")).text);
      expect([count, archives[0].index, archives[0].problem]).toEqual([1, 1, undefined]);
      expect(archives[0].instances).toBeGreaterThanOrEqual(3);
      for (const selector of ["1", "2026-11-20", "session-2026-11-20_120000"]) {
        expect((await run(selector)).text).toContain("the walrus sings");
      }
      const asked = (await run("1", "--sql", "msg_from = 'luna' AND msg_text LIKE '%walrus%'"))
        .text;
      expect(asked.trim().split("\n")).toHaveLength(1);
      expect(JSON.parse(asked)).toMatchObject({ type: "message", instance: "luna" });
      const agents = JSON.parse((await run("1", "agents", "--json")).text);
      expect(agents).toContainEqual(
        expect.objectContaining({ name: "nova", status: "stopped", directory: "/w/repo" }),
      );
      expect(JSON.parse((await run("--here", "--json")).text).count).toBe(1);
      system = { ...system, cwd: "/elsewhere" };
      expect(JSON.parse((await run("--here", "--json")).text).count).toBe(0);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(path.replace("/hcom.db", ""))).toEqual(["hcom.db"]);
    });
  }
});

test("archives are counted from the newest on, and a damaged one hides no other", async () => {
  for (const at of ["20", "21", "22"]) createOwn(place(at), ours.at(-1)!).close();
  writeFileSync(place("21"), "no database, however long it may be ".repeat(200));
  const { archives } = JSON.parse((await run("--json")).text);
  const listed = archives.map((one: { name: string; problem?: string }) => [
    one.name.slice(16, 18),
    one.problem !== undefined,
  ]);
  expect(listed).toEqual([
    ["22", false],
    ["21", true],
    ["20", false],
  ]);
  expect((await run("3", "--last", "1")).text).not.toBe("");
  expect((await refusal("2")).message).toContain("cannot be read");
  expect(await refusal("9")).toMatchObject({ exit: 3 });
  expect(await refusal("2027")).toMatchObject({ exit: 3 });
  expect(await refusal("1", "people")).toMatchObject({ exit: 2 });
  expect(await refusal("1", "--sql", "nope = 1")).toMatchObject({ exit: 2 });
});
