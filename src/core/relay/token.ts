// The join token: one line of base64url that holds the group, its key and its broker. Version 4 is
// the one in use; 1 and 2 carry no key, and are known only to say so. There is no checksum.

import { type Broker, brokerUrl, parseBroker, publicBrokers } from "./broker.ts";

export interface Group {
  /** The group's uuid in lower case, as it stands in topics and in additional data. */
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
  /** `mqtts://host:port` or `mqtt://host:port`. */
  url: string;
}

export type TokenRead =
  | { kind: "group"; group: Group }
  /** Of a time before messages were encrypted. */
  | { kind: "keyless" }
  | { kind: "invalid" };

const keyBytes = 32;
const headBytes = 1 + 16 + keyBytes;

export function encodeToken(group: Group): string {
  const tail = tailOf(group.url);
  const bytes = new Uint8Array(headBytes + tail.length);
  bytes[0] = 4;
  bytes.set(uuidBytes(group.id), 1);
  bytes.set(group.key, 17);
  bytes.set(tail, headBytes);
  return toBase64Url(bytes);
}

/** A listed broker is one byte, whether its URL was written with TLS or without. */
function tailOf(url: string): Uint8Array {
  const { host, port } = parseBroker(url) ?? { host: "", port: 0 };
  const at = publicBrokers.findIndex((one) => one.host === host && one.port === port);
  return at < 0 ? new TextEncoder().encode(url) : Uint8Array.of(at);
}

export function decodeToken(text: string): TokenRead {
  const bytes = fromBase64Url(text.trim());
  if (bytes === undefined || bytes.length < 17) return { kind: "invalid" };
  const id = uuidText(bytes.subarray(1, 17));
  if (bytes[0] === 1) return publicAt(bytes[17]) === undefined ? invalid : { kind: "keyless" };
  if (bytes[0] === 2) return { kind: "keyless" };
  if (bytes[0] !== 4 || bytes.length <= headBytes) return invalid;
  const url = urlIn(bytes.subarray(headBytes));
  if (url === undefined || parseBroker(url) === undefined) return invalid;
  return { kind: "group", group: { id, key: bytes.slice(17, headBytes), url } };
}

const invalid: TokenRead = { kind: "invalid" };

/** Exactly one byte is a place in the list; more are the URL itself. */
function urlIn(tail: Uint8Array): string | undefined {
  if (tail.length === 1) {
    const broker = publicAt(tail[0]);
    return broker === undefined ? undefined : brokerUrl(broker);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(tail);
  } catch {
    return undefined;
  }
}

function publicAt(index: number | undefined): Broker | undefined {
  return index === undefined ? undefined : publicBrokers[index];
}

/** A key as it stands in the settings: base64url of 32 bytes. */
export function keyOf(text: string): Uint8Array | undefined {
  const bytes = fromBase64Url(text.trim());
  return bytes?.length === keyBytes ? bytes : undefined;
}

const alphabet = /^[A-Za-z0-9_-]*={0,2}$/;

function fromBase64Url(text: string): Uint8Array | undefined {
  if (!alphabet.test(text)) return undefined;
  const bare = text.replace(/=+$/, "");
  // Six bits alone are no byte.
  if (bare.length % 4 === 1) return undefined;
  const binary = atob(bare.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

export function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return uuidForm.test(text);
}

function uuidBytes(uuid: string): Uint8Array {
  const hex = uuid.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
}

function uuidText(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
