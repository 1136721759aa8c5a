// The worker's own life, and telling it to do its work now.

import { openBus } from "../../bus/bus.ts";
import type { Call } from "../../cli/command.ts";
import { healthText } from "../../cli/person/relay-health.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import type { Health } from "../../core/relay/health.ts";
import { peers } from "../../relay/beside.ts";
import { ensureWorker, stopWorker } from "../../relay/daemon.ts";
import { requireRelay } from "../../relay/group.ts";
import { isRunning, readRuntime } from "../../relay/runtime.ts";
import { relayStatus } from "../../relay/status.ts";
import { waitUntilHeard } from "../../relay/wait-until-heard.ts";
import { waitUntilSent } from "../../relay/wait-until-sent.ts";

const startMs = 5000;

export async function runDaemon(call: Call, word: string): Promise<number> {
  using bus = openBus(call.system, { writer: "relay" });
  const pid = isRunning(bus) ? readRuntime(bus)?.pid : undefined;
  switch (word) {
    case "status":
      return say(call, true, { running: pid !== undefined, pid: pid ?? null }, [
        pid === undefined ? "Daemon not running" : `Daemon: running (PID ${pid})`,
      ]);
    case "start": {
      requireRelay(bus);
      if (pid !== undefined)
        return say(call, true, { pid }, [`Daemon already running (PID ${pid})`]);
      return started(call, await ensureWorker(bus, startMs));
    }
    case "stop": {
      const { how, pid: stopped } = await stopWorker(bus);
      const lines = {
        stopped: "Daemon stopped",
        killed: "Daemon killed",
        not_running: "Daemon not running",
      };
      return say(call, true, { how, pid: stopped ?? null }, [lines[how]]);
    }
    case "restart": {
      requireRelay(bus);
      await stopWorker(bus);
      return started(call, await ensureWorker(bus, startMs));
    }
    default:
      throw new Refusal({
        code: "usage",
        exit: exitCode.usage,
        message: `"${word}" is none of status, start, stop, restart`,
      });
  }
}

/** `push` waits until all is out, `pull` until the others have said again all that was missed. */
export async function runNow(call: Call, word: "push" | "pull"): Promise<number> {
  using bus = openBus(call.system, { writer: "relay" });
  requireRelay(bus);
  const online = word === "pull" ? peers(bus).filter((one) => one.presence === "online") : [];
  const since = bus.system.now() / 1000;
  if (word === "pull") await stopWorker(bus);
  const health = await ensureWorker(bus, startMs);
  refuseDisabled(health);
  const isConnected = health.kind === "connected";
  const isSent = isConnected && (await waitUntilSent(bus));
  const silent = isConnected ? await waitUntilHeard(bus, online, since) : [];
  const { queued } = relayStatus(bus);
  const isDone = isSent && silent.length === 0;
  return say(call, isDone, { health, queued, silent }, [
    ...(isConnected ? [] : healthText(health).map(String)),
    ...(isSent ? [] : [`${queued} events pending`]),
    ...(silent.length === 0 ? [] : [`not all of it came from ${silent.join(", ")}`]),
    ...(isDone ? ["up to date"] : []),
  ]);
}

function started(call: Call, health: Health): number {
  refuseDisabled(health);
  const isUp = health.kind !== "waiting";
  const pid = "pid" in health ? health.pid : undefined;
  const ending =
    health.kind === "connected"
      ? ""
      : ` (${health.kind === "error" ? health.detail : "not yet connected"})`;
  return say(call, isUp, { health }, [`Daemon started (PID ${pid ?? "?"})${ending}`]);
}

function refuseDisabled({ kind }: Health): void {
  if (kind !== "disabled") return;
  throw new Refusal({
    code: "relay_disabled",
    message: "the relay is disabled",
    hint: "turn it on: hcom relay on",
  });
}

function say(call: Call, isOk: boolean, fields: object, lines: readonly string[]): number {
  if (call.json) call.out.json({ ok: isOk, ...fields });
  else for (const line of lines) call.out.line(line);
  return isOk ? exitCode.ok : exitCode.error;
}
