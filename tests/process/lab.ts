// What the process tests stand on: the program as users start it (`bin/hcom`, which takes the built
// one when there is one), and fake agents that it wraps on a terminal.
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Bus, openBus } from "../../src/bus/bus.ts";
import { agentOf } from "../../src/bus/life/list.ts";
import { traceMessage } from "../../src/bus/mail/trace.ts";
import { asObject, parseJson } from "../../src/core/json.ts";
import { deliveredIds } from "../../src/core/mail/envelope.ts";
import { type Child, spawnChild } from "../../src/pty/child.ts";
import { openScreen } from "../../src/pty/screen.ts";
import { getInstance, listInstances } from "../../src/store/instances.ts";
import { realSystem } from "../../src/sys/system.ts";
import { screen as reader } from "../../src/tools/claude/screen.ts";
import { type FakeAgent, fakeVersions, prepareFakeAgent } from "../kit/fake-agent/prepare.ts";
import type { Heard } from "../kit/fake-agent/transcript.ts";
import { killTree } from "../kit/processes.ts";
import { scratch } from "../kit/scratch.ts";
import { until } from "../kit/until.ts";
import { launcher } from "./programs.ts";

export type Env = Record<string, string>;

export interface Run {
  out: string;
  err: string;
  code: number;
}

/** A folder that is gone after the test; short, for sockets. `at`: where it must be. */
export function tempDir(at?: string): { path: string } & Disposable {
  const path = realpathSync(at === undefined ? scratch("hp-") : mkdtempSync(`${at}/hp-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The environment of a human at a shell, with everything below `dir`. */
export function plainEnv(dir: string): Env {
  return { HOME: dir, HCOM_DIR: join(dir, ".hcom"), PATH: process.env["PATH"] ?? "" };
}

export async function hcom(
  env: Env,
  args: readonly string[],
  options: {
    cwd?: string;
    stdin?: string | Uint8Array<ArrayBuffer>;
    prefix?: readonly string[];
  } = {},
): Promise<Run> {
  const child = Bun.spawn([...(options.prefix ?? []), "sh", launcher, ...args], {
    env,
    cwd: options.cwd ?? env["HOME"] ?? "/",
    stdin: options.stdin === undefined ? "ignore" : new Blob([options.stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

/** The log of a test's own eyes: what the tests look at, they read in-process. */
export function openLog(env: Env): Bus {
  const system = { ...realSystem(), env, home: env["HOME"] ?? "/", log: () => {} };
  return openBus(system, { writer: "test" });
}

export interface Wrapped extends AsyncDisposable {
  name: string;
  bus: Bus;
  agent: FakeAgent;
  child: Child;
  hcom(...args: string[]): Promise<Run>;
  /** Sends as the human; the message's id. */
  send(text: string): Promise<number>;
  /** Types, waits until it stands in the box, and presses Enter. */
  submit(text: string): Promise<void>;
  type(text: string): Promise<void>;
  press(keys: string): void;
  /** What stands in the box; null while there is none. */
  draft(): string | null;
  screen(): string;
  /** As `hcom list` shows it; nothing of it once it has left. */
  status(): { status: string | undefined; context: string | undefined };
  /** How often each of these messages stands in its context. */
  times(ids: readonly number[]): number[];
  /** Prompts that started a turn or joined one. */
  prompts(): Heard[];
  via(id: number): string | null;
  arrives(id: number): Promise<void>;
  dump(): Promise<string>;
}

export type Reach = keyof typeof fakeVersions;

/** A fake agent under `hcom claude`, ready and idle. `reach`: the best rung that it offers. */
export async function wrapAgent(
  dir: string,
  reach: Reach,
  args: readonly string[] = [],
): Promise<Wrapped> {
  const version = fakeVersions[reach];
  const agent = prepareFakeAgent({ dir, withInbox: reach === "inbox", version });
  const terminal = await openScreen({ cols: 100, rows: 30, onChange() {} });
  const child = spawnChild({
    argv: ["sh", launcher, "claude", ...args],
    env: agent.env,
    directory: agent.cwd,
    cols: 100,
    rows: 30,
    onData: (bytes) => terminal.feed(bytes),
  });
  const screen = () =>
    terminal
      .rows()
      .map((row) => row.text.trimEnd())
      .filter((line) => line !== "")
      .join("\n");
  const run = (...args: string[]) => hcom(agent.env, args);
  const bus = openLog(agent.env);
  const name = await until(
    () => listInstances(bus.db).find((row) => row.session_id !== null)?.name,
    { timeoutMs: 20_000, what: "the agent's session", dump: screen },
  );
  const wrapped: Wrapped = {
    name,
    bus,
    agent,
    child,
    screen,
    hcom: run,
    draft: () => reader.input(terminal.rows()),
    press: (keys) => child.write(keys),
    async send(text) {
      const sent = await run("send", `@${name}`, "-b", "--json", "--", text);
      const id = asObject(parseJson(sent.out))["id"];
      if (typeof id !== "number") throw new Error(`not sent: ${sent.out}${sent.err}`);
      return id;
    },
    async type(text) {
      child.write(text);
      const bare = (line: string) => line.replace(/\s+/g, "");
      await until(() => bare(wrapped.draft() ?? "").endsWith(bare(text)), {
        timeoutMs: 5000,
        what: `the box to show ${text}`,
        dump: screen,
      });
    },
    async submit(text) {
      await wrapped.type(text);
      child.write("\r");
    },
    status() {
      const row = getInstance(bus.db, name);
      const found = row === undefined ? undefined : agentOf(bus, row);
      return { status: found?.computed.status, context: found?.row.status_context };
    },
    times(ids) {
      const found = agent.context().flatMap((one) => deliveredIds(one.text, ids, name));
      return ids.map((id) => found.filter((one) => one === id).length);
    },
    prompts: () =>
      agent.context().filter((one) => !one.origin.startsWith("hook:") && one.origin !== "result"),
    via: (id) => traceMessage(bus, id).deliveries[0]?.via ?? null,
    async arrives(id) {
      await until(() => wrapped.times([id])[0] === 1, {
        timeoutMs: 15_000,
        what: `#${id} in the context of ${name}`,
        dump: wrapped.dump,
      });
    },
    async dump() {
      const logs = await Promise.all([run("list", "-v"), run("events", "--last", "15")]);
      return [screen(), ...logs.map((one) => one.out)].join("\n---\n");
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await Promise.race([child.exited, Bun.sleep(3000)]);
      killTree(child.pid);
      bus[Symbol.dispose]();
    },
  };
  await until(() => wrapped.status().status === "listening", {
    timeoutMs: 20_000,
    what: "the agent to be idle",
    dump: screen,
  });
  return wrapped;
}
