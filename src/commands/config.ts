// hcom config: show and change settings, globally or for one agent.

import { requireInstance, requireNamed } from "../bus/agents/identity.ts";
import { instanceSettings, setInstanceSetting } from "../bus/agents/instance-settings.ts";
import { openBus } from "../bus/bus.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { wrapped } from "../cli/person/wrap.ts";
import { style } from "../cli/style.ts";
import { type Cell, table } from "../cli/table.ts";
import { editSetting, resetSettings } from "../config/edit.ts";
import { checkOwnDir, ownDirProblem } from "../config/own-dir.ts";
import { type Paths, pathsOf } from "../config/paths.ts";
import { effective, lazySettings, sourceWord } from "../config/settings.ts";
import { sayUnused } from "../config/unused.ts";
import { fullName } from "../core/names/address.ts";
import { exitCode, Refusal } from "../core/refusal.ts";
import { type Setting, settingRows } from "../core/setting.ts";
import { hooksStatus, installHooks } from "../hooks/install.ts";
import { checkTerminal, surroundings } from "../launch/terminals/choose.ts";
import { isRelative } from "../sys/hcom-dir.ts";

const command: Command = {
  name: "config",
  group: "setup",
  summary: "show or change settings",
  usage: [
    "config",
    "config KEY [VALUE]",
    "config KEY --info",
    "config KEY [VALUE] --setup",
    "config -i NAME|self [KEY [VALUE]]",
    "config --edit",
    "config --reset",
    "config bootstrap show [PART]",
    "config bootstrap render NAME",
  ],
  flags: [
    { name: "instance", short: "i", value: "NAME", about: "settings of one agent" },
    { name: "edit", about: "the settings file in your editor; tells what in it is not valid" },
    { name: "info", about: "what the setting means" },
    {
      name: "setup",
      about: "of the terminal: which there are, where agents open, what is missing",
    },
    { name: "reset", about: "archive the settings files and start from defaults" },
  ],
  exits: {
    1: "after --edit: something in the file is not valid, or the editor failed",
    2: "wrong usage, or a value that is not valid: nothing was changed",
    3: "no such agent",
  },
  examples: [
    "hcom config tag api",
    "hcom config tag ''   # not set",
    "hcom config -i self hints 'answer in German'",
    "hcom config bootstrap show delivery",
  ],
  run: runConfig,
};
export default command;

async function runConfig(call: Call): Promise<number> {
  if (call.flags.has("instance")) return ofInstance(call);
  const paths = pathsOf(call.system.env, call.system.cwd);
  if (call.flags.has("reset")) {
    if (call.words.length > 0) throw resetsAll(call.words.join(" "));
    return reset(call, paths);
  }
  if (call.flags.has("edit")) {
    if (call.words.length > 0) throw usageError(command, `--edit is about all settings`);
    const { editFile } = await import("./config/edit-file.ts");
    const approves = () => lazySettings(paths, call.system.env).of("auto_approve").value;
    const before = approves();
    const code = await editFile(call, paths);
    if (approves() !== before) await renewHooks(call);
    return code;
  }
  const [key, ...words] = call.words;
  if (key === "bootstrap") {
    return (await import("./config/bootstrap.ts")).showBootstrap(call, command);
  }
  if (call.flags.has("setup")) return await setUp(call, paths, call.words);
  if (key === undefined) showAll(call, paths);
  else if (call.flags.has("info") || words[0] === "info" || words[0] === "?") explain(call, key);
  else if (words.length === 0) showOne(call, key);
  else await set(call, paths, key, words.join(" "));
  return exitCode.ok;
}

async function setUp(call: Call, paths: Paths, [key, ...words]: readonly string[]) {
  if (key !== "terminal") {
    throw usageError(command, "--setup is about the terminal: hcom config terminal --setup");
  }
  if (words.length > 0) await store(call, paths, key, words.join(" "));
  return (await import("./config/terminal.ts")).showTerminals(call);
}

function resetsAll(words: string): Refusal {
  const [key] = words.split(" ");
  const isOne = settingRows().some((row) => row.key === key);
  const hint = isOne ? [`one of them: hcom config ${key} ''`] : [];
  return usageError(command, `--reset is about all settings: what is "${words}"?`, ...hint);
}

function reset(call: Call, paths: Paths): number {
  const archived = resetSettings(paths, call.system.now());
  if (call.json) call.out.json({ archived });
  else {
    for (const path of archived) call.out.line(`archived: ${path}`);
    call.out.line("Settings are at their defaults");
  }
  return exitCode.ok;
}

function inForce(call: Call, key: string): ReturnType<typeof effective> {
  if (/^(hcom_)?dev_root$/i.test(key)) throw noDevRoot();
  return effective(lazySettings(pathsOf(call.system.env, call.system.cwd), call.system.env), key);
}

function showOne(call: Call, key: string): void {
  const found = inForceOrUnknown(call, key);
  if (found instanceof Refusal) {
    // Scripts ask for settings of other versions: for them an unknown one is one that is not set.
    if (call.json) call.out.json({ [key]: null, source: "unknown" });
    else call.out.line("(not set)");
    call.out.note(found.message);
    if (found.hint !== undefined) call.out.note(`  ${found.hint}`);
    return;
  }
  const { row, value, source } = found;
  if (call.json) call.out.json({ [row.key]: value, source });
  else call.out.line(value === "" ? `${row.key}: (not set)` : String(value));
}

/** A setting of the original's: which checkout its launcher takes. */
function noDevRoot(): Refusal {
  return new Refusal({
    code: "unknown_setting",
    exit: exitCode.usage,
    message: 'no setting "dev_root": hcom always runs the checkout whose bin/hcom is called',
    hint: 'another one: put it first, PATH="CHECKOUT/bin:$PATH"; then hcom hooks add',
  });
}

function inForceOrUnknown(call: Call, key: string): ReturnType<typeof effective> | Refusal {
  try {
    return inForce(call, key);
  } catch (error) {
    if (error instanceof Refusal && error.code === "unknown_setting") return error;
    throw error;
  }
}

function explain(call: Call, key: string): void {
  const { row, value, source } = inForce(call, key);
  if (call.json) {
    call.out.json({ key: row.key, about: row.describe, value, source, env: row.env });
    return;
  }
  const { out } = call;
  const { width } = out.view;
  for (const line of wrapped([style.strong(row.key), `: ${row.describe}`], { width, indent: 2 })) {
    out.line(...line);
  }
  out.line(`  now: ${shownOf(row, value)} [${sourceWord(source)}]`);
  if (row.values !== undefined) out.line(`  it can be: ${row.values.join(", ")}`);
  out.line(`  set it: hcom config ${row.key} VALUE (or ${row.env} in the environment)`);
}

async function set(call: Call, paths: Paths, key: string, text: string): Promise<void> {
  await store(call, paths, key, text);
  // As JSON it is what holds from now on: a variable may stand above the file.
  if (call.json) showOne(call, key);
  else call.out.line(`Set ${inForce(call, key).row.key} = ${text}`);
}

async function store(call: Call, paths: Paths, key: string, text: string): Promise<void> {
  checkOwnDir(paths);
  const { row } = inForce(call, key);
  const value = row.check(text);
  if (row.key === "terminal")
    checkTerminal(String(value), surroundings({ paths, system: call.system }));
  editSetting(paths, row, value);
  if (row.key === "auto_approve") await renewHooks(call);
}

/** Approvals stand in the tools' settings: those that have our hooks are brought up to date. */
async function renewHooks(call: Call): Promise<void> {
  const present = (await hooksStatus(call.system)).filter((one) => one.isPresent);
  await installHooks(
    call.system,
    present.map((one) => one.tool),
  );
}

function showAll(call: Call, paths: Paths): void {
  const settings = lazySettings(paths, call.system.env);
  if (call.json) {
    call.out.json(
      Object.fromEntries(settingRows().map(({ key }) => [key, settings.of(key).value])),
    );
    return;
  }
  const { out } = call;
  out.line(`Settings (${paths.configToml})`);
  sayAboutDir(call);
  const isOwnOne = ({ key }: Setting) => settings.of(key).source !== "default";
  const all = out.view.isForPeople ? mattersFirst(settingRows(), isOwnOne) : settingRows();
  const rows = all.map((row): Cell[] => {
    const { key } = row;
    const { value, source } = settings.of(key);
    const isOwn = source !== "default";
    const isIdle = out.view.isForPeople && row.hasNoEffect === true;
    const text = `${shownOf(row, value)}${isIdle ? " (no effect)" : ""}`;
    return [
      isOwn ? style.strong(key) : key,
      isOwn ? text : style.faint(text),
      style.faint(`[${sourceWord(source)}]`),
    ];
  });
  for (const line of table(rows, [{}, { least: 12 }, {}], out.view.width - 2)) {
    out.line("  ", ...line);
  }
  for (const problem of settings.problems()) out.note(style.bad("  not valid: "), problem);
  for (const line of sayUnused(paths)) out.note(`  ${line}`);
  out.line();
  out.line("What one means: hcom config KEY --info.  Set it: hcom config KEY VALUE");
}

/** What somebody has set, then the defaults, then what does nothing. */
function mattersFirst(all: readonly Setting[], isOwn: (row: Setting) => boolean): Setting[] {
  const rank = (row: Setting) => {
    if (row.hasNoEffect === true) return 2;
    return isOwn(row) ? 0 : 1;
  };
  return [0, 1, 2].flatMap((wanted) => all.filter((row) => rank(row) === wanted));
}

function sayAboutDir({ system, out }: Call): void {
  const problem = ownDirProblem(pathsOf(system.env, system.cwd));
  if (problem !== undefined) out.note(style.bad("  not usable: "), problem.message);
  if (isRelative(system.env["HCOM_DIR"])) {
    out.note("  HCOM_DIR is relative: from another directory these are others");
  }
}

function shownOf({ unit }: Setting, value: unknown): string {
  return unit === undefined ? shown(value) : `${shown(value)} ${unit}`;
}

function shown(value: unknown): string {
  return value === "" ? "(not set)" : String(value);
}

function ofInstance(call: Call): number {
  using bus = openBus(call.system, { writer: "config" });
  const who = call.flags.value("instance") ?? "self";
  const row = who === "self" ? requireInstance(bus, { name: call.name }) : requireNamed(bus, who);
  const [key, ...words] = call.words;
  if (key !== undefined && words.length > 0) {
    setInstanceSetting(bus, row, key, words.join(" "));
    if (!call.json) {
      call.out.line(`Set ${key} of ${fullName(row)} = ${words.join(" ")}`);
      return exitCode.ok;
    }
  }
  // Read again: as JSON the answer to a change is what holds now.
  const all: Record<string, unknown> = instanceSettings(bus, requireNamed(bus, row.name));
  if (key !== undefined && !Object.hasOwn(all, key)) {
    throw usageError(
      command,
      `an agent has no setting "${key}"; it has: ${Object.keys(all).join(", ")}`,
    );
  }
  if (call.json) call.out.json(key === undefined ? all : { [key]: all[key] });
  else if (key !== undefined) call.out.line(shown(all[key] ?? ""));
  else
    for (const [name, value] of Object.entries(all)) {
      call.out.line(style.faint(`${name}: `), shown(value ?? ""));
    }
  return exitCode.ok;
}
