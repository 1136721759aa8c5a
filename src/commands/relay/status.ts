// How the relay is, for people and scripts.
import { openBus } from "../../bus/bus.ts";
import type { Call } from "../../cli/command.ts";
import { healthText } from "../../cli/person/relay-health.ts";
import { style } from "../../cli/style.ts";
import { ago } from "../../cli/when.ts";
import { exitCode } from "../../core/refusal.ts";
import { parseBroker } from "../../core/relay/broker.ts";
import type { Peer } from "../../relay/beside.ts";
import { type RelayStatus, relayStatus } from "../../relay/status.ts";

export async function showStatus(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "relay" });
  const status = relayStatus(bus);
  const ping = call.flags.has("ping") ? await pingOf(status) : undefined;
  if (call.json)
    call.out.json({ ok: true, ...fieldsOf(status), ...(ping === undefined ? {} : { ping }) });
  else print(call, status, ping);
  return exitCode.ok;
}

async function pingOf({ config, broker }: RelayStatus): Promise<string | undefined> {
  const place = parseBroker(broker ?? "");
  if (place === undefined) return undefined;
  const { probe } = await import("../../relay/probe.ts");
  const result = await probe(place, config?.ca);
  return result.ok ? `${result.ms} ms` : result.why;
}

function fieldsOf(status: RelayStatus): object {
  const { health, config, broker, device, fingerprint, queued, lastPush, devices, problems } =
    status;
  return {
    configured: config !== undefined,
    enabled: config?.isEnabled === true,
    health,
    broker: broker ?? null,
    round_trip_ms: status.roundTripMs ?? null,
    device: device ?? null,
    fingerprint: fingerprint ?? null,
    remote_control: config?.remoteControl ?? null,
    queued,
    last_push_age_s: lastPush === undefined ? null : Math.round(lastPush),
    devices: devices.map(({ short, uuid, presence, age, agents, skew }) => ({
      ...{ short, uuid, presence, age_s: Math.round(age), agents },
      clock_ahead_s: skew === undefined ? null : Math.round(skew),
    })),
    problems,
  };
}

function print(call: Call, status: RelayStatus, ping: string | undefined): void {
  const { out } = call;
  const { health, config } = status;
  if (health.kind === "not_configured") {
    out.line("Relay: not configured");
    out.line("A group connects the agents of several machines.");
    out.line("Make one: hcom relay new; or join one: hcom relay connect TOKEN");
    return;
  }
  if (health.kind === "disabled") {
    out.line(style.warn("Relay: disabled"));
    out.line("Connect again: hcom relay on");
    return;
  }
  const trip = status.roundTripMs === undefined ? "" : ` (${status.roundTripMs} ms)`;
  out.line("Status:    ", ...healthText(health));
  out.line(`Broker:    ${status.broker ?? ""}${ping === undefined ? trip : ` (${ping})`}`);
  out.line(`Device:    ${status.device ?? ""}`);
  out.line(`Queued:    ${status.queued === 0 ? "up to date" : `${status.queued} events pending`}`);
  out.line(`Last push: ${status.lastPush === undefined ? "never" : ago(status.lastPush)}`);
  out.line(`Key:       ${status.fingerprint ?? ""}`);
  if (config?.remoteControl === "messages")
    out.line("Others may: write to agents here, nothing else");
  out.line("");
  printDevices(call, status.devices);
  for (const problem of status.problems) out.line(style.warn(`! ${problem}`));
}

function printDevices(call: Call, devices: readonly Peer[]): void {
  const { out } = call;
  if (devices.length === 0) {
    out.line("No other devices yet. The line for them: hcom relay token");
    return;
  }
  out.line(`Devices:   ${devices.length + 1} known`);
  const labels = { online: "online:", away: "away:", left: "left:" } as const;
  for (const presence of ["online", "away", "left"] as const) {
    const some = devices.filter((one) => one.presence === presence);
    if (some.length > 0)
      out.line(`  ${labels[presence].padEnd(8)} ${some.map(peerText).join(", ")}`);
  }
}

function peerText({ short, age, agents }: Peer): string {
  const count = agents === 1 ? "1 agent" : `${agents === 0 ? "no" : agents} agents`;
  return `${short} (${ago(age)}, ${count})`;
}
