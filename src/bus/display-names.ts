// Names as shown: base name with the tag in front, looked up at the time of showing.
import { fullName } from "../core/address.ts";
import { getInstance } from "../store/instances.ts";
import type { Bus } from "./bus.ts";

/** A lookup that asks the log once per name. */
export function displayNames(bus: Bus): (base: string) => string {
  const known = new Map<string, string>();
  return (base) => {
    let shown = known.get(base);
    if (shown === undefined) {
      const row = getInstance(bus.db, base);
      shown = row === undefined ? base : fullName(row);
      known.set(base, shown);
    }
    return shown;
  };
}
