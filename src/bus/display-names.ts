// Names as shown: base name with the tag in front, looked up at the time of showing.
import { fullName } from "../core/names/address.ts";
import { getInstance } from "../store/instances.ts";
import type { Bus } from "./bus.ts";

/** A lookup that asks the log once per name. */
export function displayNames(bus: Bus): (base: string) => string {
  const known = new Map<string, string>();
  return (base) => {
    const before = known.get(base);
    if (before !== undefined) return before;
    const row = getInstance(bus.db, base);
    const shown = row === undefined ? base : fullName(row);
    known.set(base, shown);
    return shown;
  };
}
