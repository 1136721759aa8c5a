// Trust in hooks, Codex 0.131 on: an unknown or changed hook is skipped in silence. Codex itself
// tells the hash that it wants to see (`hooks/list`); we store it for hooks that are provably ours.
import { asList, asObject, asText, isObject, type JsonObject } from "../../core/json.ts";
import { Refusal } from "../../core/refusal.ts";
import type { HookTrust, TrustEntry } from "../tool.ts";
import { isOurCommand } from "./settings-hooks.ts";
import { storeTrust } from "./trust-state.ts";

export const trust: HookTrust = {
  since: "0.131.0",
  serverArgv: ["app-server", "--listen", "stdio://"],
  requests: (directory) => [
    {
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        clientInfo: { name: "hcom", title: "hcom", version: "1" },
        capabilities: { experimentalApi: true },
      },
    },
    { jsonrpc: "2.0", method: "initialized" },
    { jsonrpc: "2.0", id: 2, method: "hooks/list", params: { cwds: [directory] } },
  ],
  ours: (answer, hooksFile) =>
    hooksOf(answer)
      .filter((hook) => isOurs(hook, hooksFile))
      .flatMap(entryOf),
  areOursTrusted: (answer, hooksFile) => {
    const ours = hooksOf(answer).filter((hook) => isOurs(hook, hooksFile));
    return ours.length > 0 && ours.every(isTrusted);
  },
  hasForeignUntrusted: (answer, hooksFile) =>
    hooksOf(answer).some((hook) => {
      if (hook["enabled"] === false || isOurs(hook, hooksFile)) return false;
      return !isTrusted(hook);
    }),
  store(text, entries, version, hooksFile) {
    const foreign = entries.find((entry) => !entry.key.startsWith(`${hooksFile}:`));
    if (foreign !== undefined) throw notOurs(foreign.key, hooksFile);
    return storeTrust(
      hooksFile.replace(/hooks\.json$/, "config.toml"),
      text ?? "",
      entries,
      version,
    );
  },
  files: (where) => ({
    trustFile: `${where.configDir}/config.toml`,
    hooksFile: `${where.configDir}/hooks.json`,
  }),
};

/** All hooks of the last answer; Codex 0.169.0 lists them per directory that was asked for. */
function hooksOf(answer: unknown): JsonObject[] {
  const { result } = asObject(answer);
  return asList(asObject(result)["data"])
    .filter(isObject)
    .flatMap((place) => asList(place["hooks"]).filter(isObject));
}

function isTrusted(hook: JsonObject): boolean {
  const status = field(hook, "trustStatus", "trust_status");
  return status === "trusted" || status === "managed";
}

/** Ours: our exact command, in the user's own file, at the place of that file. */
function isOurs(hook: JsonObject, hooksFile: string): boolean {
  const key = asText(hook["key"]) ?? "";
  const source = field(hook, "sourcePath", "source_path");
  return (
    isOurCommand(asText(hook["command"]) ?? "") &&
    hook["source"] === "user" &&
    source !== undefined &&
    normalize(source) === normalize(hooksFile) &&
    key.startsWith(`${hooksFile}:`)
  );
}

function entryOf(hook: JsonObject): TrustEntry[] {
  const key = asText(hook["key"]);
  const hash = field(hook, "currentHash", "current_hash");
  return key === undefined || hash === undefined ? [] : [{ key, hash }];
}

function field(hook: JsonObject, camel: string, snake: string): string | undefined {
  return asText(hook[camel]) ?? asText(hook[snake]);
}

function normalize(path: string): string {
  return path.replaceAll(/\/\.?(?=\/)/g, "");
}

function notOurs(key: string, hooksFile: string): Refusal {
  return new Refusal({
    code: "foreign_trust_key",
    message: `trust entry ${key} does not belong to ${hooksFile}`,
  });
}
