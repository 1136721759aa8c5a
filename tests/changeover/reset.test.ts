// A reset archives all that was said and loses nothing that is said meanwhile; archives of any
// generation are read.
import { expect, test } from "bun:test";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asList, asObject, parseJson } from "../../src/core/json.ts";
import { createForeign } from "../../src/store/fixtures/databases.ts";
import { type Env, hcom, tempDir } from "../process/lab.ts";

function home(dir: string): Env {
  return { HOME: dir, HCOM_DIR: join(dir, ".hcom"), PATH: "/usr/bin:/bin" };
}

test("what was said is in the archive, by number, name, question and directory", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  await hcom(env, ["start", "--as", "luna"]);
  await hcom(env, ["send", "@luna", "--from", "ci", "--", "before the reset"]);
  const reset = await hcom(env, ["reset"]);
  expect([reset.code, reset.out]).toEqual([0, expect.stringContaining("Archived: ")]);
  expect(reset.out).toContain("No agents any more: luna");
  expect((await hcom(env, ["list", "--names"])).out).toBe("");
  const now = await hcom(env, ["events", "--json", "--last", "50"]);
  expect(now.out).not.toContain("before the reset");
  expect(now.out).toContain('"action":"reset"');

  const listed = asObject(parseJson((await hcom(env, ["archive", "--json"])).out));
  const [first] = asList(listed["archives"]).map(asObject);
  expect([listed["count"], first]).toEqual([
    ...[1, expect.objectContaining({ index: 1, instances: 1 })],
  ]);
  for (const selector of ["1", String(first?.["name"]), String(first?.["name"]).slice(0, 18)]) {
    expect((await hcom(env, ["archive", selector])).out).toContain("before the reset");
  }
  const some = await hcom(env, ["archive", "1", "--sql", "msg_from = 'ci'"]);
  expect(some.out.trim().split("\n")).toHaveLength(1);
  expect((await hcom(env, ["archive", "1", "agents"])).out).toContain("luna");
  expect((await hcom(env, ["archive", "--here", "--json"])).out).toContain('"count":1');
  const elsewhere = await hcom(env, ["archive", "--here", "--json"], { cwd: "/" });
  expect(elsewhere.out).toContain('"count":0');
  expect((await hcom(env, ["archive", "7"])).code).toBe(3);
  expect((await hcom(env, ["archive", "1", "--sql", "nope = 1"])).code).toBe(2);
  // Nothing of it is changed by looking.
  expect((await hcom(env, ["archive", "1", "--sql", "1"])).code).toBe(0);
});

test("nothing that is sent while the log begins anew is lost, and no id comes twice", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  await hcom(env, ["start", "--as", "luna"]);
  const sends = Array.from({ length: 12 }, (_, n) =>
    hcom(env, ["send", "@bigboss", "--from", "ci", "--json", "--", `word ${n}.`]),
  );
  const reset = hcom(env, ["reset", "--json"]);
  const sent = await Promise.all(sends);
  expect((await reset).code).toBe(0);
  const confirmed = sent.filter((run) => run.code === 0).length;
  const here = (await hcom(env, ["events", "--last", "100", "--full"])).out;
  const there = (await hcom(env, ["archive", "1", "--last", "100", "--full"])).out;
  const all = `${here}${there}`;
  for (const [n, run] of sent.entries()) {
    if (run.code === 0) expect(all.split(`word ${n}.`)).toHaveLength(2);
  }
  const ids = [...all.matchAll(/^\{"id":(\d+)/gm)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(confirmed).toBeGreaterThan(0);
});

test("where the copy cannot be made, everybody goes on and nothing stays behind", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  await hcom(env, ["start", "--as", "luna"]);
  await hcom(env, ["send", "@luna", "--from", "ci", "--", "still here"]);
  writeFileSync(join(dir.path, ".hcom/archive"), "in the way");
  const reset = await hcom(env, ["reset"]);
  expect([reset.code, reset.err]).toEqual([1, expect.stringContaining("archive")]);
  expect((await hcom(env, ["list", "--names"])).out).toBe("luna\n");
  expect((await hcom(env, ["events", "--last", "50"])).out).toContain("still here");
});

test("a reset keeps members from outside; who comes back under a name joins anew", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  for (const name of ["luna", "nova"]) await hcom(env, ["start", "--as", name]);
  await hcom(env, ["channel", "create", "room"]);
  await hcom(env, ["channel", "join", "room", "--name", "luna"]);
  await hcom(env, ["channel", "join", "room", "--as", "ci"]);
  await hcom(env, ["reset", "--go"]);
  await hcom(env, ["start", "--as", "luna"]);
  const { participants } = JSON.parse((await hcom(env, ["channel", "info", "room", "--json"])).out);
  expect(participants).toEqual(["ci"]);
  const said = await hcom(env, ["channel", "send", "room", "--", "who is here?"]);
  expect(said.out + said.err).not.toContain("to luna");
  await hcom(env, ["channel", "join", "room", "--name", "luna"]);
  await hcom(env, ["channel", "send", "room", "--", "and now?"]);
  expect((await hcom(env, ["listen", "1", "--name", "luna"])).out).toContain("and now?");
});

test("inside an agent it says first what would become of the others", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  await hcom(env, ["start", "--as", "luna"]);
  const inside = { ...env, CLAUDECODE: "1" };
  const preview = await hcom(inside, ["reset"]);
  expect([preview.code, preview.out]).toEqual([0, expect.stringContaining("hcom reset --go")]);
  expect((await hcom(env, ["list", "--names"])).out).toBe("luna\n");
  expect((await hcom(inside, ["reset", "--go", "--name", "luna"])).code).toBe(0);
  expect((await hcom(env, ["list", "--names"])).out).toBe("");
  const empty = await hcom({ ...env, HCOM_DIR: join(dir.path, "new") }, ["reset"]);
  expect(empty.out).toContain("nothing to archive");
});

test("inside an agent hooks stay where they are until somebody says so", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  const settings = join(dir.path, ".claude/settings.json");
  mkdirSync(join(dir.path, ".claude"));
  writeFileSync(settings, "{}");
  expect((await hcom(env, ["hooks", "add", "claude"])).code).toBe(0);
  const inside = { ...env, CLAUDECODE: "1" };
  const before = readFileSync(settings, "utf8");
  const preview = await hcom(inside, ["reset", "hooks"]);
  expect([preview.code, preview.out]).toEqual([0, expect.stringContaining("out of claude")]);
  const asked = parseJson((await hcom(inside, ["reset", "hooks", "--json"])).out);
  expect(asked).toEqual({ preview: true, what: "hooks", tools: ["claude"] });
  expect(readFileSync(settings, "utf8")).toBe(before);
  expect((await hcom(inside, ["reset", "hooks", "--go"])).out).toContain("hooks removed");
  expect(readFileSync(settings, "utf8")).toBe("{}");
});

test("all of it is one JSON document", async () => {
  using dir = tempDir();
  const env = home(dir.path);
  await hcom(env, ["start", "--as", "luna"]);
  await hcom(env, ["config", "tag", "api"]);
  const done = asObject(parseJson((await hcom(env, ["reset", "all", "--json"])).out));
  expect(done).toMatchObject({ archive: expect.stringContaining("/archive/session-") });
  expect(asList(done["stopped"])).toMatchObject([{ name: "luna" }]);
  expect(asList(done["settings"])).toEqual([expect.stringContaining("config.toml")]);
  expect(asList(done["hooks"])).toContainEqual({ tool: "claude", error: null });
});

for (const version of [14, 18, 20] as const) {
  test(`an archive of schema ${version} is read as it is`, async () => {
    using dir = tempDir();
    const env = home(dir.path);
    const made = join(dir.path, "theirs.db");
    createForeign(made, version).close();
    const folder = join(dir.path, ".hcom/archive/session-2026-01-02_030405");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyFileSync(made, join(folder, "hcom.db"));
    expect((await hcom(env, ["archive"])).out).toContain("1. session-2026-01-02_030405");
    const said = await hcom(env, ["archive", "1", "--sql", "msg_text LIKE '%walrus%'"]);
    expect(said.out).toContain("the walrus sings");
    const agents = asList(parseJson((await hcom(env, ["archive", "1", "agents", "--json"])).out));
    expect(agents.map((one) => asObject(one)["name"])).toEqual(["kira", "luna"]);
  });
}
