// One connection to a broker, from CONNECT to its end. It knows topics and bytes, nothing of what
// they mean, and it never connects again by itself: the worker decides when, and where to.
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import type { Broker } from "../../core/relay/broker.ts";
import { maxPacket } from "../../core/relay/payload.ts";
import { serverName, whyNot } from "../probe.ts";
import { trusted } from "../trust.ts";

export interface SessionOptions {
  broker: Broker;
  password: string | undefined;
  ca: string | undefined;
  clientId: string;
  /** The broker empties this topic when we are gone without a word. */
  willTopic: string;
  filter: string;
  onMessage(topic: string, bytes: Uint8Array, isRetained: boolean): void;
  /** Once, after it was open. */
  onEnd(failure: SessionFailure): void;
}

export interface SessionFailure {
  kind: "unreachable" | "refused" | "taken_over" | "lost";
  why: string;
}

export interface Session {
  /** What the broker takes at most, where it says so. */
  maxPacket: number | undefined;
  /** Resolves when the broker has it. */
  publish(topic: string, bytes: Uint8Array, isRetained: boolean): Promise<void>;
  /** A farewell: the will stays unsaid. */
  close(): Promise<void>;
}

const connectMs = 5000;
const publishMs = 10_000;

/** Throws a `SessionError`. */
export async function openSession(options: SessionOptions): Promise<Session> {
  try {
    return await open(options, 5);
  } catch (error) {
    if (!isOldBroker(error)) throw error;
    return await open(options, 4);
  }
}

export class SessionError extends Error {
  readonly failure: SessionFailure;
  constructor(failure: SessionFailure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** Reason codes of MQTT 5 and 3.1.1: "unsupported protocol version". Some hang up without one. */
function isOldBroker(error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  return error.message === hungUp || /protocol version/i.test(error.message);
}

const hungUp = "it closed the connection";

function open(options: SessionOptions, version: 4 | 5): Promise<Session> {
  const client = mqtt.connect(clientOptions(options, version));
  return new Promise((resolve, reject) => {
    let isOpen = false;
    let failure: SessionFailure = { kind: "unreachable", why: hungUp };
    client.on("error", (error) => {
      failure = failureOf(error);
    });
    client.on("disconnect", (packet) => {
      // MQTT 5 §3.14.2.1: session taken over.
      if (packet.reasonCode === 0x8e) failure = takenOver;
    });
    client.on("close", () => {
      client.end(true);
      if (isOpen) options.onEnd(failure);
      else reject(new SessionError(failure));
    });
    client.on("message", (topic, payload, packet: IPublishPacket) => {
      options.onMessage(topic, payload, packet.retain);
    });
    client.on("connect", (connack) => {
      const subscribed = () => {
        isOpen = true;
        failure = { kind: "lost", why: "the connection was lost" };
        resolve(sessionOn(client, connack.properties?.maximumPacketSize));
      };
      const wish = version === 5 ? ({ qos: 1, nl: true } as const) : ({ qos: 1 } as const);
      client.subscribe(options.filter, wish, (error) =>
        error === null ? subscribed() : client.end(true),
      );
    });
  });
}

const takenOver: SessionFailure = {
  kind: "taken_over",
  why: "another process with this device's id took the connection over",
};

function clientOptions(options: SessionOptions, version: 4 | 5): IClientOptions {
  const { broker, password, clientId, willTopic } = options;
  return {
    protocol: broker.isTls ? "mqtts" : "mqtt",
    host: broker.host,
    port: broker.port,
    ...(broker.isTls ? { ca: trusted(options.ca), ...serverName(broker.host) } : {}),
    ...(password === undefined ? {} : { username: "hcom", password }),
    clientId,
    protocolVersion: version,
    clean: true,
    keepalive: 30,
    reconnectPeriod: 0,
    connectTimeout: connectMs,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: willTopic, payload: Buffer.alloc(0), qos: 1, retain: true },
    ...(version === 5 ? { properties: { maximumPacketSize: maxPacket } } : {}),
  };
}

/** CONNACK reasons that say: not with this password. */
const forbidden = new Set([4, 5, 0x86, 0x87, 0x8c]);

function failureOf(error: Error): SessionFailure {
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "number" && forbidden.has(code)) {
    return { kind: "refused", why: "the broker refuses our password, or wants one" };
  }
  return { kind: "unreachable", why: whyNot(error) };
}

function sessionOn(client: MqttClient, limit: number | undefined): Session {
  return {
    maxPacket: limit,
    publish: (topic, bytes, retain) =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => reject(new SessionError({ kind: "lost", why }));
        const timer = setTimeout(() => fail("the broker did not confirm"), publishMs);
        client.once("close", gone);
        function gone() {
          clearTimeout(timer);
          fail("the connection was lost");
        }
        client.publish(topic, Buffer.from(bytes), { qos: 1, retain }, (error) => {
          clearTimeout(timer);
          client.off("close", gone);
          if (error) fail(error.message);
          else resolve();
        });
      }),
    close: () => client.endAsync(false).catch(() => client.endAsync(true)),
  };
}
