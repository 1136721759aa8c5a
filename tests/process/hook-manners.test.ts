// A hook never keeps its agent waiting, whatever it waits for itself, and hands nothing over that
// nobody heard.
import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { traceMessage } from "../../src/bus/mail/trace.ts";
import { realSystem } from "../../src/sys/system.ts";
import { shellJoin } from "../../src/tools/shell-quote.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, openLog, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

setDefaultTimeout(20_000);

interface Seat extends Disposable {
  env: Env;
  bus: Bus;
  name: string;
  send(text: string): Promise<number>;
  payload(event: string): string;
}

/** A session of Claude that takes part, as its hooks and commands see it. */
async function sit(dir: string): Promise<Seat> {
  const env: Env = { ...plainEnv(dir), CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s-1" };
  await hcom(env, ["hooks", "add", "claude"]);
  expect((await hcom(env, ["start"])).code).toBe(0);
  const bus = openLog(env);
  const name = (await hcom(env, ["list", "--names"])).out.trim();
  return {
    env,
    bus,
    name,
    async send(text) {
      const sent = await hcom(plainEnv(dir), ["send", `@${name}`, "-b", "--json", "--", text]);
      return Number(JSON.parse(sent.out).id);
    },
    payload: (event) =>
      JSON.stringify({ session_id: "s-1", cwd: "/", hook_event_name: event, prompt: "go" }),
    [Symbol.dispose]: () => bus[Symbol.dispose](),
  };
}

function stateOf(bus: Bus, id: number): string | undefined {
  return traceMessage(bus, id).deliveries[0]?.state;
}

test("a complete payload is answered although its pipe stays open", async () => {
  using dir = tempDir();
  using seat = await sit(dir.path);
  const id = await seat.send("through an open pipe");
  const child = Bun.spawn(["sh", launcher, "userpromptsubmit"], {
    env: seat.env,
    stdin: "pipe",
    stdout: "pipe",
  });
  child.stdin.write(seat.payload("UserPromptSubmit"));
  child.stdin.flush();
  const out = await Promise.race([new Response(child.stdout).text(), Bun.sleep(5000)]);
  child.stdin.end();
  await child.exited;
  expect(out).toContain("through an open pipe");
  expect(stateOf(seat.bus, id)).toBe("handed");
});

const limits: [hook: string, limitMs: number][] = [
  ["post", 300],
  ["post-failure", 300],
  ["codex-posttooluse", 300],
  ["sessionend", 1000],
  ["userpromptsubmit", 2000],
  ["poll", 2000],
];
/** For the start of a process. */
const startMs = 1200;

/** What waits by itself never is as fast as that; a loaded machine may need several tries. */
async function inTime(limitMs: number, what: string, work: () => Promise<void>): Promise<void> {
  const isFast = async () => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt < limitMs + startMs;
  };
  await until(isFast, { timeoutMs: 20_000, what: `${what} to end within ${limitMs} ms` });
}

test("behind a locked database a hook gives up in its own time", async () => {
  using dir = tempDir();
  using seat = await sit(dir.path);
  await seat.send("later");
  using holder = openBus(
    { ...realSystem(), env: seat.env, home: dir.path, log: () => {} },
    { writer: "holder" },
  );
  holder.db.exec("BEGIN EXCLUSIVE");
  for (const [hook, limitMs] of limits) {
    await inTime(limitMs, hook, async () => {
      const run = await hcom(seat.env, [hook], { stdin: seat.payload("x") });
      expect([hook, run]).toEqual([hook, { out: "", err: "", code: 0 }]);
    });
  }
  holder.db.exec("ROLLBACK");
  const log = readFileSync(join(dir.path, ".hcom/.tmp/logs/hcom.log"), "utf8");
  expect(log.match(/"hook_gave_up"/g)).toHaveLength(1);
}, 150_000);

test("a payload that never comes ends the hook in its own time", async () => {
  using dir = tempDir();
  using seat = await sit(dir.path);
  await inTime(1000, "the hook", async () => {
    const child = Bun.spawn(["sh", launcher, "sessionend"], { env: seat.env, stdin: "pipe" });
    child.stdin.write('{"session_id":');
    child.stdin.flush();
    expect(await child.exited).toBe(0);
  });
});

test("the end of a turn waits for nobody", async () => {
  using dir = tempDir();
  using seat = await sit(dir.path);
  await inTime(1000, "poll", async () => {
    const run = await hcom(seat.env, ["poll"], { stdin: seat.payload("Stop") });
    expect(run).toEqual({ out: "", err: "", code: 0 });
  });
});

const closed: [what: string, words: string[], redirect: string][] = [
  ["listen", ["listen", "1"], ">&-"],
  ["listen", ["listen", "1"], ">/dev/null"],
  ["a hook", ["userpromptsubmit"], ">&-"],
  ["own mail of send", ["send", "@bigboss", "--", "hi"], ">&-"],
];

for (const [what, words, redirect] of closed) {
  test.concurrent(`${what} with ${redirect} hands nothing over`, async () => {
    using dir = tempDir();
    using seat = await sit(dir.path);
    const id = await seat.send("not into the void");
    const line = `sh ${shellJoin([launcher, ...words])} ${redirect} 2>/dev/null`;
    const child = Bun.spawn(["sh", "-c", line], {
      env: seat.env,
      cwd: join(dir.path),
      stdin: new Blob([seat.payload("UserPromptSubmit")]),
    });
    await child.exited;
    expect(stateOf(seat.bus, id)).not.toBe("handed");
    expect((await hcom(seat.env, ["listen", "5"])).out).toContain("not into the void");
  });
}

test("mail comes behind a command until a hook has spoken, then by hooks; once", async () => {
  using dir = tempDir();
  using seat = await sit(dir.path);
  const listed = async (env: Env, ...words: string[]) => {
    const { out, err } = await hcom(env, ["list", ...words]);
    return out + err;
  };
  const hook = async (event: string, word: string) => {
    const action = { tool_name: "Bash", tool_input: { command: "ls" }, tool_response: {} };
    const stdin = JSON.stringify({ ...JSON.parse(seat.payload(event)), ...action });
    return (await hcom(seat.env, [word], { stdin })).out;
  };
  const silent = await seat.send("to one without hooks");
  // A person who takes its name is not the agent, and a quiet receipt is only that.
  expect(await listed(plainEnv(dir.path), "--name", seat.name)).not.toContain("without hooks");
  await hcom(plainEnv(dir.path), ["send", "@bigboss", "--name", seat.name, "--", "hi"]);
  await hcom(seat.env, ["send", "@bigboss", "--quiet", "--", "hi"]);
  expect(stateOf(seat.bus, silent)).toBe("stored");
  expect((await listed(seat.env)).match(/to one without hooks/g)).toHaveLength(1);
  expect(stateOf(seat.bus, silent)).toBe("handed");
  expect(await hook("UserPromptSubmit", "userpromptsubmit")).not.toContain("without hooks");

  const heard = await seat.send("to one with hooks");
  expect(await listed(seat.env)).not.toContain("to one with hooks");
  expect(await hook("PostToolUse", "post")).toContain("to one with hooks");
  expect(await hook("PostToolUse", "post")).not.toContain("to one with hooks");
  expect(await listed(seat.env)).not.toContain("to one with hooks");
  expect(stateOf(seat.bus, heard)).toBe("handed");
});
