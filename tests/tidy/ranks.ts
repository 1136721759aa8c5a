// Imports point down, never sideways. The table is the one in ARCHITECTURE.md.
import type { Files } from "./files.ts";
import { partOf } from "./files.ts";
import type { Import } from "./imports.ts";
import { programImports, reachable } from "./imports.ts";

const low = ["core", "sys", "tools", "acomm", "config", "store"];
const middle = [...low, "pty", "bus"];
const lines = ["hooks", "delivery", "launch", "relay", "cli"];
const doors = ["acomm-cli", "mcp", "tui", "web", "api"];
const withoutStore = [...middle, ...lines].filter((part) => part !== "store");

/** Part of src/ -> the parts it may import, besides itself. */
const ranks: Readonly<Record<string, readonly string[]>> = {
  core: [],
  sys: ["core"],
  tools: ["core"],
  acomm: ["core"],
  config: ["core", "sys"],
  store: ["core", "sys"],
  pty: ["core", "sys"],
  bus: low,
  ...Object.fromEntries(lines.map((part) => [part, middle])),
  view: ["core", "cli"],
  ...Object.fromEntries(doors.map((part) => [part, withoutStore])),
  tui: [...withoutStore, "view"],
  commands: [...withoutStore, "view", ...doors],
  main: ["core", "sys", "tools", "hooks", "cli", "commands"],
  "main-hcom": ["core", "sys", "tools", "hooks", "commands"],
  "main-acomm": ["sys", "acomm-cli", "api"],
  "main-mcp": ["core", "sys", "cli", "mcp"],
  "main-script": ["sys"],
  "main-search": ["core", "sys", "bus"],
};

/** One for each program, what scripts get, and the library. */
const mains = ["src/main.ts", "src/main-hcom.ts", "src/main-acomm.ts", "src/main-mcp.ts"];
const programs = [...mains, "src/main-script.ts", "src/main-search.ts", "src/api/library.ts"];
const registry = "src/commands/index.ts";
const toolRegistry = ["src/tools/registered.ts", "src/tools/index.ts"];
const dispatcher = "src/commands/registry/dispatch.ts";
/** Not commands, though they are in their folder. */
const aboutCommands = [
  registry,
  dispatcher,
  ...["all", "docs"].map((name) => `src/commands/registry/${name}.ts`),
];
const version = { from: "src/core/version.ts", to: "package.json" };
const heavy = ["pty", "relay", "view", ...doors];

export function importsPointDown(files: Files): string[] {
  return programImports(files).flatMap((one) => {
    const problem = one.isRelative ? relativeProblem(one) : packageProblem(one);
    return problem === undefined ? [] : [`${one.from}:${one.line} ${problem}`];
  });
}

function relativeProblem(one: Import): string | undefined {
  if (one.from === version.from && one.to === version.to) return undefined;
  if (!one.to.startsWith("src/")) return `imports ${one.to} from outside src/`;
  if (one.to.endsWith(".test.ts")) return `imports the test ${one.to}`;
  const from = partOf(one.from);
  const to = partOf(one.to);
  const allowed = ranks[from];
  if (allowed === undefined) return `is in ${from}/, which has no rank: see tests/tidy/ranks.ts`;
  if (from === "main" || from === "main-hcom") return mainProblem(one, from, to);
  if (from !== to) return allowed.includes(to) ? undefined : `${from} imports ${to} (${one.to})`;
  if (from === "tools") return toolProblem(one);
  if (from === "commands") return commandProblem(one);
  if (from === "bus") return busProblem(one);
  return undefined;
}

/** Folders of the verbs, lowest first; below them the files directly in `bus/`. */
const busRanks = [
  ["agents"],
  ["log", "transcripts"],
  ["watch"],
  ["mail"],
  ["channels", "life", "archive", "bundles"],
];

function busProblem(one: Import): string | undefined {
  const [from, to] = [busFolder(one.from), busFolder(one.to)];
  if (from === to || to === undefined) return undefined;
  const rank = (folder: string) => busRanks.findIndex((folders) => folders.includes(folder));
  const unknown = [from, to].find((folder) => folder !== undefined && rank(folder) < 0);
  if (unknown !== undefined) return `bus/${unknown}/ has no rank: see tests/tidy/ranks.ts`;
  if (from !== undefined && rank(to) < rank(from)) return undefined;
  return `${from === undefined ? "bus" : `bus/${from}`} imports bus/${to} (${one.to})`;
}

/** `src/bus/mail/send.ts` -> `mail`; nothing for a file directly in `bus/`. */
function busFolder(path: string): string | undefined {
  const [, , folder = "", ...deeper] = path.split("/");
  return deeper.length > 0 ? folder : undefined;
}

function mainProblem(one: Import, from: string, to: string): string | undefined {
  if (to === "commands" && one.to !== dispatcher) return `${from} imports a command (${one.to})`;
  return ranks[from]?.includes(to) ? undefined : `${from} imports ${to} (${one.to})`;
}

/** A tool's folder may use the pieces directly in tools/; only the registry knows the folders. */
function toolProblem(one: Import): string | undefined {
  const from = toolFolder(one.from);
  const to = toolFolder(one.to);
  if (to === undefined || from === to || toolRegistry.includes(one.from)) return undefined;
  return from === undefined
    ? `a shared piece of tools imports the tool ${to}`
    : `the tool ${from} imports its sibling ${to}`;
}

function toolFolder(path: string): string | undefined {
  const [, , folder, ...deeper] = path.split("/");
  return deeper.length > 0 ? folder : undefined;
}

/** A command may have a folder of its own name for its parts. */
function commandProblem(one: Import): string | undefined {
  if (!one.to.endsWith(".ts") || one.from === registry) return undefined;
  if (aboutCommands.includes(one.from) && aboutCommands.includes(one.to)) return undefined;
  const own = `${one.from.replace(/\.ts$/, "")}/`;
  const folder = one.from.slice(0, one.from.lastIndexOf("/") + 1);
  if (one.to.startsWith(own) || (folder !== "src/commands/" && one.to.startsWith(folder))) {
    return undefined;
  }
  return `a command imports another command (${one.to})`;
}

function packageProblem(one: Import): string | undefined {
  const part = partOf(one.from);
  if (part === "core") return `core imports the package ${one.to}`;
  if (part === "tools" && /^(?:node:|bun$|bun:)/.test(one.to)) return `tools imports ${one.to}`;
  if (/^(?:node|bun):sqlite$/.test(one.to) && part !== "store") return `${part} imports ${one.to}`;
  return undefined;
}

/** Every hook call of every agent loads what main.ts reaches without `await import()`. */
export function hookPathStaysLight(files: Files): string[] {
  const found = reachable(files, "src/main.ts", (one) => !one.isType && !one.isLazy);
  return [
    ...[...found.files]
      .filter((path) => heavy.includes(partOf(path)))
      .map((path) => `${path} is loaded by every hook call: import it lazily`),
    ...found.packages
      .filter((one) => !/^(?:node:|bun$|bun:)/.test(one.to))
      .map((one) => `${one.from}:${one.line} loads ${one.to} in every hook call`),
  ];
}

/** Commands that agents run all the time; `bin/hcom` knows most of them, too. */
const frequent = ["send", "listen", "read", "list", "start", "stop", "status", "events", "why"];

/** Each module of the runtime costs a process one to six milliseconds (Bun 1.4). */
export function startsStayLight(files: Files): string[] {
  const starts = ["src/main.ts", "src/main-hcom.ts"];
  const entries = [...starts, ...frequent.map((name) => `src/commands/${name}.ts`)];
  const found = entries.flatMap(
    (entry) => reachable(files, entry, (one) => !one.isType && !one.isLazy).packages,
  );
  const heavyModules = found.filter((one) => /^node:/.test(one.to) && one.to !== "node:sqlite");
  const lines = heavyModules.map(
    (one) => `${one.from}:${one.line} loads ${one.to} at every start: fetch it on use`,
  );
  return [...new Set(lines)];
}

const reached = /\.(?:ts|sql|md|plugin\.js)$/;

export function nothingIsDead(files: Files): string[] {
  const alive = new Set(
    programs.flatMap((entry) => [...reachable(files, entry, () => true).files]),
  );
  return [...files.keys()]
    .filter((path) => path.startsWith("src/") && reached.test(path))
    .filter((path) => !path.endsWith(".test.ts") && !path.endsWith(".d.ts"))
    .filter((path) => !path.includes("/fixtures/") && !path.endsWith("/README.md"))
    .filter((path) => !alive.has(path))
    .map((path) => `${path} is not reachable from any src/main*.ts`);
}
