// Clients that never read what we say: a hook ends in its time and has handed nothing over; who may
// wait (a person's pager does) holds nobody else up, and ends when it is told to or nobody is left.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { asObject, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { type Env, hcom, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

let dir: ReturnType<typeof tempDir>;
let env: Env;
beforeEach(() => {
  dir = tempDir();
  env = plainEnv(dir.path);
});
afterEach(() => dir[Symbol.dispose]());

/** A pipe that is full to the brim; one end is for a child, the other reads or goes away. */
function fullPipe() {
  const path = `${dir.path}/pipe-${Math.random()}`;
  Bun.spawnSync(["mkfifo", path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const filler = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  for (const size of [4096, 1]) {
    try {
      for (;;) writeSync(filler, new Uint8Array(size));
    } catch {
      // Full.
    }
  }
  closeSync(filler);
  return {
    writer,
    hangUp: () => closeSync(reader),
    read: () => readSync(reader, new Uint8Array(65536)),
  };
}

function deaf(args: readonly string[], stdin: string | undefined, extra: Env = {}) {
  const pipe = fullPipe();
  const started = performance.now();
  const child = Bun.spawn(["sh", launcher, ...args], {
    env: { ...env, ...extra },
    cwd: dir.path,
    stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
    stdout: pipe.writer,
    stderr: "ignore",
  });
  closeSync(pipe.writer);
  const took = child.exited.then(() => performance.now() - started);
  return { child, took, ...pipe };
}

async function others(to: string): Promise<void> {
  const start = performance.now();
  const sent = await hcom(env, ["send", `@${to}`, "--from", "ci", "--json", "--", "meanwhile"]);
  expect(asObject(parseJson(sent.out))["id"]).toBeNumber();
  expect((await hcom(env, ["list"])).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(8000);
}

async function joined(session: string): Promise<{ name: string; inside: Env }> {
  const inside = { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session };
  await hcom(env, ["hooks", "add", "claude"]);
  const started = await hcom(inside, ["start", "--json"]);
  return { name: String(asObject(parseJson(started.out))["name"]), inside };
}

test("a hook ends in its time, and what it could not say comes with the next one", async () => {
  const { name, inside } = await joined("s1");
  const payload = (hook: string) =>
    JSON.stringify({ session_id: "s1", cwd: dir.path, hook_event_name: hook, prompt: "go on" });
  await hcom(inside, ["sessionstart"], { stdin: payload("SessionStart") });
  await hcom(env, ["send", `@${name}`, "--from", "ci", "--", "important"]);
  for (const hook of ["post", "userpromptsubmit"]) {
    const { child, took } = deaf([hook], payload("UserPromptSubmit"), inside);
    expect(await took).toBeLessThan(6000);
    expect(child.exitCode).toBe(0);
  }
  await others(name);
  const heard = async () =>
    (await hcom(inside, ["userpromptsubmit"], { stdin: payload("UserPromptSubmit") })).out;
  await until(async () => (await heard()).includes("important"), {
    timeoutMs: 30_000,
    what: "the message to be said again",
  });
}, 60_000);

for (const args of [
  ["listen", "--timeout", "30"],
  ["events", "--wait", "30"],
  ["inbox", "--watch"],
]) {
  test(`${args[0]} waits for its reader, holds nobody up, and ends on a signal`, async () => {
    const started = await hcom(env, ["start", "--json"]);
    const name = String(asObject(parseJson(started.out))["name"]);
    const own = args[0] === "listen" ? [...args, "--name", name] : args;
    const { child } = deaf(own, undefined);
    await Bun.sleep(500);
    await others(name);
    await hcom(env, ["send", "@bigboss", "--from", "ci", "--", "to the person"]);
    await Bun.sleep(700);
    expect(child.exitCode).toBeNull();
    await others(name);
    child.kill("SIGTERM");
    await until(() => child.exitCode !== null || child.signalCode !== null, {
      timeoutMs: 5000,
      what: "it to end",
    }).finally(() => child.kill("SIGKILL"));
    const start = performance.now();
    const again = await hcom(env, ["listen", "--timeout", "20", "--name", name]);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(again.out).toContain("meanwhile");
  }, 60_000);
}

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "deaf", version: "1" },
  },
};

test("the MCP server waits for its reader and ends when nobody is left", async () => {
  const started = await hcom(env, ["start", "--json"]);
  const name = String(asObject(parseJson(started.out))["name"]);
  const list = { jsonrpc: "2.0", method: "tools/list" };
  const calls = Array.from({ length: 50 }, (_, id) => ({ ...list, id: id + 1 }));
  const stdin = [initialize, ...calls].map((one) => `${JSON.stringify(one)}\n`).join("");
  const { child, hangUp } = deaf(["mcp"], stdin);
  await Bun.sleep(1000);
  expect(child.exitCode).toBeNull();
  await others(name);
  hangUp();
  await until(() => child.exitCode !== null || child.signalCode !== null, {
    timeoutMs: 5000,
    what: "the server to end",
  }).finally(() => child.kill("SIGKILL"));
}, 60_000);

test("acomm rpc waits for its reader, and others use the document meanwhile", async () => {
  const file = `${dir.path}/shared.acomm`;
  const add = (text: string) => hcom(env, ["--program=acomm", "add", file, "text", text]);
  expect((await add("first")).code).toBe(0);
  const open = { jsonrpc: "2.0", id: 1, method: "open", params: { path: file } };
  const calls = Array.from({ length: 50 }, (_, id) => ({ ...open, id: id + 2 }));
  const stdin = [open, ...calls].map((one) => `${JSON.stringify(one)}\n`).join("");
  const { child, hangUp } = deaf(["--program=acomm", "rpc"], stdin);
  await Bun.sleep(1000);
  expect(child.exitCode).toBeNull();
  expect((await add("second")).code).toBe(0);
  hangUp();
  await until(() => child.exitCode !== null || child.signalCode !== null, {
    timeoutMs: 5000,
    what: "it to end",
  }).finally(() => child.kill("SIGKILL"));
}, 60_000);
