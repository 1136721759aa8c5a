// A channel's configuration with some of its fields changed, within the ranges that every layout
// of a document and a JSON number can hold.
import { exitCode, Refusal } from "../refusal.ts";
import type { ChannelConfig, ConfigChange } from "./channel.ts";

const mostParticipants = 2 ** 32 - 1;

/** Fields that are not given stay. */
export function changedConfig(
  config: Readonly<ChannelConfig>,
  change: ConfigChange,
): ChannelConfig {
  return {
    max_participants: within("max_participants", mostParticipants, change, config),
    ttl_seconds: within("ttl_seconds", Number.MAX_SAFE_INTEGER, change, config),
    persistence: change.persistence ?? config.persistence,
    encryption_required: change.encryption_required ?? config.encryption_required,
  };
}

function within(
  field: "max_participants" | "ttl_seconds",
  most: number,
  change: ConfigChange,
  config: Readonly<ChannelConfig>,
): number {
  const value = change[field];
  if (value === undefined) return config[field];
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw new Refusal({
    code: "invalid_config",
    exit: exitCode.usage,
    message: `Invalid channel config: ${field} must be a whole number from 0 to ${most}`,
    hint: "0 means no limit",
  });
}
