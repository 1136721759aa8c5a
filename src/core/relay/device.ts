// What a device may be called: a short id in capitals behind the colon of its agents' names.
import { isBaseName } from "../names/name.ts";

/** Seconds without a word after which a device counts as away. */
export const awayAfter = 90;

const shortForm = /^[A-Z0-9]{2,12}$/;
const longestName = 64;

/** As announced or written by a person; undefined: none that can stand behind a colon. */
export function shortIdOf(text: string): string | undefined {
  const short = text.trim().toUpperCase();
  return shortForm.test(short) ? short : undefined;
}

/** Of an agent on its own device, as it comes from another one. */
export function isRemoteBase(name: string): boolean {
  return name.length <= longestName && isBaseName(name) && !/^(?:_|sys_)/.test(name);
}
