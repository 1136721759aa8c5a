// Names as shown: base name with the tag in front, looked up at the time of showing; of one that
// has stopped the tag of its last life.
import { snapshotIn } from "../core/events/life.ts";
import { fullName } from "../core/names/address.ts";
import { listed, nearest } from "../core/names/suggest.ts";
import { latestStopped } from "../store/events.ts";
import { getInstance, listInstances } from "../store/instances.ts";
import type { Bus } from "./bus.ts";

/** A lookup that asks the log once per name. */
export function displayNames(bus: Bus): (base: string) => string {
  const known = new Map<string, string>();
  return (base) => {
    const before = known.get(base);
    if (before !== undefined) return before;
    const row = getInstance(bus.db, base) ?? snapshotIn(latestStopped(bus.db, base));
    const shown = row === undefined ? base : fullName(row);
    known.set(base, shown);
    return shown;
  };
}

/** For those who named nobody: everybody here, and whom they may have meant, by either name. */
export function whoIsHere(bus: Bus, written: string): { available: string; close?: string } {
  const rows = listInstances(bus.db);
  const names = rows.map(fullName);
  const meant = new Map(rows.map((row) => [row.name, fullName(row)]));
  const close = nearest(written, [...meant.keys(), ...names]);
  const available = names.length === 0 ? "" : listed(names);
  return { available, ...(close !== undefined && { close: meant.get(close) ?? close }) };
}
