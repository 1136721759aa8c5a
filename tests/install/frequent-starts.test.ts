// What agents start all the time loads no module of the runtime but SQLite: `node:fs` alone costs a
// start more than a millisecond (`sys/fs.ts`), and it comes in with one careless call.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { stirAll } from "../../src/bus/gate.ts";
import { start } from "../../src/bus/life/start.ts";
import { send } from "../../src/bus/mail/send.ts";
import { gateFolder, quietFile } from "../../src/core/hook-gate.ts";
import { realSystem } from "../../src/sys/system.ts";

const dist = join(import.meta.dir, "../../dist");
const home = mkdtempSync(join(tmpdir(), "hcom-starts-"));
const spy = join(home, "spy.js");
const payload = join(home, "payload.json");
const plain = { HOME: home, HCOM_DIR: join(home, ".hcom") };
const luna = { ...plain, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s-1" };
const nova = { ...plain, CLAUDECODE: "1", CLAUDE_CODE_SESSION_ID: "s-2" };
let bus: Bus;

function take(env: Record<string, string>, as: string): void {
  using own = openBus({ ...realSystem(), env, home, cwd: home });
  start(own, { tool: "claude", as });
}

function mail(): void {
  send(bus, { sender: { kind: "external", name: "x" }, targets: ["luna"], text: "hello" });
}

beforeAll(() => {
  // Told on standard error: a hook's output is its answer.
  writeFileSync(
    spy,
    `const get = process.getBuiltinModule.bind(process);
process.getBuiltinModule = (name) => {
  require("node:fs").writeSync(2, "loaded " + name + "\\n");
  return get(name);
};`,
  );
  const told = { session_id: "s-1", cwd: home, transcript_path: join(home, "none.jsonl") };
  writeFileSync(payload, JSON.stringify({ ...told, tool_name: "Bash", tool_input: {} }));
  bus = openBus({ ...realSystem(), env: plain, home, cwd: home });
  take(luna, "luna");
  take(nova, "nova");
});

afterAll(() => {
  bus[Symbol.dispose]();
  rmSync(home, { recursive: true, force: true });
});

/** What it said on both its outputs. */
function run(bundle: string, words: readonly string[], env: Record<string, string>) {
  const { stdout, stderr, exitCode } = Bun.spawnSync(
    [process.execPath, "--preload", spy, join(dist, bundle), ...words],
    { cwd: home, env, stdin: Bun.file(payload), stdout: "pipe", stderr: "pipe" },
  );
  return { out: stdout.toString(), err: stderr.toString(), exitCode };
}

const quiet = { err: "", exitCode: 0 };

test("the spy sees what is loaded", () => {
  expect(run("hcom.js", ["status"], plain).err).toContain("loaded node:fs\n");
});

test("commands", () => {
  for (const words of [["list"], ["events", "--last", "5"], ["--version"]]) {
    expect([words, run("hcom.js", words, nova)]).toMatchObject([words, quiet]);
  }
  // Somebody writes to one, and to all: the gates that their hooks look at are told.
  for (const words of [
    ["send", "@luna", "--", "one"],
    ["send", "--", "all"],
  ]) {
    expect([words, run("hcom.js", words, nova)]).toMatchObject([words, quiet]);
  }
});

test("hooks: with mail, without, and the one that keeps the next from starting", () => {
  run("main.js", ["batch"], luna);
  mail();
  expect(run("main.js", ["batch"], luna)).toMatchObject(quiet);
  stirAll(bus);
  expect(run("main.js", ["batch"], luna)).toEqual({ out: "", ...quiet });
  expect(Bun.file(join(home, ".hcom", gateFolder, quietFile("s-1"))).size).toBe(1);
  expect(run("main.js", ["pre"], luna)).toMatchObject(quiet);
});
