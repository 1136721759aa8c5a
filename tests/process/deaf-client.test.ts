// Clients that never read what we say: a hook ends in its time and has handed nothing over; who may
// wait (a person's pager does) holds nobody else up, and ends when it is told to or nobody is left.
import { expect, test } from "bun:test";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { asObject, parseJson } from "../../src/core/json.ts";
import { isAsleep } from "../kit/processes.ts";
import { staysTrue, until } from "../kit/until.ts";
import { type Env, hcom, plainEnv, tempDir } from "./lab.ts";
import { launcher } from "./programs.ts";

/** Whoever is held up, is for half a minute; a slow machine takes less to start a few programs. */
const heldMs = 20_000;

interface Place extends Disposable {
  path: string;
  env: Env;
}

function place(): Place {
  const dir = tempDir();
  return { path: dir.path, env: plainEnv(dir.path), [Symbol.dispose]: () => dir[Symbol.dispose]() };
}

/** A pipe that is full to the brim; one end is for a child, the other reads or goes away. */
function fullPipe(dir: string) {
  const path = `${dir}/pipe-${Math.random()}`;
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

function deaf(at: Place, args: readonly string[], stdin: string | undefined, extra: Env = {}) {
  const pipe = fullPipe(at.path);
  const started = performance.now();
  const child = Bun.spawn(["sh", launcher, ...args], {
    env: { ...at.env, ...extra },
    cwd: at.path,
    stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
    stdout: pipe.writer,
    stderr: "ignore",
  });
  closeSync(pipe.writer);
  const took = child.exited.then(() => performance.now() - started);
  return { child, took, ...pipe };
}

/** For good, as far as it is concerned: what it does on the way takes it less than six looks. */
async function waits(child: Bun.Subprocess): Promise<void> {
  let looks = 0;
  const isWaiting = () => {
    looks = isAsleep(child.pid) ? looks + 1 : 0;
    return looks > 5;
  };
  await until(isWaiting, { timeoutMs: 20_000, what: "a program that waits" });
}

/** It is no use to anybody, and yet there. */
async function isStillThere(child: Bun.Subprocess, forMs: number): Promise<void> {
  await staysTrue(forMs, () => child.exitCode === null, "a program without a reader");
}

async function others({ env }: Place, to: string): Promise<void> {
  const start = performance.now();
  const sent = await hcom(env, ["send", `@${to}`, "--from", "ci", "--json", "--", "meanwhile"]);
  expect(asObject(parseJson(sent.out))["id"]).toBeNumber();
  expect((await hcom(env, ["list"])).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(heldMs);
}

async function joined({ env }: Place, session: string): Promise<{ name: string; inside: Env }> {
  const inside = { ...env, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: session };
  await hcom(env, ["hooks", "add", "claude"]);
  const started = await hcom(inside, ["start", "--json"]);
  return { name: String(asObject(parseJson(started.out))["name"]), inside };
}

test.concurrent("a hook ends in its time, what it could not say comes with the next", async () => {
  using at = place();
  const { env } = at;
  const { name, inside } = await joined(at, "s1");
  const payload = (hook: string) =>
    JSON.stringify({ session_id: "s1", cwd: at.path, hook_event_name: hook, prompt: "go on" });
  await hcom(inside, ["sessionstart"], { stdin: payload("SessionStart") });
  await hcom(env, ["send", `@${name}`, "--from", "ci", "--", "important"]);
  for (const hook of ["post", "userpromptsubmit"]) {
    const { child, took } = deaf(at, [hook], payload("UserPromptSubmit"), inside);
    expect(await took).toBeLessThan(heldMs);
    expect(child.exitCode).toBe(0);
  }
  await others(at, name);
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
  test.concurrent(`${args[0]} waits for its reader, holds nobody up, ends when told`, async () => {
    using at = place();
    const { env } = at;
    const started = await hcom(env, ["start", "--json"]);
    const name = String(asObject(parseJson(started.out))["name"]);
    const own = args[0] === "listen" ? [...args, "--name", name] : args;
    const { child } = deaf(at, own, undefined);
    await waits(child);
    await others(at, name);
    await hcom(env, ["send", "@bigboss", "--from", "ci", "--", "to the person"]);
    await isStillThere(child, 700);
    await others(at, name);
    child.kill("SIGTERM");
    await until(() => child.exitCode !== null || child.signalCode !== null, {
      timeoutMs: 5000,
      what: "it to end",
    }).finally(() => child.kill("SIGKILL"));
    const start = performance.now();
    const again = await hcom(env, ["listen", "--timeout", "20", "--name", name]);
    expect(performance.now() - start).toBeLessThan(heldMs);
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

test.concurrent("the MCP server waits for its reader and ends when nobody is left", async () => {
  using at = place();
  const { env } = at;
  const started = await hcom(env, ["start", "--json"]);
  const name = String(asObject(parseJson(started.out))["name"]);
  const list = { jsonrpc: "2.0", method: "tools/list" };
  const calls = Array.from({ length: 50 }, (_, id) => ({ ...list, id: id + 1 }));
  const stdin = [initialize, ...calls].map((one) => `${JSON.stringify(one)}\n`).join("");
  const { child, hangUp } = deaf(at, ["mcp"], stdin);
  await isStillThere(child, 1000);
  await others(at, name);
  hangUp();
  await until(() => child.exitCode !== null || child.signalCode !== null, {
    timeoutMs: 5000,
    what: "the server to end",
  }).finally(() => child.kill("SIGKILL"));
}, 60_000);

test.concurrent("acomm rpc waits for its reader, others use the document meanwhile", async () => {
  using at = place();
  const { env } = at;
  const file = `${at.path}/shared.acomm`;
  const add = (text: string) => hcom(env, ["--program=acomm", "add", file, "text", text]);
  expect((await add("first")).code).toBe(0);
  const open = { jsonrpc: "2.0", id: 1, method: "open", params: { path: file } };
  const calls = Array.from({ length: 50 }, (_, id) => ({ ...open, id: id + 2 }));
  const stdin = [open, ...calls].map((one) => `${JSON.stringify(one)}\n`).join("");
  const { child, hangUp } = deaf(at, ["--program=acomm", "rpc"], stdin);
  await isStillThere(child, 1000);
  expect((await add("second")).code).toBe(0);
  hangUp();
  await until(() => child.exitCode !== null || child.signalCode !== null, {
    timeoutMs: 5000,
    what: "it to end",
  }).finally(() => child.kill("SIGKILL"));
}, 60_000);
