// A hook that cannot do its work must not disturb the agent: exit 0 and no output, whatever is
// wrong with its input or with our directory.
import { expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { toolNames, tools } from "../../src/tools/index.ts";
import { type Env, hcom, plainEnv, tempDir } from "./lab.ts";

const silence = { out: "", err: "", code: 0 };

async function allHooks(): Promise<string[]> {
  const loaded = await Promise.all(toolNames.map((name) => tools[name]()));
  return loaded.flatMap((tool) => Object.keys(tool.dialect.hooks));
}

const payload = (session: string) =>
  JSON.stringify({
    session_id: session,
    transcript_path: "/nonexistent.jsonl",
    cwd: "/",
    hook_event_name: "UserPromptSubmit",
    prompt: "hello",
    tool_name: "Bash",
    tool_input: { command: "true" },
  });

test("broken input: every hook is silent", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  expect((await hcom(env, ["start"])).code).toBe(0);
  const inputs = ["", "{", "null", '"text"', "[1]", "\\xff\\u0000", '{"session_id":{}}'];
  for (const [at, hook] of (await allHooks()).entries()) {
    const stdin = inputs[at % inputs.length] ?? "";
    expect([hook, stdin, await hcom(env, [hook], { stdin })]).toEqual([hook, stdin, silence]);
  }
});

test("without a database every hook is silent and makes nothing", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  for (const hook of await allHooks()) {
    expect([hook, await hcom(env, [hook], { stdin: payload("s") })]).toEqual([hook, silence]);
  }
  expect(existsSync(join(dir.path, ".hcom", "hcom.db"))).toBe(false);
  const lost = { ...env, HCOM_DIR: join(dir.path, "not/there/.hcom") };
  expect(await hcom(lost, ["post"], { stdin: payload("s") })).toEqual(silence);
});

test("a file that is no database: every hook is silent", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  mkdirSync(join(dir.path, ".hcom"));
  await Bun.write(join(dir.path, ".hcom", "hcom.db"), "this is no database ".repeat(500));
  for (const hook of ["sessionstart", "userpromptsubmit", "post", "poll"]) {
    expect([hook, await hcom(env, [hook], { stdin: payload("s") })]).toEqual([hook, silence]);
  }
});

const setpriv = Bun.which("setpriv");
const isRoot = process.getuid?.() === 0;
/** Root may write anywhere, unless it gives that up; the checkout may be private, so it stays root. */
const drop = ["--bounding-set=-dac_override", "--inh-caps=-dac_override"];
const withoutPower = isRoot ? [setpriv ?? "", ...drop] : [];

// Skipped where root has no setpriv: a directory cannot be made read-only for root.
test.skipIf(isRoot && setpriv === null)("a read-only directory: every hook is silent", async () => {
  using dir = tempDir();
  const hcomDir = join(dir.path, ".hcom");
  const env: Env = { ...plainEnv(dir.path), CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s" };
  await hcom(env, ["hooks", "add", "claude"]);
  expect((await hcom(env, ["start"])).code).toBe(0);
  await hcom(plainEnv(dir.path), ["send", "-b", "--", "hello"]);
  setModes(hcomDir, 0o555, 0o444);
  chmodSync(dir.path, 0o755);
  const options = { stdin: payload("s"), prefix: withoutPower, cwd: "/" };
  for (const hook of ["sessionstart", "userpromptsubmit", "post", "batch", "poll", "sessionend"]) {
    expect([hook, await hcom(env, [hook], options)]).toEqual([hook, silence]);
  }
  setModes(hcomDir, 0o755, 0o644);
  // The same call with a directory that it may write to has something to say.
  const { out } = await hcom(env, ["userpromptsubmit"], { stdin: payload("s") });
  expect(out).toContain("hello");
});

test("status tells of a full disk, and leaves nothing behind", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  await hcom(env, ["start"]);
  const before = readdirSync(join(dir.path, ".hcom"));
  // A limit of the size of files stands for the disk: the kernel refuses in the same place.
  const prefix = ["/bin/sh", "-c", `trap '' XFSZ; ulimit -f 200; exec "$@"`, "sh"];
  const full = await hcom(env, ["status"], { prefix });
  expect([full.code, full.out.split("\n")[1]]).toEqual([
    0,
    expect.stringContaining("disk is full"),
  ]);
  const good = await hcom(env, ["status"]);
  expect(good.out.split("\n")[1]).toContain("(ok");
  expect(readdirSync(join(dir.path, ".hcom"))).toEqual(before);
});

test.skipIf(isRoot && setpriv === null)("status tells of a read-only directory", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  await hcom(env, ["start"]);
  setModes(join(dir.path, ".hcom"), 0o555, 0o444);
  const run = await hcom(env, ["status"], { prefix: withoutPower, cwd: "/" });
  setModes(join(dir.path, ".hcom"), 0o755, 0o644);
  expect(run.out.split("\n")[1]).toContain("(read-only");
});

test.skipIf(isRoot && setpriv === null)("status tells of a read-only database", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  await hcom(env, ["start"]);
  chmodSync(join(dir.path, ".hcom/hcom.db"), 0o400);
  const run = await hcom(env, ["status"], { prefix: withoutPower, cwd: "/" });
  expect(run.out).toMatch(/^directory: .*\(ok/m);
  expect(run.out).toMatch(/^database: .*cannot be written \(.*readonly/m);
  expect(run.out).toContain("agents:     1 with no program seen");
});

function setModes(dir: string, dirMode: number, fileMode: number): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) setModes(path, dirMode, fileMode);
    else if (entry.isFile()) chmodSync(path, fileMode);
  }
  chmodSync(dir, dirMode);
}

test.concurrent("a question in SQL that would never end is ended, and says so", async () => {
  using dir = tempDir();
  const env = plainEnv(dir.path);
  await hcom(env, ["start"]);
  for (let n = 0; n < 8; n++) await hcom(env, ["send", "-b", "--go", "--", "hello"]);
  const all = "abcdefghij".split("").map((name) => `events_v ${name}`);
  const sql = `(SELECT count(*) FROM ${all.join(", ")}) > 0`;
  const [run, asJson] = await Promise.all([
    hcom(env, ["events", "--sql", sql]),
    hcom(env, ["events", "--sql", sql, "--json"]),
  ]);
  expect([run.code, run.err]).toEqual([2, expect.stringContaining("did not come to an end")]);
  expect([asJson.code, JSON.parse(asJson.out).error.code]).toEqual([2, "slow_sql"]);
}, 30_000);
