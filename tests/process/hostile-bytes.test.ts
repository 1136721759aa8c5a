// Nothing that stands in the database steers the terminal of whoever looks: bytes that do are
// planted in every text column of every table, and every command is asked, as text and as JSON.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { updateInstance } from "../../src/store/instances.ts";
import { type Env, hcom, openLog, plainEnv, tempDir } from "./lab.ts";

/** ESC, BEL, CR, C1, DEL and what turns the direction of writing. */
const hostile = "\x1b]0;owned\x07\x1b[31m\rover\x7f\x9b2J\x85\u202egnp\u2066\u200f";
const steering = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const dir = tempDir();
afterAll(() => dir[Symbol.dispose]());
const env: Env = plainEnv(dir.path);
let planted = 0;
let id = "";

beforeAll(async () => {
  for (const name of ["luna", "nova"]) await hcom(env, ["start", "--as", name]);
  await hcom(env, ["start", "--as", "kira"]);
  await hcom(env, ["channel", "create", "ops"]);
  await hcom(env, ["channel", "join", "ops", "--as", "luna"]);
  await hcom(env, ["channel", "send", "ops", "--", "hi"]);
  const sent = await hcom(env, ["send", "@luna", "--name", "nova", "--json", "--", "hello"]);
  id = String(JSON.parse(sent.out).id);
  await hcom(env, ["stop", "kira"]);
  using bus = openLog(env);
  const { db } = bus;
  updateInstance(db, "luna", { tag: "api", directory: "/tmp/x", transcript_path: "/tmp/t" });
  const tables = db.all<{ name: string }>(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
       AND name NOT LIKE '%fts%'`,
  );
  for (const table of tables) {
    const columns = db.all<{ name: string; type: string; pk: number }>(
      `SELECT name, type, pk FROM pragma_table_info('${table.name}')`,
    );
    for (const column of columns.filter((one) => one.type === "TEXT" && one.pk === 0)) {
      // What finds a row again stays as it is: it would hide the rest.
      if (/^(principal|recipient|instance|instance_name|timestamp|type|name)$/.test(column.name))
        continue;
      planted += plantIn(table.name, column.name);
    }
  }
  function plantIn(table: string, column: string): number {
    const isJson = column === "data";
    const value = isJson
      ? `json_set(${column}, '$.text', $, '$.reason', $, '$.by', $, '$.context', $, '$.thread', $,
          '$.detail', $, '$.snapshot.directory', $, '$.snapshot.tag', $)`.replaceAll("$,", "?1,")
      : "?1";
    try {
      const sql = isJson ? value.replaceAll(", $)", ", ?1)") : value;
      return db.run(`UPDATE OR IGNORE ${table} SET ${column} = ${sql}`, hostile).changes;
    } catch {
      // A column that takes only certain words takes none of these.
      return 0;
    }
  }
});

test("bytes stand in many places", () => {
  expect(planted).toBeGreaterThan(40);
});

const looks = [
  "",
  "list",
  "list -v",
  "list luna",
  "list luna directory",
  "list luna --sh",
  "list --format {directory}{transcript_path}{status_context}{tag}",
  "list --stopped",
  "list --stopped kira",
  "list --ndjson",
  "events",
  "events --full",
  "events --search hi",
  "read ID",
  "why ID",
  "status",
  "status --logs",
  "transcript luna",
  "term luna",
  "config",
  "config -i luna",
  "channel list",
  "channel history ops",
  "hooks",
  "listen 1 --name luna",
  "send @luna --name nova -- again",
];

for (const look of looks) {
  test(`${look === "" ? "hcom" : look} prints none of them`, async () => {
    const words = look.replace("ID", id).split(" ").filter(Boolean);
    const forms = [words, words.includes("--") ? words : [...words, "--json"]];
    for (const argv of forms) {
      const { out, err } = await hcom({ ...env, NO_COLOR: "1" }, argv);
      expect([argv, steering.exec(`${out}${err}`.replaceAll("\r\n", "\n"))]).toEqual([argv, null]);
    }
  });
}
