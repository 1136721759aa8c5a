// hcom run: workflows that come with the program, and the owner's own scripts.
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { checkOwnDir } from "../../config/own-dir.ts";
import { pathsOf } from "../../config/paths.ts";
import { exitCode } from "../../core/refusal.ts";
import { findScript, scriptsOf } from "../../launch/scripts.ts";
import { startScript } from "../../launch/start-script.ts";
import { frontGlobals } from "../../launch/words.ts";
import { readText } from "../../sys/files.ts";

const command: Command = {
  name: "run",
  group: "agents",
  summary: "run a workflow over several agents, or a script of your own",
  usage: ["run", "run NAME [its arguments]", "run NAME --source", "run NAME --help"],
  flags: [{ name: "source", about: "print the script instead of running it" }],
  isRaw: true,
  wantsJson: (argv) => argv.length === 1 && argv[0] === "--json",
  exits: { 0: "done; of a script its own exit code", 3: "no such script" },
  examples: [
    'hcom run debate "tabs or spaces" --spawn',
    "hcom run watcher --target luna",
    "hcom run clone --source   # as an example for your own",
  ],
  run: runRun,
};
export default command;

async function runRun(call: Call): Promise<number> {
  const paths = pathsOf(call.system.env, call.system.cwd);
  const { globals, words } = frontGlobals(call.argv);
  const [name, ...args] = words;
  if (name === "--help" || name === "-h") return explain(call);
  checkOwnDir(paths);
  if (name === undefined) return list(call);
  if (name.startsWith("-")) throw usageError(command, `what is "${name}"? name a script first`);
  const script = findScript(paths, name);
  if (args.length === 1 && args[0] === "--source") {
    call.out.line((readText(script.path) ?? "").trimEnd());
    return exitCode.ok;
  }
  await call.out.flush();
  return startScript(call.system, paths, { script, args: [...identityIn(globals), ...args] });
}

/** Of what stood in front of `run` the scripts know who they are to act as. */
function identityIn(globals: readonly string[]): string[] {
  const at = globals.findIndex((word) => word === "--name" || word.startsWith("--name="));
  if (at < 0) return [];
  return globals[at] === "--name" ? globals.slice(at, at + 2) : globals.slice(at, at + 1);
}

function list(call: Call): number {
  const paths = pathsOf(call.system.env, call.system.cwd);
  const scripts = scriptsOf(paths);
  if (call.json || command.wantsJson?.(call.argv) === true) {
    call.out.json(scripts.map(({ name, origin, about, path }) => ({ name, origin, about, path })));
    return exitCode.ok;
  }
  const rows = scripts.map(({ name, origin, about }) => [
    style.strong(name),
    origin === "own" ? `${about} (yours)` : about,
  ]);
  const columns = [{ least: 10 }, { least: 30 }];
  for (const line of table(rows, columns, call.out.view.width)) call.out.line(...line);
  call.out.line();
  call.out.line(style.faint("What one does and takes: hcom run NAME --help"));
  call.out.line(style.faint(`Your own go into ${paths.scripts}; how: hcom docs --scripts`));
  return exitCode.ok;
}

async function explain(call: Call): Promise<number> {
  const { commandHelp } = await import("../../cli/help.ts");
  call.out.line(commandHelp(command, call.out.view.width));
  return exitCode.ok;
}
