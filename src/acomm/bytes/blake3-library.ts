// A bundle of its own, see `blake3.ts`.
export { blake3 } from "@noble/hashes/blake3.js";
