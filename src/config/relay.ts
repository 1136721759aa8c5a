// The group that this directory belongs to, from the table `[relay]` of config.toml. Only the file
// is asked: none of it is ever taken from the environment or given to a child.
import { asObject, asText } from "../core/json.ts";
import { parseBroker } from "../core/relay/broker.ts";
import { type Group, isUuid, keyOf } from "../core/relay/token.ts";
import type { Paths } from "./paths.ts";
import { tableOf } from "./toml.ts";

export interface RelayConfig {
  group: Group;
  isEnabled: boolean;
  /** Of the broker, not of the group. */
  password: string | undefined;
  /** A PEM file with certificates to trust besides. */
  ca: string | undefined;
  /** Brokers to try in turn when the first is away; the same on all devices. */
  fallbacks: string[];
  /** Others may do things here, or only write to agents. */
  remoteControl: "full" | "messages";
}

export type RelaySetup =
  | { kind: "none" }
  /** Something of it is missing or no longer what it was. */
  | { kind: "broken"; problem: string }
  | { kind: "ready"; config: RelayConfig };

export function readRelay(paths: Paths): RelaySetup {
  const table = asObject(tableOf(paths.configToml)["relay"]);
  const id = asText(table["id"]);
  if (id === undefined) return { kind: "none" };
  const url = asText(table["url"]) ?? "";
  const key = keyOf(asText(table["psk"]) ?? "");
  if (!isUuid(id)) return broken("relay.id in config.toml is no uuid");
  if (key === undefined) return broken("relay.psk in config.toml is missing or no key of 32 bytes");
  if (parseBroker(url) === undefined) return broken("relay.url in config.toml is no broker");
  const fallbacks = (asText(table["fallbacks"]) ?? "").split(/[\s,]+/);
  return {
    kind: "ready",
    config: {
      group: { id, key, url },
      isEnabled: table["enabled"] !== false,
      password: asText(table["token"]),
      ca: asText(table["ca"]),
      fallbacks: fallbacks.filter((one) => parseBroker(one) !== undefined),
      remoteControl: table["remote_control"] === "messages" ? "messages" : "full",
    },
  };
}

/** All keys that the table may have. */
export const relayKeys = [
  ...(["id", "url", "psk", "token", "enabled", "ca", "fallbacks", "remote_control"] as const),
] as const;

function broken(problem: string): RelaySetup {
  return { kind: "broken", problem };
}
