// A place in which `hcom claude` starts the fake agent: its own home and configuration, and a
// program named `claude` in front of everything else on PATH.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shellJoin } from "../../../src/tools/shell-quote.ts";
import type { Rule } from "./script.ts";
import type { Heard } from "./transcript.ts";

export interface FakeAgentOptions {
  /** The folder to live in. Short: with an inbox a socket lies in it. */
  dir: string;
  /** Publish an inbox socket, as 2.1.329 does. */
  withInbox: boolean;
  /**
   * What `--version` prints. From 2.1.216 on it publishes its status and has the bell; with an
   * older one and without inbox only typing reaches it.
   */
  version: string;
  /** `<dir>/.hcom` without; agents that are to meet share one. */
  hcomDir?: string;
  rules?: readonly Rule[];
  env?: Readonly<Record<string, string>>;
}

export interface FakeAgent {
  /** The complete environment of `hcom claude`: of the test's own only PATH leaks in. */
  env: Record<string, string>;
  cwd: string;
  configDir: string;
  hcomDir: string;
  /** Everything that reached its context, oldest first. */
  context(): Heard[];
}

/** Versions that stand for a way to be reached. */
export const fakeVersions = { inbox: "2.1.329", bell: "2.1.216", typing: "2.1.100" } as const;

export function prepareFakeAgent(options: FakeAgentOptions): FakeAgent {
  const { dir } = options;
  const cwd = join(dir, "project");
  const configDir = join(dir, "claude");
  const bin = join(dir, "programs");
  const record = join(dir, "context.jsonl");
  const hcomDir = options.hcomDir ?? join(dir, ".hcom");
  for (const folder of [cwd, configDir, bin]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(bin, "claude"), launcher(), { mode: 0o755 });
  const env: Record<string, string> = {
    HOME: dir,
    HCOM_DIR: hcomDir,
    CLAUDE_CONFIG_DIR: configDir,
    PATH: `${bin}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    FAKE_AGENT_VERSION: options.version,
    FAKE_AGENT_RECORD: record,
    FAKE_AGENT_RULES: JSON.stringify(options.rules ?? []),
    ...(options.withInbox ? { FAKE_AGENT_SOCKET_DIR: dir } : {}),
    ...options.env,
  };
  return { env, cwd, configDir, hcomDir, context: () => readRecord(record) };
}

function launcher(): string {
  const program = [
    process.execPath,
    "--no-env-file",
    "--config=/dev/null",
    "--no-install",
    fileURLToPath(import.meta.resolve("./agent.ts")),
    // Bun 1.4 drops a `--` that comes first.
    "claude",
  ];
  return `#!/bin/sh\nexec ${shellJoin(program)} "$@"\n`;
}

function readRecord(path: string): Heard[] {
  if (!existsSync(path)) return [];
  // The last line may be half written.
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line): Heard => JSON.parse(line));
}
