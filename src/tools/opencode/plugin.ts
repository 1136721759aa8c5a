// The file by which OpenCode tells us what happens and hears what we say: our plugin, with the
// command lines of this installation in it.
import { asObject, asText, parseJson } from "../../core/json.ts";
import { hookCommand, readHookCommand } from "../hook-command.ts";
import { safeLinePattern } from "../safe-commands.ts";
import type { InstallOptions } from "../tool.ts";
import source from "./hcom.plugin.js" with { type: "text" };
import { hooks } from "./identity.ts";

const place = '"HCOM-SETTINGS"';

/** `ownConfig`: what its owner passes to OpenCode in the variable that we pass the plugin in. */
export function pluginText(options: InstallOptions, ownConfig: string): string {
  const commands: Record<string, string> = {};
  for (const [hook, event] of Object.entries(hooks)) {
    commands[event] = hookCommand(options.program, hook);
  }
  const safe = options.autoApprove ? safeLinePattern(options.commandWord).source : "";
  const settings = JSON.stringify({ commands, safe, ownConfig }, null, 2);
  return source.replace(place, () => settings);
}

/** What the plugin's command lines run, in a file that `pluginText` wrote for whatever version. */
export function programsOf(text: string): (readonly string[])[] {
  const [, settings] = /^const settings = (\{[\s\S]*?^\});$/m.exec(text) ?? [];
  const { commands } = asObject(parseJson(settings ?? ""));
  return Object.values(asObject(commands)).flatMap((line) => {
    const read = readHookCommand(asText(line) ?? "");
    return read === undefined ? [] : [read.program];
  });
}
