// Where the benchmarks work: a folder of their own with a copy of the built program, so that a
// build that runs meanwhile changes nothing, and rooms, each with its own home and database.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, openBus } from "../src/bus/bus.ts";
import { start } from "../src/bus/life/start.ts";
import { realSystem, type System } from "../src/sys/system.ts";

const programs = ["hcom", "acomm", "agentic-comm-mcp"] as const;
type Program = (typeof programs)[number];

export interface Lab extends Disposable {
  folder: string;
  /** Words that start the built program, as src/sys/program.ts gives them to hooks and wrappers. */
  program: readonly string[];
  dist: string;
  /** What agents call: the launcher of the package. */
  launcher(name?: Program): string;
  isSmoke: boolean;
  /** An empty program for the same Bun, with the same flags. */
  emptyProgram: readonly string[];
  room(name: string): Room;
}

export interface Room {
  folder: string;
  env: Readonly<Record<string, string>>;
  openBus(env?: Readonly<Record<string, string>>): Bus;
}

export function openLab(isSmoke: boolean): Lab {
  const root = join(import.meta.dir, "..");
  if (!existsSync(join(root, "dist", "main.js")))
    throw new Error("there is no build: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "hcom-bench-"));
  // As npm lays out a global install: the launcher finds everything without a fork.
  const packageDir = join(folder, "lib", "node_modules", "hcom");
  for (const part of ["dist", "bin", "package.json"]) {
    cpSync(join(root, part), join(packageDir, part), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(packageDir, "node_modules"));
  mkdirSync(join(folder, "bin"));
  for (const name of programs)
    symlinkSync(join(packageDir, "bin", "hcom"), join(folder, "bin", name));
  const empty = join(folder, "empty.js");
  writeFileSync(empty, "");
  const flags = ["--no-env-file", "--config=/dev/null", "--no-install"];
  const bun = [process.execPath, ...flags, "--tsconfig-override=/dev/null"];
  return {
    folder,
    program: [...bun, join(packageDir, "dist", "main.js")],
    dist: join(packageDir, "dist"),
    launcher: (name = "hcom") => join(folder, "bin", name),
    isSmoke,
    emptyProgram: [...bun, empty],
    room: (name) => openRoom(join(folder, name)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function openRoom(folder: string): Room {
  mkdirSync(folder, { recursive: true });
  const env = { HOME: folder, HCOM_DIR: join(folder, ".hcom"), PATH: "/usr/bin:/bin" };
  return {
    folder,
    env,
    openBus: (more = {}) => openBus(systemOf(folder, { ...env, ...more }), { writer: "bench" }),
  };
}

function systemOf(folder: string, env: System["env"]): System {
  return { ...realSystem(), env, home: folder, cwd: folder };
}

/** An agent that has started by itself inside a session of Claude Code. */
export interface Agent {
  name: string;
  session: string;
  /** What its hooks and commands have in their environment. */
  env: Readonly<Record<string, string>>;
}

export function joinAs(room: Room, name: string): Agent {
  const session = crypto.randomUUID();
  const env = {
    ...room.env,
    CLAUDECODE: "1",
    CLAUDE_CODE_SESSION_ID: session,
    HCOM_PROCESS_ID: crypto.randomUUID(),
  };
  using bus = room.openBus(env);
  start(bus, { tool: "claude", as: name });
  return { name, session, env };
}
