// The envelope around everything that is published: suite, nonce, time, ciphertext. This is its
// layout and what it authenticates; the cipher itself is in `relay/seal.ts`.

/** XChaCha20-Poly1305. */
const suite = 1;
export const nonceBytes = 24;
const tagBytes = 16;
const headBytes = 1 + nonceBytes + 8;

export interface Sealed {
  nonce: Uint8Array;
  /** Unix seconds of the sender's clock. */
  seconds: number;
  /** Ciphertext with its tag. */
  body: Uint8Array;
}

export function packSealed({ nonce, seconds, body }: Sealed): Uint8Array {
  const bytes = new Uint8Array(headBytes + body.length);
  bytes[0] = suite;
  bytes.set(nonce, 1);
  bytes.set(timeBytes(seconds), 1 + nonceBytes);
  bytes.set(body, headBytes);
  return bytes;
}

/** Undefined: not of this form. Whether it is authentic only the cipher can tell. */
export function unpackSealed(bytes: Uint8Array): Sealed | undefined {
  if (bytes.length < headBytes + tagBytes || bytes[0] !== suite) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    nonce: bytes.slice(1, 1 + nonceBytes),
    seconds: Number(view.getBigUint64(1 + nonceBytes)),
    body: bytes.slice(headBytes),
  };
}

/** Group and topic stand in it, so that an envelope opens nowhere else. */
export function additionalData(place: {
  group: string;
  topic: string;
  seconds: number;
}): Uint8Array {
  const words = new TextEncoder().encode(`${place.group}\0${place.topic}\0`);
  const bytes = new Uint8Array(words.length + 8);
  bytes.set(words);
  bytes.set(timeBytes(place.seconds), words.length);
  return bytes;
}

function timeBytes(seconds: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const whole = Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : 0;
  new DataView(bytes.buffer).setBigUint64(0, BigInt(whole));
  return bytes;
}
