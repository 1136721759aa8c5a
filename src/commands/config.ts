// hcom config: show and change settings, globally or for one agent.

import { requireInstance, requireNamed } from "../bus/agents/identity.ts";
import { instanceSettings, setInstanceSetting } from "../bus/agents/instance-settings.ts";
import { openBus } from "../bus/bus.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { editSetting, resetSettings } from "../config/edit.ts";
import { pathsOf } from "../config/paths.ts";
import { effective, lazySettings } from "../config/settings.ts";
import { exitCode } from "../core/refusal.ts";
import { settingRows } from "../core/setting.ts";
import { hooksStatus, installHooks } from "../hooks/install.ts";

const command: Command = {
  name: "config",
  group: "setup",
  summary: "show or change settings",
  usage: ["config", "config KEY [VALUE]", "config KEY --info", "config -i NAME|self [KEY [VALUE]]"],
  flags: [
    { name: "instance", short: "i", value: "NAME", about: "settings of one agent" },
    { name: "info", about: "what the setting means" },
    { name: "reset", about: "archive the settings files and start from defaults" },
  ],
  exits: { 1: "the value is not valid; nothing was changed" },
  examples: ["hcom config tag api", "hcom config -i self hints 'answer in German'"],
  run: runConfig,
};
export default command;

async function runConfig(call: Call): Promise<number> {
  if (call.flags.has("instance")) return ofInstance(call);
  const paths = pathsOf(call.system.env, call.system.cwd);
  if (call.flags.has("reset")) {
    for (const path of resetSettings(paths, call.system.now())) call.out.line(`archived: ${path}`);
    call.out.line("Settings are at their defaults");
    return exitCode.ok;
  }
  const settings = lazySettings(paths, call.system.env);
  const [key, ...words] = call.words;
  if (key === undefined) {
    showAll(call, paths.configToml);
    return exitCode.ok;
  }
  const { row, value, source } = effective(settings, key);
  if (call.flags.has("info") || words[0] === "info" || words[0] === "?") {
    call.out.line(`${row.key}: ${row.describe}`);
    call.out.line(`  now: ${shown(value)} [${source}]`);
    call.out.line(`  set it: hcom config ${row.key} VALUE (or ${row.env} in the environment)`);
    return exitCode.ok;
  }
  if (words.length === 0) {
    if (call.json) call.out.json({ [row.key]: value, source });
    else call.out.line(value === "" ? `${row.key}: (not set)` : String(value));
    return exitCode.ok;
  }
  const text = words.join(" ");
  editSetting(paths, row, row.check(text));
  call.out.line(`Set ${row.key} = ${text}`);
  if (row.key === "auto_approve") await renewHooks(call);
  return exitCode.ok;
}

/** Approvals stand in the tools' settings: those that have our hooks are brought up to date. */
async function renewHooks(call: Call): Promise<void> {
  const installed = (await hooksStatus(call.system)).filter((one) => one.error === undefined);
  await installHooks(
    call.system,
    installed.filter((one) => one.problems.length < 3).map((one) => one.tool),
  );
}

function showAll(call: Call, path: string): void {
  const settings = lazySettings(pathsOf(call.system.env, call.system.cwd), call.system.env);
  if (call.json) {
    call.out.json(Object.fromEntries(settingRows.map(({ key }) => [key, settings.of(key).value])));
    return;
  }
  call.out.line(`Settings (${path})`);
  for (const { key } of settingRows) {
    const { value, source } = settings.of(key);
    call.out.line(`  ${key.padEnd(22)} ${shown(value)} [${source}]`);
  }
  for (const problem of settings.problems()) call.out.note(`  ${problem}`);
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
    call.out.line(`Set ${key} of ${row.name} = ${words.join(" ")}`);
    return exitCode.ok;
  }
  const all: Record<string, unknown> = instanceSettings(bus, row);
  if (key !== undefined && !Object.hasOwn(all, key)) {
    throw usageError(
      command,
      `an agent has no setting "${key}"; it has: ${Object.keys(all).join(", ")}`,
    );
  }
  if (key !== undefined) call.out.line(shown(all[key] ?? ""));
  else if (call.json) call.out.json(all);
  else
    for (const [name, value] of Object.entries(all))
      call.out.line(`${name}: ${shown(value ?? "")}`);
  return exitCode.ok;
}
