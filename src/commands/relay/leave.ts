// Leaving the group for a time, alone or with all.
import { openBus } from "../../bus/bus.ts";
import type { Call } from "../../cli/command.ts";
import { exitCode } from "../../core/refusal.ts";
import { awaitPublished } from "../../relay/await-published.ts";
import { stopWorker } from "../../relay/daemon.ts";
import { askAllToLeave, requireRelay, setEnabled } from "../../relay/group.ts";

export async function runOff(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "relay" });
  const config = requireRelay(bus);
  let asked: { sent: number; devices: number } | undefined;
  if (call.flags.has("all") && config.isEnabled) {
    const { ids, devices } = askAllToLeave(bus);
    asked = { sent: await awaitPublished(bus, ids), devices: devices.length };
  }
  setEnabled(bus, false);
  const { how } = await stopWorker(bus);
  if (call.json) {
    call.out.json({
      ok: true,
      enabled: false,
      worker: how,
      ...(asked === undefined ? {} : { asked }),
    });
    return exitCode.ok;
  }
  if (asked !== undefined) {
    const text =
      asked.devices === 0
        ? "No other device to ask."
        : `Asked ${asked.sent} of ${asked.devices} devices to leave; who heard it is not known.`;
    call.out.line(text);
  } else if (call.flags.has("all")) call.out.line("Nobody was asked: the relay was off already.");
  call.out.line("Relay: disabled");
  call.out.line("Connect again: hcom relay on");
  return exitCode.ok;
}
