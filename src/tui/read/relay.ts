// The group of machines as the dashboard shows it, from what the worker has written down.
import type { Bus } from "../../bus/bus.ts";
import { healthText } from "../../cli/person/relay-health.ts";
import { textOf } from "../../cli/style.ts";
import { ago } from "../../cli/when.ts";
import type { DeviceSeen, RelaySeen } from "../../view/world.ts";

export async function relaySeen(bus: Bus): Promise<RelaySeen> {
  const { relayStatus } = await import("../../relay/status.ts");
  const { health, config, ...status } = relayStatus(bus);
  return {
    isInGroup: config !== undefined,
    isEnabled: config?.isEnabled === true,
    health: healthText(health).map(textOf).join(""),
    isWell: health.kind === "connected",
    broker: status.broker ?? "",
    roundTripMs: status.roundTripMs,
    device: status.device ?? "",
    fingerprint: status.fingerprint ?? "",
    queued: status.queued,
    devices: status.devices.map(
      ({ short, presence, age, agents, skew }): DeviceSeen => ({
        ...{ short, presence, agents, heard: ago(age) },
        clock: skew === undefined ? "" : `its clock is ${Math.round(skew)} s off`,
      }),
    ),
    problems: status.problems,
  };
}
