// `hcom import DIR` takes over a directory that lies elsewhere, and the settings of the original mean
// here what they meant there.
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { createForeign } from "../../src/store/fixtures/databases.ts";
import { holdersOf } from "../../src/sys/reading/open-files.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, tempDir } from "../process/lab.ts";

/** Every byte and time of a directory. */
function look(directory: string): string {
  return readdirSync(directory)
    .toSorted()
    .map((name) => {
      const path = join(directory, name);
      const stat = statSync(path);
      const { mtimeMs, mode } = stat;
      const held = stat.isDirectory() ? "directory" : Bun.hash(readFileSync(path));
      return `${name} ${mode} ${mtimeMs} ${held}`;
    })
    .join("\n");
}

function place(dir: string): { env: Env; theirs: string; ours: string } {
  const [theirs, ours] = [join(dir, "theirs"), join(dir, "ours")];
  mkdirSync(theirs);
  return { env: { HOME: dir, HCOM_DIR: ours, PATH: "/usr/bin:/bin" }, theirs, ours };
}

test("a directory elsewhere is copied, said in numbers, and stays as it is", async () => {
  using dir = tempDir();
  const { env, theirs, ours } = place(dir.path);
  // Its newest rows are in the log beside it, as in a program that runs.
  using open = createForeign(join(theirs, "hcom.db"), 20);
  open.exec("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
  const data = { from: "luna", text: "in the log", scope: "broadcast", thread: "t" };
  open
    .prepare("INSERT INTO events (timestamp, type, instance, data) VALUES (?, ?, ?, ?)")
    .run("2026-01-02T00:00:09.000000+00:00", "message", "luna", JSON.stringify(data));
  writeFileSync(join(theirs, "config.toml"), '[launch]\ntag = "team" # mine\n');
  const before = look(theirs);
  // Who changes over looks around first.
  for (const words of [["list"], ["status"]]) expect((await hcom(env, words)).code).toBe(0);

  const run = await hcom(env, ["import", theirs]);
  expect([run.code, run.out]).toEqual([0, expect.stringContaining("settings: config.toml")]);
  expect(run.err).toContain(`has it open at this moment: ${process.pid}`);
  expect(look(theirs)).toBe(before);
  expect((await hcom(env, ["events", "--last", "50"])).out).toContain("in the log");
  expect((await hcom(env, ["config", "tag"])).out.trim()).toContain("team");
  expect(readFileSync(join(ours, "config.toml"), "utf8")).toContain("# mine");

  // Twice brings nothing twice, and what was said here since is not touched.
  await hcom(env, ["send", "@bigboss", "--from", "ci", "--", "said here"]);
  const again = await hcom(env, ["import", theirs]);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining("has a log already")]);
  const events = (await hcom(env, ["events", "--last", "50"])).out;
  expect(events.match(/in the log|said here/g)).toEqual(["in the log", "said here"]);
  const nowhere = await hcom({ ...env, HCOM_DIR: join(dir.path, "x") }, ["import", `${ours}x`]);
  expect([nowhere.code, existsSync(join(dir.path, "x"))]).toEqual([3, false]);
});

/** As it stands in a log of theirs whose agent works at this moment. */
function runsAs(db: DatabaseSync, name: string, pid: number): void {
  const now = Math.ceil(Date.now() / 1000) + 1;
  db.exec(`UPDATE instances SET pid = ${pid}, status = 'listening', created_at = ${now - 20},
    status_time = ${now}, last_stop = ${now} WHERE name = '${name}'`);
}

test("agents of the program that was here before are named for as long as they run", async () => {
  using dir = tempDir();
  const { env, theirs } = place(dir.path);
  const agent = Bun.spawn(["sleep", "60"]);
  using db = createForeign(join(theirs, "hcom.db"), 18);
  runsAs(db, "luna", agent.pid);
  const here = { ...env, HCOM_DIR: theirs };
  // Whoever finds the directory says it, once, beside what was asked for.
  const first = await hcom(here, ["list", "--names"]);
  expect([first.code, first.out]).toEqual([0, "api-luna\n"]);
  expect(first.err).toContain("was another hcom's (schema 18) and is taken over. As it was: ");
  expect(first.err).toContain(`still runs there: luna (pid ${agent.pid})`);
  expect(first.err).toContain(`has it open: `);
  expect(first.err).toContain(`(pid ${process.pid})`);
  expect(first.err).toContain("hcom resume NAME");
  expect((await hcom(here, ["list", "--names"])).err).toBe("");
  const shown = await hcom(here, ["status"]);
  expect(shown.out.replace(/\s+/g, " ")).toContain(`still runs: luna (pid ${agent.pid})`);
  agent.kill();
  await agent.exited;
  expect(JSON.parse((await hcom(here, ["status", "--json"])).out).earlier_agents).toEqual([]);
});

test("who still runs there is not ours to end; a reused number is not it", async () => {
  using dir = tempDir();
  const { env, theirs } = place(dir.path);
  const agent = Bun.spawn(["sleep", "60"]);
  {
    using db = createForeign(join(theirs, "hcom.db"), 18);
    runsAs(db, "luna", agent.pid);
    runsAs(db, "kira", 1);
  }
  const here = { ...env, HCOM_DIR: theirs };
  const first = await hcom(here, ["list", "--names"]);
  expect(first.err).toContain(`still runs there: luna (pid ${agent.pid})`);
  expect(first.err).not.toContain("kira");
  const killed = await hcom(here, ["kill", "luna"]);
  expect([killed.code, killed.out]).toEqual([
    ...[1, expect.stringContaining(`end it yourself: kill ${agent.pid}`)],
  ]);
  expect([agent.exitCode, (await hcom(here, ["list", "--names"])).out]).toEqual([
    // A mere look buries nobody of theirs.
    ...[null, "kira\napi-luna\n"],
  ]);
  const resumed = await hcom(here, ["r", "luna", "--headless"]);
  expect([resumed.code, resumed.err]).toEqual([1, expect.stringContaining("still runs")]);
  agent.kill();
  await agent.exited;
  expect((await hcom(here, ["kill", "luna"])).code).toBe(0);
  // Where it was is said for as long as the log is there, whoever found it first.
  expect((await hcom(here, ["status"])).out).toContain(
    "was another hcom's (schema 18); as it was:",
  );
});

test("agents of a directory elsewhere rest here, with all that they were", async () => {
  using dir = tempDir();
  const { env, theirs } = place(dir.path);
  const agent = Bun.spawn(["sleep", "60"]);
  using db = createForeign(join(theirs, "hcom.db"), 18);
  runsAs(db, "luna", agent.pid);
  const run = await hcom(env, ["import", theirs]);
  expect([run.code, run.err]).toEqual([0, expect.stringContaining("not here: luna\n")]);
  expect((await hcom(env, ["list", "--names"])).out).toBe("");
  const rested = JSON.parse((await hcom(env, ["list", "--stopped", "luna", "--json"])).out);
  expect(JSON.stringify(rested)).toContain('"session_id":"s-1"');
  expect((await hcom(env, ["status"])).out).not.toContain("still runs");
  // Nothing here reaches into the other directory.
  await hcom(env, ["kill", "all", "--go"]);
  expect(agent.exitCode).toBeNull();
  agent.kill();
  await agent.exited;
});

/** Every way in which a directory of theirs can be none. */
const unusable: Record<string, [make: (db: string) => void, said: string]> = {
  "another program's database": [
    (db) => {
      using made = new Database(db);
      made.exec("CREATE TABLE recipes (name TEXT)");
    },
    "is not a database of this program",
  ],
  "a text": [(db) => writeFileSync(db, "no database\n".repeat(500)), "not a readable SQLite"],
  "a log cut in the middle": [
    (db) => {
      createForeign(db, 18).close();
      writeFileSync(db, readFileSync(db).subarray(0, 20_000));
    },
    "not a readable SQLite",
  ],
  "a later log of theirs": [
    (db) => {
      using made = createForeign(db, 20);
      made.exec("PRAGMA user_version = 23");
    },
    "newer version of another hcom (schema 23)",
  ],
  "a directory": [(db) => mkdirSync(db), "it is no file"],
  "an empty file": [(db) => writeFileSync(db, ""), "it is empty"],
  "a log whose rows contradict each other": [
    (db) => {
      using made = createForeign(db, 18);
      made.exec("PRAGMA foreign_keys=OFF; DROP TABLE session_bindings");
      made.exec("CREATE TABLE session_bindings (session_id, instance_name, created_at)");
      made.exec("INSERT INTO session_bindings VALUES ('s', 'luna', 1), ('s', 'luna', 2)");
    },
    "its rows contradict each other",
  ],
};

for (const [kind, [make, said]] of Object.entries(unusable)) {
  test(`${kind} is refused by its name, and nothing is left behind`, async () => {
    using dir = tempDir();
    const { env, theirs, ours } = place(dir.path);
    make(join(theirs, "hcom.db"));
    writeFileSync(join(theirs, "config.toml"), '[launch]\ntag = "team"\n');
    const before = look(theirs);
    const run = await hcom(env, ["import", theirs]);
    expect([run.code, run.out]).toEqual([1, ""]);
    expect(run.err).toContain(`${theirs}/hcom.db`);
    expect(run.err).toContain(said);
    expect(run.err).toContain("Nothing was taken over");
    expect(run.err).not.toContain(ours);
    expect([look(theirs), existsSync(ours)]).toEqual([before, false]);

    // What the person had here stays theirs, a log that nobody has used yet included.
    expect((await hcom(env, ["list"])).code).toBe(0);
    const home = readdirSync(ours).toSorted();
    expect((await hcom(env, ["import", theirs])).code).toBe(1);
    expect(readdirSync(ours).toSorted()).toEqual(home);
    expect(readdirSync(join(ours, ".tmp")).filter((name) => name !== "logs")).toEqual([]);
    expect((await hcom(env, ["config", "tag"])).out).not.toContain("team");
  });
}

test("an agent that had stopped there is taken up by its name, as it was", async () => {
  using dir = tempDir();
  const { env, theirs } = place(dir.path);
  const [bin, work] = [join(dir.path, "bin"), join(dir.path, "work")];
  for (const folder of [bin, work]) mkdirSync(folder);
  const program = `#!/bin/sh
[ "$*" = --version ] && { echo 2.1.332; exit 0; }
{ pwd; for word; do echo "$word"; done; } >"$HOME/called"
`;
  writeFileSync(join(bin, "claude"), program, { mode: 0o755 });
  using db = createForeign(join(theirs, "hcom.db"), 20);
  const snapshot = {
    session_id: "7f0c1c9e-5a8e-4a53-9d0a-3a1f1f0f7a11",
    tool: "claude",
    tag: "api",
    directory: work,
    launch_args: JSON.stringify(["--model", "opus", "the first task"]),
    origin_device_id: null,
  };
  const data = { action: "stopped", by: "user", reason: "killed", snapshot };
  db.prepare("INSERT INTO events (timestamp, type, instance, data) VALUES (?, ?, ?, ?)").run(
    "2026-01-02T00:00:01.000000+00:00",
    "life",
    "romi",
    JSON.stringify(data),
  );
  expect((await hcom(env, ["import", theirs])).code).toBe(0);

  await hcom({ ...env, PATH: `${bin}:${env["PATH"]}` }, ["r", "romi", "--headless", "--go"]);
  const [where, ...words] = readFileSync(join(dir.path, "called"), "utf8").trim().split("\n");
  expect(where).toBe(work);
  const given = words.join(" ");
  expect(given).toContain(`--resume ${snapshot.session_id}`);
  expect(given).toContain("--model opus");
  expect(given).not.toContain("the first task");
  // By the full name that it had, wherever a name is asked for.
  for (const words of [["events", "--agent"], ["list", "--stopped"], ["transcript"]]) {
    const asked = await hcom(env, [...words, "api-romi"]);
    expect([words[0], asked.code, asked.err]).not.toContain(3);
  }
  for (const words of [
    ["send", "@api-romi", "--from", "ci", "--", "x"],
    ["stop", "api-romi"],
  ]) {
    const { code, err } = await hcom(env, words);
    expect([words[0], code, err]).toEqual([words[0], 3, expect.stringContaining("hcom r romi")]);
  }
});

test("who has the log open at that moment goes on with what was taken over", async () => {
  using dir = tempDir();
  const { env, theirs } = place(dir.path);
  createForeign(join(theirs, "hcom.db"), 20).close();
  expect((await hcom(env, ["list"])).code).toBe(0);
  const waiting = hcom(env, ["events", "--wait", "20", "--type", "message"]);
  await until(() => holdersOf([join(env["HCOM_DIR"] ?? "", "hcom.db")]).length > 0, {
    timeoutMs: 5000,
    what: "somebody who waits",
    dump: () => "",
  });
  expect((await hcom(env, ["import", theirs])).code).toBe(0);
  await hcom(env, ["send", "@bigboss", "--from", "ci", "--", "said behind it"]);
  expect((await waiting).out).toMatch(/walrus|said behind it/);
  expect((await hcom(env, ["events", "--last", "50"])).out).toContain("said behind it");
});

test("behind a link the log beside the file itself comes along", async () => {
  using dir = tempDir();
  const { env, theirs } = place(dir.path);
  using open = createForeign(join(theirs, "hcom.db"), 20);
  open.exec("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
  const data = JSON.stringify({ from: "luna", text: "only in the log", scope: "broadcast" });
  open
    .prepare("INSERT INTO events (timestamp, type, instance, data) VALUES (?, ?, ?, ?)")
    .run("2026-01-02T00:00:09.000000+00:00", "message", "luna", data);
  const linked = join(dir.path, "linked");
  mkdirSync(linked);
  symlinkSync(join(theirs, "hcom.db"), join(linked, "hcom.db"));
  expect((await hcom(env, ["import", linked])).code).toBe(0);
  expect((await hcom(env, ["events", "--last", "50"])).out).toContain("only in the log");
});

test("it is named by its log, too; settings of the person who imports stay in force", async () => {
  using dir = tempDir();
  const { env, theirs, ours } = place(dir.path);
  createForeign(join(theirs, "hcom.db"), 18).close();
  writeFileSync(join(theirs, "config.toml"), '[launch]\ntag = "team"\n');
  mkdirSync(ours, { mode: 0o700 });
  writeFileSync(join(ours, "config.toml"), '[launch]\ntag = "mine"\n');
  const run = await hcom(env, ["import", join(theirs, "hcom.db")]);
  expect([run.code, run.err]).toEqual([0, expect.stringContaining("their config.toml is not in")]);
  expect(readFileSync(join(ours, "config.toml"), "utf8")).toContain("mine");
  const empty = await hcom({ ...env, HCOM_DIR: `${ours}2` }, ["import", ""]);
  expect([empty.code, empty.err]).toEqual([2, expect.stringContaining("name the directory")]);
});

/** Another value than the default of each setting that both programs have. */
const changed: Record<string, [toml: string, env: string, value: unknown]> = {
  tag: ['[launch]\ntag = "team"', "HCOM_TAG=team", "team"],
  hints: ['[launch]\nhints = "be brief"', 'HCOM_HINTS="be brief"', "be brief"],
  subagent_timeout: ["[launch]\nsubagent_timeout = 7", "HCOM_SUBAGENT_TIMEOUT=7", 7],
  auto_subscribe: [
    '[launch]\nauto_subscribe = "stopped"',
    "HCOM_DEFAULT_SUBSCRIPTIONS=stopped",
    "stopped",
  ],
  claude_args: ['[launch.claude]\nargs = "--model x"', 'HCOM_CLAUDE_ARGS="--model x"', "--model x"],
  codex_args: ['[launch.codex]\nargs = "-m x"', 'HCOM_CODEX_ARGS="-m x"', "-m x"],
  terminal: ['[terminal]\nactive = "tmux"', "HCOM_TERMINAL=tmux", "tmux"],
  title_mode: ['[terminal]\ntitle_mode = "off"', "HCOM_TITLE_MODE=off", "off"],
  timeout: ["[preferences]\ntimeout = 77", "HCOM_TIMEOUT=77", 77],
  auto_approve: ["[preferences]\nauto_approve = false", "HCOM_AUTO_APPROVE=0", false],
  name_export: ['[preferences]\nname_export = "ME"', "HCOM_NAME_EXPORT=ME", "ME"],
};

test("the keys of their config.toml and config.env mean here what they meant there", async () => {
  using dir = tempDir();
  const { env, ours } = place(dir.path);
  mkdirSync(ours, { mode: 0o700 });
  const expected = Object.fromEntries(
    Object.entries(changed).map(([key, [, , value]]) => [key, value]),
  );
  const toml = Object.values(changed).map(([text]) => text);
  // One table may stand once.
  const tables = Map.groupBy(toml, (text) => text.split("\n")[0] ?? "");
  const lines = [...tables].flatMap(([head, texts]) => [
    ...[head, ...texts.map((text) => text.split("\n")[1] ?? "")],
  ]);
  writeFileSync(join(ours, "config.toml"), `# theirs\n${lines.join("\n")}\n[relay]\nurl = "x"\n`);
  expect(JSON.parse((await hcom(env, ["config", "--json"])).out)).toMatchObject(expected);

  const older = join(dir.path, "older");
  mkdirSync(older, { mode: 0o700 });
  const words = Object.values(changed).map(([, line]) => line);
  writeFileSync(join(older, "config.env"), `${words.join("\n")}\nANTHROPIC_MODEL=opus\n`);
  const read = await hcom({ ...env, HCOM_DIR: older }, ["config", "--json"]);
  expect(JSON.parse(read.out)).toMatchObject(expected);
  expect(readFileSync(join(older, "config.env"), "utf8")).toContain("ANTHROPIC_MODEL=opus");
});
