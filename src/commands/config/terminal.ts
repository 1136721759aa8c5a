// hcom config terminal --setup: where a launch from here would open agents, and what is missing.
// It says which lines belong into another program's settings, and writes none of them.
import type { Call } from "../../cli/command.ts";
import { wrapped } from "../../cli/person/wrap.ts";
import { style } from "../../cli/style.ts";
import { pathsOf } from "../../config/paths.ts";
import { lazySettings } from "../../config/settings.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import {
  chooseTerminal,
  isPrepared,
  openableTerminals,
  type Surroundings,
  surroundings,
  terminalWords,
} from "../../launch/terminals/choose.ts";
import { presets } from "../../launch/terminals/presets.ts";

export function showTerminals(call: Call): number {
  const paths = pathsOf(call.system.env, call.system.cwd);
  const around = surroundings({ paths, system: call.system });
  const setting = lazySettings(paths, call.system.env).text("terminal");
  const installed = openableTerminals(around);
  const missing = terminalWords(around).filter(
    (name) => !installed.includes(name) && isProgram(name),
  );
  const opens = opensIn(setting, around);
  const to_do = stepsFor(installed, around);
  if (call.json) {
    call.out.json({
      terminal: setting,
      opens: opens.name,
      why_not: opens.why,
      installed,
      missing,
      to_do,
    });
    return exitCode.ok;
  }
  const { out } = call;
  out.line(style.faint("setting:     "), setting);
  out.line(style.faint("opens in:    "), opens.name ?? style.warn(opens.why ?? "nothing"));
  list(call, "installed:   ", installed);
  list(call, "not here:    ", missing);
  for (const { terminal, file, lines } of to_do) {
    out.line(`For ${terminal} these lines belong into ${file}; then start it anew:`);
    for (const line of lines) out.line(`  ${line}`);
  }
  out.line("Another one: hcom config terminal NAME, or a command with {script}");
  return exitCode.ok;
}

function list({ out }: Call, title: string, names: readonly string[]): void {
  const { width } = out.view;
  const parts = [style.faint(title), names.length === 0 ? "none" : names.join(", ")];
  for (const line of wrapped(parts, { width, indent: title.length })) out.line(...line);
}

/** `default`, `here` and `print` are ways, and families are names for others of the list. */
function isProgram(name: string): boolean {
  return presets.some((one) => one.name === name);
}

function opensIn(
  setting: string,
  around: Surroundings,
): { name: string | null; why: string | null } {
  if (setting === "here" || setting === "print") return { name: setting, why: null };
  try {
    return { name: chooseTerminal(setting, 1, around).preset.name, why: null };
  } catch (error) {
    if (error instanceof Refusal) return { name: null, why: error.message };
    throw error;
  }
}

/** What is installed and cannot be asked for panes yet. */
function stepsFor(installed: readonly string[], around: Surroundings) {
  return presets.flatMap((preset) => {
    const { name, setUp } = preset;
    if (setUp === undefined || !installed.includes(name) || isPrepared(preset, around)) return [];
    return [{ terminal: name, ...setUp }];
  });
}
