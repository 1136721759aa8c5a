// What one agent has of its own: tag, timeouts, hints. Empty or `default` gives it back to the
// configured value.

import type { Instance } from "../../core/instance.ts";
import { checkTag, fullName } from "../../core/names/address.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { findSetting } from "../../core/setting.ts";
import { updateInstance } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";

export function instanceSettings(bus: Bus, row: Instance) {
  return {
    name: row.name,
    full_name: fullName(row),
    tag: row.tag,
    timeout: row.wait_timeout ?? bus.settings.number("timeout"),
    hints: row.hints !== "" ? row.hints : bus.settings.text("hints"),
    subagent_timeout: row.subagent_timeout ?? bus.settings.number("subagent_timeout"),
  };
}

export function setInstanceSetting(bus: Bus, row: Instance, key: string, text: string): void {
  updateInstance(bus.db, row.name, patchOf(key, text === "default" ? "" : text));
}

function patchOf(key: string, text: string): Partial<Instance> {
  switch (key) {
    case "tag":
      if (text !== "") checkTag(text);
      return { tag: text === "" ? null : text };
    case "hints":
      return { hints: text };
    case "timeout":
      return { wait_timeout: seconds(key, text) };
    case "subagent_timeout":
      return { subagent_timeout: seconds(key, text) };
    default:
      throw new Refusal({
        code: "usage",
        exit: exitCode.usage,
        message: `an agent has no setting "${key}"`,
        hint: "it has: tag, timeout, hints, subagent_timeout",
      });
  }
}

function seconds(key: string, text: string): number | null {
  return text === "" ? null : Number(findSetting(key).check(text));
}
