// A wrapped fake agent for tests: an outer terminal, the wrapper as a process in it, its log.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { prepareInstance } from "../../bus/agents/prepare-instance.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { asObject, asText, parseJson } from "../../core/json.ts";
import { type Child, spawnChild } from "../../pty/child.ts";
import { openScreen, type Screen } from "../../pty/screen.ts";
import { getInstance } from "../../store/instances.ts";
import { realSystem } from "../../sys/system.ts";

export interface Wrapped extends AsyncDisposable {
  bus: Bus;
  name: string;
  child: Child;
  screen: Screen;
  /** All bytes that reached the human's terminal. */
  output(): string;
  /** What the fake program noted. */
  notes(): string[];
  controlSocket(): string | undefined;
  folder: string;
}

export async function wrapFake(extra: Record<string, string> = {}): Promise<Wrapped> {
  const folder = mkdtempSync(`${tmpdir()}/hcw-`);
  const log = `${folder}/log`;
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, TERM: "xterm-256color" };
  const system = { ...realSystem(), env: { ...env, HCOM_DIR: `${folder}/h` }, home: folder };
  const bus = openBus(system, { writer: "test" });
  const { row, processId } = prepareInstance(bus, {
    tool: "fake",
    tag: null,
    directory: folder,
    by: "test",
    isHeadless: false,
    launchArgs: [],
    isAnnounced: false,
  });
  const screen = await openScreen({ cols: 60, rows: 12, onChange() {} });
  const chunks: Uint8Array[] = [];
  const child = spawnChild({
    argv: [process.execPath, `${import.meta.dir}/wrap.ts`],
    env: {
      ...system.env,
      FAKE_LOG: log,
      FAKE_NAME: row.name,
      FAKE_PROCESS_ID: processId,
      ...extra,
    },
    directory: folder,
    cols: 60,
    rows: 12,
    onData(bytes) {
      chunks.push(bytes);
      screen.feed(bytes);
    },
  });
  return {
    bus,
    name: row.name,
    child,
    screen,
    folder,
    output: () => Buffer.concat(chunks).toString("utf8"),
    notes: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
    controlSocket() {
      const context = getInstance(bus.db, row.name)?.launch_context ?? "";
      return asText(asObject(parseJson(context))["control_socket"]);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      bus[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition, and says what it was when it never comes. */
export async function until(what: string, isDone: () => boolean, limitMs = 10_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`);
    await Bun.sleep(10);
  }
}
