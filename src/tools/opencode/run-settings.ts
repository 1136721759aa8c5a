// What a launch passes to OpenCode for one run: our plugin, in the variable that holds settings
// beside its owner's files. None of those changes.
import { asList, asText, isObject, type JsonObject, parseJson } from "../../core/json.ts";
import type { RunOptions, RunPlug, RunSettings } from "../tool.ts";
import { pluginText } from "./plugin.ts";

const variable = "OPENCODE_CONFIG_CONTENT";

export const perRun: RunPlug = { passesHooks: true, serverArgs: () => [], settings };

function settings(run: RunOptions): RunSettings {
  const bare = { userArgs: [...run.args], added: () => [], notes: [] };
  if (!run.arePassed) return bare;
  const given = run.env[variable] ?? "";
  const theirs = given === "" ? {} : parseJson(given);
  if (!isObject(theirs)) {
    const note = `hcom's plugin is not passed: ${variable} holds no JSON object`;
    return { ...bare, notes: [note] };
  }
  const own = withoutOurs(theirs, run.hcomDir);
  const ownConfig = Object.keys(own).length === 0 ? "" : JSON.stringify(own);
  return {
    ...bare,
    file: pluginText(run, ownConfig),
    fileEnding: ".js",
    env: (file) => ({ [variable]: JSON.stringify(withPlugin(own, file)) }),
  };
}

function withPlugin(own: JsonObject, file: string): JsonObject {
  return { ...own, plugin: [...asList(own["plugin"]), `file://${encodeURI(file)}`] };
}

/** An agent's own shell may still carry the one that was passed to that agent. */
function withoutOurs(config: JsonObject, hcomDir: string): JsonObject {
  const { plugin, ...rest } = config;
  if (plugin === undefined) return config;
  const ours = `file://${encodeURI(hcomDir)}/`;
  const others = asList(plugin).filter((one) => asText(one)?.startsWith(ours) !== true);
  return others.length === 0 ? rest : { ...rest, plugin: others };
}
