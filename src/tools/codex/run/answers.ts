// What Codex's app-server says about a run: its hooks, with the hash it wants to see, and the
// settings in effect. Asked with the run's own `-c` flags, so that these count as well.
import { asList, asObject, asText, isObject, type JsonObject } from "../../../core/json.ts";
import type { ServerAnswers } from "../../tool.ts";

const hooksId = 2;
const configId = 3;

export function requests(directory: string): object[] {
  const client = { name: "hcom", title: "hcom", version: "1" };
  const capabilities = { experimentalApi: true };
  return [
    { jsonrpc: "2.0", id: 1, method: "initialize", params: { clientInfo: client, capabilities } },
    { jsonrpc: "2.0", method: "initialized" },
    { jsonrpc: "2.0", id: hooksId, method: "hooks/list", params: { cwds: [directory] } },
    { jsonrpc: "2.0", id: configId, method: "config/read", params: { cwd: directory } },
  ];
}

export interface ListedHook {
  key: string;
  hash: string;
  command: string;
  /** "user": in the owner's files; "sessionFlags": passed with `-c`. */
  source: string;
  sourcePath: string;
  isEnabled: boolean;
  isTrusted: boolean;
}

/** All hooks in effect; Codex lists them per directory that was asked for. */
export function listedHooks(answers: ServerAnswers): ListedHook[] {
  return asList(asObject(resultOf(answers, hooksId))["data"])
    .filter(isObject)
    .flatMap((place) => asList(place["hooks"]).filter(isObject))
    .map(listedHook);
}

/** The settings in effect; undefined when Codex did not tell them. */
export function configIn(answers: ServerAnswers | undefined): JsonObject | undefined {
  const config = asObject(resultOf(answers, configId))["config"];
  return isObject(config) ? config : undefined;
}

/** What Codex says against its own config.toml. */
export function configError(answers: ServerAnswers): string | undefined {
  const error = asObject(asObject(answers.get(configId))["error"]);
  return asText(error["message"]);
}

function resultOf(answers: ServerAnswers | undefined, id: number): unknown {
  return asObject(answers?.get(id))["result"];
}

/** Codex 0.169.0 writes these names in camel case; snake case is accepted as well. */
function listedHook(hook: JsonObject): ListedHook {
  const field = (camel: string, snake: string) => asText(hook[camel]) ?? asText(hook[snake]) ?? "";
  const status = field("trustStatus", "trust_status");
  return {
    key: asText(hook["key"]) ?? "",
    hash: field("currentHash", "current_hash"),
    command: asText(hook["command"]) ?? "",
    source: asText(hook["source"]) ?? "",
    sourcePath: field("sourcePath", "source_path"),
    isEnabled: hook["enabled"] !== false,
    isTrusted: status === "trusted" || status === "managed",
  };
}
