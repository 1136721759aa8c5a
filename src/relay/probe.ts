// Is a broker there, and does its certificate hold? Neither the group nor a password is told to it.
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Broker } from "../core/relay/broker.ts";
import { trusted } from "./trust.ts";

export type Probe = { ok: true; ms: number } | { ok: false; why: string };

const patienceMs = 5000;

export function probe(broker: Broker, ca: string | undefined): Promise<Probe> {
  const { host, port } = broker;
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (result: Probe) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const ready = () => done({ ok: true, ms: Math.round(performance.now() - began) });
    const socket = broker.isTls
      ? connectTls({ host, port, ca: trusted(ca), ...serverName(host) }, ready)
      : connectTcp({ host, port }, ready);
    const timer = setTimeout(() => done({ ok: false, why: "no answer within 5 s" }), patienceMs);
    socket.on("error", (error) => done({ ok: false, why: whyNot(error) }));
    socket.on("close", () => done({ ok: false, why: "it closed the connection" }));
  });
}

/** RFC 6066: a server name is never an address. */
export function serverName(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name server does not answer",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "no way to that host",
  ENETUNREACH: "no network",
};

/** In words; what is wrong with a certificate is said as TLS says it. */
export function whyNot(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  return (
    reasons[code] ??
    (/CERT|SELF_SIGNED|ISSUER|ALTNAME/i.test(`${code} ${error.message}`)
      ? `its certificate is not trusted (${error.message || code})`
      : error.message || code || "unknown")
  );
}
