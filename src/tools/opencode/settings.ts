// OpenCode loads every file in its plugins folder: ours is one of them, and nothing else of its
// owner's is touched.
import { Refusal } from "../../core/refusal.ts";
import type { HookPlace, InstallOptions, SettingsFile, SettingsPlug } from "../tool.ts";
import { pluginText, programsOf } from "./plugin.ts";
import { hasOption } from "./run-kind.ts";
import { perRun } from "./run-settings.ts";

export const settings: SettingsPlug = {
  files: (where) => [pluginFile(`${where.configDir}/plugins/hcom.js`)],
  perRun,
  obstacles,
};

function pluginFile(path: string): SettingsFile {
  return {
    path,
    what: "plugin",
    install(text, options) {
      if (text !== null && !isOurs(text)) throw foreign(path);
      return pluginText(options, "");
    },
    remove: (text) => (isOurs(text) ? null : text),
    problems: (text, options) => problems(text, options),
    standing: (text) => (isOurs(text) ? "ours" : undefined),
    programs: programsOf,
  };
}

/** Only what we write runs our program by our own command lines. */
function isOurs(text: string): boolean {
  return programsOf(text).length > 0;
}

function problems(text: string | null, options: InstallOptions): string[] {
  if (text === null) return ["the plugin is not installed"];
  if (!isOurs(text)) return ["another file has the plugin's name"];
  return text === pluginText(options, "") ? [] : ["the plugin is out of date"];
}

function foreign(path: string): Refusal {
  return new Refusal({
    code: "unparseable_settings",
    message: `${path} is not hcom's plugin`,
    hint: "Rename that file, then try again; hcom does not touch it.",
  });
}

function obstacles({ args, env }: HookPlace): string[] {
  if (hasOption(args, ["--pure"])) return ["OpenCode loads no plugins with --pure"];
  return env["OPENCODE_PURE"] ? ["OpenCode loads no plugins with OPENCODE_PURE set"] : [];
}
