// Three devices, each behind a wire of its own, and what must hold when everything was said: it is
// on every device once, in the order of who said it, and each ledger says what the others' say.
import { send } from "../../src/bus/mail/send.ts";
import { asObject, asText, parseJson } from "../../src/core/json.ts";
import { until } from "../kit/until.ts";
import { type Device, device, group, type LabBroker } from "./lab.ts";
import { type Wire, wireTo } from "./wire.ts";

export interface Station {
  device: Device;
  wire: Wire;
  sent: string[];
}

export type Stations = readonly [Station, Station, Station];

/** In one group, with an agent `luna` on each, and known to each other. */
export async function threeDevices(dir: string, broker: LabBroker): Promise<Stations> {
  const of = async (short: string): Promise<Station> => {
    const wire = await wireTo(broker.tlsPort);
    return { device: device(dir, short), wire, sent: [] };
  };
  const all: Stations = [await of("ANNA"), await of("BOXE"), await of("CORA")];
  const [first, ...others] = all;
  const url = ({ wire }: Station) => `mqtts://127.0.0.1:${wire.port}`;
  const token = await group({ url: url(first), ca: broker.ca }, first.device);
  for (const one of others) await one.device.join(token, broker, url(one));
  for (const { device: one } of all) await one.agent("luna");
  const known = "SELECT count(*) AS n FROM instances WHERE origin_device_id <> ''";
  for (const { device: one } of all) {
    await until(() => one.bus.db.get<{ n: number }>(known)?.n === 2, {
      timeoutMs: 30_000,
      what: `the others at ${one.short}`,
      dump: async () => (await one.hcom("relay")).out,
    });
  }
  return all;
}

export async function closeDevices(all: Stations): Promise<void> {
  for (const { device: one, wire } of all) {
    await one[Symbol.asyncDispose]();
    await wire[Symbol.asyncDispose]();
  }
}

/** To everybody, or to the agent of one other device. */
export function say({ device: one, sent }: Station, to: Station | undefined): void {
  const text = `${one.short} ${sent.length}`;
  const targets = to === undefined || to.device === one ? [] : [`luna:${to.device.short}`];
  send(one.bus, { sender: { kind: "external", name: "storm" }, targets, text });
  sent.push(text);
}

export function missing(all: Stations): string[] {
  return all.flatMap((one) => {
    return all.flatMap((from) => {
      const there = new Set(textsOf(one, from));
      const texts = from.sent.filter((text) => !there.has(text));
      return texts.map((text) => `${text} at ${one.device.short}`);
    });
  });
}

export function doubled(all: Stations): string[] {
  return pairs(all).flatMap(([one, from]) => {
    const seen = new Set<string>();
    const twice = textsOf(one, from).filter((text) => seen.size === seen.add(text).size);
    return twice.map((text) => `${text} at ${one.device.short}`);
  });
}

/** Where what is there stands in another order than it was said in. */
export function disordered(all: Stations): string[] {
  return pairs(all).flatMap(([one, from]) => {
    const texts = [...new Set(textsOf(one, from))];
    const there = new Set(texts);
    const isEven = texts.join() === from.sent.filter((text) => there.has(text)).join();
    return isEven ? [] : [`the order of ${from.device.short} at ${one.device.short}`];
  });
}

/** Lines of which the sender's ledger does not say what that of its reader's device says. */
export function disagreements(all: Stations): string[] {
  return pairs(all).flatMap(([there, from]) => {
    if (there === from) return [];
    const said = linesFor(from, there);
    const true_ = new Map(linesOf(there, from).map((line) => [keyOf(line), line.state]));
    const wrong = said.filter((line) => true_.get(keyOf(line)) !== line.state);
    const more = true_.size - said.length;
    const of = `from ${from.device.short} at ${there.device.short}`;
    return [
      ...wrong.map((line) => `${keyOf(line)} ${of}: ${line.state}, ${true_.get(keyOf(line))}`),
      ...(more > 0 ? [`${more} lines ${of} that its sender does not know`] : []),
    ];
  });
}

interface Line {
  message: number;
  name: string;
  state: string;
}

const keyOf = ({ message, name }: Line) => `#${message} ${name}`;

/** As its sender believes. */
function linesFor(from: Station, { device: there }: Station): Line[] {
  const suffix = `:${there.short}`;
  return from.device.bus.db.all<Line>(
    `SELECT message_id AS message, replace(recipient, ?1, '') AS name,
       iif(arrived_at IS NULL, 'not arrived', state) AS state FROM deliveries
     JOIN events ON events.id = message_id
     WHERE recipient LIKE '%' || ?1 AND instance NOT LIKE '%:%'`,
    suffix,
  );
}

function linesOf({ device: there }: Station, { device: from }: Station): Line[] {
  return there.bus.db.all<Line>(
    `SELECT o.remote_id AS message, d.recipient AS name, d.state FROM deliveries AS d
     JOIN relay_origins AS o ON o.event_id = d.message_id
     JOIN relay_devices AS r ON r.uuid = o.device
     WHERE r.short = ? AND d.recipient NOT LIKE '%:%' AND d.recipient <> 'bigboss'`,
    from.short,
  );
}

function pairs(all: Stations): (readonly [Station, Station])[] {
  return all.flatMap((one) => all.map((other) => [one, other] as const));
}

function textsOf({ device: one }: Station, from: Station): string[] {
  const rows = one.bus.db.all<{ data: string }>(
    "SELECT data FROM events WHERE type = 'message' ORDER BY id",
  );
  const texts = rows.map((row) => asText(asObject(parseJson(row.data))["text"]) ?? "");
  return texts.filter((text) => text.startsWith(`${from.device.short} `));
}
