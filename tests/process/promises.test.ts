// The invariants that ARCHITECTURE numbers, each broken on purpose as far as the outside can break
// it: outputs that fail, rows that are gone, writes that the database refuses, wakes that are lost.
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, plainEnv, type Run, tempDir } from "./lab.ts";

interface Agent {
  name: string;
  /** One hook of its session; `sh` is put around it, with `"$@"` for the hook itself. */
  hook(hook: string, sh?: string): Promise<Run>;
}

interface Room extends Disposable {
  env: Env;
  path: string;
  join(session: string): Promise<Agent>;
  /** Sends as the human; the message's id. */
  say(text: string, ...to: Agent[]): Promise<number>;
  /** Works on the database behind the program's back. */
  sql(text: string): Record<string, unknown>[];
  state(id: number, agent: Agent): unknown;
  cursor(agent: Agent): unknown;
}

function room(): Room {
  const dir = tempDir();
  const env = plainEnv(dir.path);
  const sql = (text: string) => {
    using db = new Database(join(dir.path, ".hcom/hcom.db"));
    return db.query<Record<string, unknown>, []>(text).all();
  };
  return {
    env,
    path: dir.path,
    sql,
    async join(session) {
      const inside = { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session };
      const transcript = join(dir.path, `${session}.jsonl`);
      writeFileSync(transcript, "");
      const hook = (name: string, sh = '"$@"') =>
        hcom(inside, [name], {
          prefix: ["/bin/sh", "-c", sh, "sh"],
          stdin: JSON.stringify({
            session_id: session,
            transcript_path: transcript,
            cwd: dir.path,
            hook_event_name: "PostToolBatch",
            prompt: "go on",
            tool_name: "Bash",
            tool_input: { command: "true" },
            tool_response: { stdout: "" },
          }),
        });
      // `start` refuses a session that had no hooks when it began.
      await hcom(env, ["hooks", "add", "claude"]);
      const started = await hcom(inside, ["start", "--json"]);
      const name = asText(asObject(parseJson(started.out))["name"]);
      if (name === undefined) throw new Error(`no start: ${started.out}${started.err}`);
      // The next hooks have nothing but mail to say.
      await hook("sessionstart");
      return { name, hook };
    },
    async say(text, ...to) {
      const names = to.map((one) => `@${one.name}`);
      const sent = await hcom(env, ["send", ...names, "-b", "--go", "--json", "--", text]);
      const said = asObject(parseJson(sent.out));
      const id = said["id"] ?? said["event_id"];
      if (typeof id !== "number") throw new Error(`not sent: ${sent.out}${sent.err}`);
      return id;
    },
    state: (id, { name }) =>
      sql(`SELECT state FROM deliveries WHERE message_id = ${id} AND recipient = '${name}'`)[0]?.[
        "state"
      ],
    cursor: ({ name }) =>
      sql(`SELECT last_event_id FROM instances WHERE name = '${name}'`)[0]?.["last_event_id"],
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

test.concurrent("5: an event whose projection is refused is not in the log", async () => {
  using here = room();
  const agent = await here.join("s1");
  const before = here.sql("SELECT * FROM events");
  here.sql(`CREATE TRIGGER refuse BEFORE INSERT ON deliveries
    BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`);
  const sent = await hcom(here.env, ["send", `@${agent.name}`, "-b", "--", "hello"]);
  expect(sent.code).not.toBe(0);
  expect(here.sql("SELECT * FROM events")).toEqual(before);
});

test.concurrent("5: a status that its row refuses is not in the log", async () => {
  using here = room();
  const agent = await here.join("s1");
  const before = here.sql("SELECT * FROM events");
  here.sql(`CREATE TRIGGER refuse BEFORE UPDATE OF status ON instances
    BEGIN SELECT RAISE(ABORT, 'refused by the test'); END`);
  expect(await agent.hook("userpromptsubmit")).toMatchObject({ out: "", code: 0 });
  expect(here.sql("SELECT * FROM events")).toEqual(before);
});

test.concurrent("6: a listener that hears no wake gets its message all the same", async () => {
  using here = room();
  const agent = await here.join("s1");
  const inside = { ...here.env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s1" };
  const listening = hcom(inside, ["listen", "--timeout", "15", "--json"]);
  const endpoints = () => here.sql("SELECT * FROM notify_endpoints");
  await until(() => here.sql("SELECT 1 FROM instances WHERE status = 'listening'").length > 0, {
    timeoutMs: 10_000,
    what: "the listener",
  });
  // Whoever is told nothing: no endpoint, no bell, and a writer that is not ours.
  here.sql("DELETE FROM notify_endpoints");
  rmSync(join(here.path, ".hcom/.tmp/bells"), { recursive: true, force: true });
  const id = await here.say("are you there", agent);
  expect((await listening).out).toContain("are you there");
  expect(here.state(id, agent)).not.toBe("stored");
  expect(endpoints()).toEqual([]);
});

test.concurrent("7: what stands in the log is never changed", async () => {
  using here = room();
  const [luna, nova] = [await here.join("s1"), await here.join("s2")];
  const first = await here.say("one", luna, nova);
  await luna.hook("batch");
  const before = here.sql("SELECT * FROM events ORDER BY id");
  const inside = { ...here.env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s1" };
  const reply = ["--intent", "ack", "--reply-to", `${first}`, "--", "two"];
  expect((await hcom(inside, ["send", `@${nova.name}`, ...reply])).code).toBe(0);
  await nova.hook("userpromptsubmit");
  await nova.hook("poll");
  await nova.hook("sessionend");
  await hcom(here.env, ["stop", luna.name]);
  await hcom(here.env, ["list"]);
  const after = here.sql("SELECT * FROM events ORDER BY id");
  expect(after.length).toBeGreaterThan(before.length);
  expect(after.slice(0, before.length)).toEqual(before);
});

for (const [what, sh] of [
  ["is full", '"$@" >/dev/full'],
  ["is closed", '"$@" >&-'],
  ["has no reader", '"$@" 2>/dev/null | true'],
] as const) {
  for (const hook of ["userpromptsubmit", "batch", "poll"]) {
    test.concurrent(`8, 9: ${hook} whose output ${what} hands nothing over`, async () => {
      using here = room();
      const agent = await here.join("s1");
      const id = await here.say("hello", agent);
      const cursor = here.cursor(agent);
      const run = await agent.hook(hook, sh);
      expect(run.code).toBe(0);
      expect(here.state(id, agent)).toBe("offered");
      expect(here.cursor(agent)).toBe(cursor);
      // Nothing of it was seen: the next one says it.
      await until(async () => (await agent.hook("batch")).out.includes("hello"), {
        timeoutMs: 10_000,
        what: "the message",
      });
      expect(here.state(id, agent)).toBe("handed");
    });
  }
}

test.concurrent("10: a session without a row has no mail, also no old mail", async () => {
  using here = room();
  const agent = await here.join("s1");
  await here.say("secret of luna", agent);
  here.sql(`DELETE FROM instances WHERE name = '${agent.name}'`);
  for (const hook of ["userpromptsubmit", "post", "batch", "poll"]) {
    expect((await agent.hook(hook)).out).not.toContain("secret");
  }
  const inside = { ...here.env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s1" };
  expect((await hcom(inside, ["list", "--json"])).out).not.toContain("secret");
});

test.concurrent("the cursor does not pass mail that did not fit", async () => {
  using here = room();
  const agent = await here.join("s1");
  // Two of these do not fit into one answer.
  const long = (word: string) => `${word} ${"x".repeat(6000)}`;
  const ids = [];
  for (const word of ["alpha", "beta", "gamma"]) ids.push(await here.say(long(word), agent));
  // The last one was handed over elsewhere before.
  const last = `message_id = ${ids[2]}`;
  here.sql(`UPDATE deliveries SET state = 'in_context' WHERE ${last}`);
  const heard: string[] = [];
  for (let n = 0; n < 4; n++) heard.push((await agent.hook("batch")).out);
  const said = (word: string) => heard.filter((out) => out.includes(`${word} xxx`)).length;
  expect([said("alpha"), said("beta"), said("gamma")]).toEqual([1, 1, 0]);
});

test.concurrent("9: mail that stands beside an output which is closed comes once", async () => {
  using here = room();
  await hcom(here.env, ["start", "--as", "luna"]);
  await hcom(here.env, ["send", "@luna", "--from", "ci", "--", "beside-it"]);
  const ask = ["list", "--name", "luna"];
  const first = await hcom(here.env, ask, { prefix: ["sh", "-c", '"$@" >&-', "sh"] });
  expect(first.err).toContain("beside-it");
  expect((await hcom(here.env, ask)).err).not.toContain("beside-it");
});

test.concurrent("9: a closed output is a failed one", async () => {
  using here = room();
  await hcom(here.env, ["start", "--as", "luna"]);
  const closed = { prefix: ["sh", "-c", '"$@" >&-', "sh"] };
  for (const words of ["list", "events", "status", "start --json"]) {
    const run = await hcom(here.env, words.split(" "), closed);
    expect([words, run.code, run.err]).toEqual([words, 1, expect.stringContaining("is closed")]);
  }
});
