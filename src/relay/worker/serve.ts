// What a device does for another one. Reading the log for who missed something is done here; all
// else by our own program as a child, as its owner would call it, so that every verb exists once.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RelayConfig } from "../../config/relay.ts";
import { asNumber, asObject, asText, parseJson } from "../../core/json.ts";
import { bytesOf } from "../../core/relay/batch.ts";
import { eventJson } from "../../core/relay/payload.ts";
import type { Request } from "../../core/relay/request.ts";
import { type ServedCall, servedActions, servedCall } from "../../core/relay/served-call.ts";
import { outgoingEvents } from "../../store/relay/outgoing.ts";
import { ensurePrivateDir } from "../../sys/files.ts";
import { ownProgram } from "../../sys/program.ts";
import { historyFor } from "../channel-history.ts";
import { environmentOf } from "../runtime.ts";
import { eventOf, eventsFor } from "./publish.ts";
import type { Station } from "./station.ts";

export interface Served {
  ok: boolean;
  result: unknown;
  /**
   * The result, made of the log up to the answer's own event: one that ended before it would leave
   * whoever asks one event behind for ever.
   */
  upTo?(newest: number): object;
}

/** What others may ask for here besides what they missed. */
export function capabilitiesOf(config: RelayConfig): readonly string[] {
  return config.remoteControl === "messages" ? [] : [...servedActions, "relay_off"];
}

export async function serve(station: Station, request: Request): Promise<Served> {
  const { bus, config, self } = station;
  const { action, params } = request;
  if (action === "events_range") {
    const range = rangeOf(request);
    const result = (newest: number) => eventsFor(bus, { ...range, newest });
    return { ok: true, result: undefined, upTo: result };
  }
  if (action === "channel_history") {
    const result = historyFor(bus, self, params, rangeOf(request).budget);
    return result === undefined ? refused("no such channel here") : { ok: true, result };
  }
  if (action === "event_part") return eventPart(station, request);
  if (!capabilitiesOf(config).includes(action)) {
    const isKnown = servedActions.includes(action);
    const why = isKnown ? "takes messages only (relay.remote_control)" : `does not know ${action}`;
    return refused(`${self.short} ${why}`);
  }
  const call = servedCall(action, params);
  if (call === undefined || typeof call === "string") return refused(call ?? "unknown action");
  return await run(station, call);
}

function refused(error: string): Served {
  return { ok: false, result: { error } };
}

async function run({ bus }: Station, call: ServedCall): Promise<Served> {
  ensurePrivateDir(bus.paths.tmp);
  const folder = mkdtempSync(`${bus.paths.tmp}/relay-`);
  try {
    const child = Bun.spawn([...ownProgram(), ...wordsOf(call, folder)], {
      cwd: bus.paths.home,
      env: environmentOf(bus),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), call.timeoutMs);
    const [out, err, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    clearTimeout(timer);
    if (child.signalCode === "SIGKILL") return refused("it took too long");
    const result = code === 0 ? call.result(out) : undefined;
    if (result !== undefined) return { ok: result["ok"] !== false, result };
    const said = err
      .trim()
      .replace(/^Error: /, "")
      .split("\n")[0];
    return refused(errorIn(out) ?? (said || `it ended with ${code}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wordsOf({ argv, secret }: ServedCall, folder: string): string[] {
  if (secret === undefined) return argv;
  const path = `${folder}/text`;
  writeFileSync(path, secret.text, { mode: 0o600 });
  const end = argv.indexOf("--");
  const at = end < 0 ? argv.length : end;
  return [...argv.slice(0, at), secret.flag, path, ...argv.slice(at)];
}

/** As commands say it with `--json`. */
function errorIn(printed: string): string | undefined {
  const found = asObject(parseJson(printed));
  return asText(asObject(found["error"])["message"]) ?? asText(found["error"]);
}

function rangeOf({ params }: Request): { after: number; budget: number } {
  const budget = Math.min(60_000, Math.max(1000, asNumber(params["max_bytes"]) ?? 60_000));
  return { after: Math.max(0, asNumber(params["after"]) ?? 0), budget };
}

const mostPartBytes = 60_000;

/** As JSON in JSON: quotes become four bytes, a character of many languages three. */
function partOf(text: string, offset: number, length: number): string {
  const part = text.slice(offset, offset + length);
  if (length === 1 || bytesOf(JSON.stringify(part)) <= mostPartBytes) return part;
  return partOf(text, offset, Math.floor(length / 2));
}

/** A piece of the JSON of one event that went out cut. */
function eventPart({ bus }: Station, { params }: Request): Served {
  const id = asNumber(params["id"]) ?? 0;
  const [row] = outgoingEvents(bus.db, { after: id - 1, upTo: id, limit: 1 });
  const event = row === undefined ? undefined : eventOf(row);
  if (event === undefined) return refused(`there is no event #${id}`);
  const text = JSON.stringify(eventJson(event));
  const offset = Math.max(0, asNumber(params["offset"]) ?? 0);
  const length = Math.min(40_000, Math.max(1, asNumber(params["length"]) ?? 40_000));
  return { ok: true, result: { text: partOf(text, offset, length), total: text.length } };
}
