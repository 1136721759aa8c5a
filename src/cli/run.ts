// Runs one command: global flags, parsing, help, and the one place where an error becomes text
// and an exit code.
import type { Bus } from "../bus/bus.ts";
import { pathsOf } from "../config/paths.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { isMissingOrEmpty } from "../sys/files.ts";
import { isRelative } from "../sys/hcom-dir.ts";
import type { LogRecord } from "../sys/log.ts";
import type { System } from "../sys/system.ts";
import { detectTool } from "../tools/index.ts";
import { isInsideTool } from "../tools/inside-tool.ts";
import { shellQuote } from "../tools/shell-quote.ts";
import type { Call, Command, Out } from "./command.ts";
import { output } from "./output.ts";
import { asksForHelp, parse } from "./parse.ts";
import { style } from "./style.ts";
import { checkArguments } from "./utf8.ts";

export async function runCommand(
  command: Command,
  argv: readonly string[],
  system: System,
): Promise<number> {
  const out = output(system.env);
  const isJson = wantsJson(argv, command);
  let code: number;
  let takenOver: LogRecord | undefined;
  const listening: System = {
    ...system,
    log(record) {
      if (record.event === "imported") takenOver = record;
      system.log(record);
    },
  };
  try {
    if (command.group !== "setup") sayRelativeDir(system, out);
    await sayBrokenSettings(command, system, out);
    code = await start(command, argv, listening, out);
  } catch (error) {
    code = report(error, { out, system, json: isJson, command: command.name });
  }
  // `import` tells it by itself.
  if (takenOver !== undefined && command.name !== "import") {
    const { sayTakenOver } = await import("./person/taken-over.ts");
    sayTakenOver(system, out, takenOver);
  }
  return said(out, code);
}

/** The last words, and the code of what was done or, where nobody could get them, of that. */
export async function said(out: Out, code: number): Promise<number> {
  try {
    await out.flush();
    return code;
  } catch (error) {
    if (code !== exitCode.ok) return code;
    out.note(`Error: ${error instanceof Error ? error.message : String(error)}`);
    out.note("  only the output is missing: what the command does is done");
    // When that fails, too, there is nobody to tell.
    await out.flush().catch(() => {});
    return exitCode.error;
  }
}

/**
 * A relative HCOM_DIR is another log in each directory. It is said where one is about to begin, so
 * once in each; what belongs to the set-up shows it itself.
 */
function sayRelativeDir(system: System, out: Out): void {
  if (!isRelative(system.env["HCOM_DIR"])) return;
  const { dir, db } = pathsOf(system.env, system.cwd);
  if (!isMissingOrEmpty(db)) return;
  out.note(
    style.warn("HCOM_DIR is relative:"),
    ` here it is ${dir}, from another directory another one`,
  );
  out.note(`  to stay with this one: export HCOM_DIR=${shellQuote(dir)}`);
}

/** What is asked for goes on without them; `status` tells all. */
async function sayBrokenSettings(command: Command, system: System, out: Out): Promise<void> {
  const isTold =
    launches.has(command.name) || (looks.has(command.name) && !isInsideTool(system.env));
  if (!isTold) return;
  const { configToml, configEnv } = pathsOf(system.env, system.cwd);
  if (isMissingOrEmpty(configToml) && isMissingOrEmpty(configEnv)) return;
  const { brokenSettings } = await import("./person/broken-settings.ts");
  brokenSettings(system, out);
}

const launches: ReadonlySet<string> = new Set(["launch", "resume", "fork"]);
/** For a person; an agent that only talks cannot mend it and pays for each word. */
const looks: ReadonlySet<string> = new Set(["send", "list", "overview"]);

async function start(
  command: Command,
  argv: readonly string[],
  system: System,
  out: Out,
): Promise<number> {
  checkArguments(argv);
  if (command.isRaw !== true && asksForHelp(command, argv)) {
    const { commandHelp } = await import("./help.ts");
    out.line(commandHelp(command, out.view.width));
    return exitCode.ok;
  }
  const call = callOf(command, argv, system, out);
  if (deliversItself.has(command.name) || !mayBeHookless(call, command.name)) {
    return command.run(call);
  }
  return withOwnMail(command, call);
}

/** The mail of an agent without hooks comes behind its command, through what that had open. */
async function withOwnMail(command: Command, call: Call): Promise<number> {
  let kept: Bus | undefined;
  const keep = (bus: Bus) => {
    if (kept !== bus) kept?.db.close();
    kept = bus;
  };
  try {
    const system = movesTheLog.has(command.name) ? call.system : { ...call.system, keep };
    const code = await command.run({ ...call, system });
    const { afterCommand } = await import("./agent/own-mail.ts");
    await afterCommand(call, { command: command.name, isOk: code === exitCode.ok, kept });
    return code;
  } finally {
    kept?.db.close();
  }
}

/** What they close has to be closed. */
const movesTheLog: ReadonlySet<string> = new Set(["reset", "archive", "import", "relay"]);

/** They hand mail over by themselves, or end what it is for. */
const deliversItself: ReadonlySet<string> = new Set([
  ...["listen", "inbox", "start", "stop", "kill", "status", "launch", "resume", "fork"],
  ...["pty", "rpc", "run", "mcp", "hooks", "completions"],
]);

/** Who is neither named nor in an agent program is a person. `send` looks for mail by itself. */
function mayBeHookless({ name, system: { env } }: Call, command: string): boolean {
  if (name !== undefined) return true;
  return isInsideTool(env) && (command !== "send" || detectTool(env) === undefined);
}

function callOf(command: Command, argv: readonly string[], system: System, out: Out): Call {
  const parsed = parse(
    command.isRaw ? { ...command, flags: [] } : command,
    command.isRaw ? [] : argv,
  );
  return {
    system,
    out,
    argv,
    words: parsed.words,
    rest: parsed.rest,
    flags: parsed.flags,
    name: parsed.flags.value("name"),
    go: parsed.flags.has("go") || system.env["HCOM_GO"] === "1",
    json: wantsJson(argv, command),
  };
}

interface Reporting {
  out: Out;
  system: System;
  json: boolean;
  command: string;
}

/** Says what went wrong and returns the exit code. */
export function report(error: unknown, to: Reporting): number {
  if (error instanceof Refusal) {
    if (to.json) {
      to.out.json({
        error: { code: error.code, message: error.message, hint: error.hint ?? null },
      });
    } else {
      to.out.note(style.bad("Error:"), ` ${error.message}`);
      if (error.hint !== undefined) to.out.note(`  ${error.hint}`);
    }
    return error.exit;
  }
  to.system.log({
    level: "error",
    subsystem: "cli",
    event: "bug",
    command: to.command,
    msg: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  const message = error instanceof Error ? error.message : String(error);
  if (to.json) to.out.json({ error: { code: "bug", message, hint: null } });
  else {
    const where = "(details: hcom status --logs)";
    to.out.note(style.bad("Error:"), ` hcom ${to.command} failed: ${message} ${where}`);
  }
  return exitCode.bug;
}

/** `--json` anywhere before `--`, so that what cannot be parsed is answered in JSON, too. */
export function wantsJson(argv: readonly string[], command?: Command): boolean {
  return command?.wantsJson?.(argv) ?? beforeTerminator(argv).includes("--json");
}

function beforeTerminator(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf("--");
  return at < 0 ? argv : argv.slice(0, at);
}
