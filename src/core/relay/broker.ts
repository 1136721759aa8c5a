// Where a broker is: its URL taken apart. Without a scheme it is TLS.

export interface Broker {
  host: string;
  port: number;
  isTls: boolean;
}

/** In the order of preference. Tokens name them by their place: append only. */
export const publicBrokers: readonly Broker[] = [
  { host: "broker.emqx.io", port: 8883, isTls: true },
  { host: "broker.hivemq.com", port: 8883, isTls: true },
  { host: "test.mosquitto.org", port: 8886, isTls: true },
];

const form = /^(?:(mqtts?):\/\/)?(\[[0-9A-Fa-f:.]+\]|[^\s:/@[\]]+)(?::(\d{1,5}))?\/?$/;

/** `mqtts://host[:port]`, `mqtt://host[:port]` or `host[:port]`; IPv6 in brackets. */
export function parseBroker(text: string): Broker | undefined {
  const match = form.exec(text.trim());
  const [, scheme, host = "", port] = match ?? [];
  if (match === null) return undefined;
  const isTls = scheme !== "mqtt";
  const usual = isTls ? 8883 : 1883;
  const number = port === undefined ? usual : Number(port);
  if (number < 1 || number > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ""), port: number, isTls };
}

export function brokerUrl({ host, port, isTls }: Broker): string {
  const written = host.includes(":") ? `[${host}]` : host;
  return `${isTls ? "mqtts" : "mqtt"}://${written}:${port}`;
}

export function isPublic(broker: Broker): boolean {
  return publicBrokers.some((one) => one.host === broker.host);
}
