// Closes and opens the envelopes of a group. The key of the group is the key of the cipher.
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { additionalData, nonceBytes, packSealed, unpackSealed } from "../core/relay/sealed.ts";
import { type Group, toBase64Url } from "../core/relay/token.ts";

export interface Opened {
  nonce: Uint8Array;
  seconds: number;
  text: string;
}

type SealedFor = Pick<Group, "id" | "key"> & { topic: string };

export function seal(
  { id, key, topic }: SealedFor,
  text: string,
  seconds: number,
  nonce: Uint8Array = crypto.getRandomValues(new Uint8Array(nonceBytes)),
): Uint8Array {
  const context = additionalData({ group: id, topic, seconds });
  const cipher = xchacha20poly1305(key, nonce, context);
  return packSealed({ nonce, seconds, body: cipher.encrypt(new TextEncoder().encode(text)) });
}

/** Undefined: not of this group, not for this topic, or altered. */
export function unseal({ id, key, topic }: SealedFor, bytes: Uint8Array): Opened | undefined {
  const sealed = unpackSealed(bytes);
  if (sealed === undefined) return undefined;
  const { nonce, seconds, body } = sealed;
  const context = additionalData({ group: id, topic, seconds });
  try {
    const plain = xchacha20poly1305(key, nonce, context).decrypt(body);
    return { nonce, seconds, text: new TextDecoder("utf-8", { fatal: true }).decode(plain) };
  } catch {
    return undefined;
  }
}

/** Eight characters by which two people see that they have the same key. */
export function fingerprint(key: Uint8Array): string {
  const hash = new Bun.CryptoHasher("sha256").update(key).digest();
  return toBase64Url(new Uint8Array(hash.subarray(0, 6)));
}
