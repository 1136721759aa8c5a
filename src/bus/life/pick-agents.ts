// Several agents by name, by tag, or all: the words of `stop` and `kill`.
import type { Instance } from "../../core/instance.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { listInstances } from "../../store/instances.ts";
import type { Bus } from "../bus.ts";

export interface Picked {
  kind: "names" | "tag" | "all";
  /** Said after "Stopped": empty, or ` tag:x`. */
  label: string;
  rows: Instance[];
}

export function pickAgents(
  bus: Bus,
  words: readonly string[],
  byName: (word: string) => Instance,
): Picked {
  const isWide = words.includes("all") || words.some((word) => word.startsWith("tag:"));
  if (isWide && words.length > 1) {
    throw new Refusal({
      code: "usage",
      exit: exitCode.usage,
      message: `all and tag: stand alone, not beside other names`,
      hint: "name agents one by one, or give only all or tag:TAG",
    });
  }
  const [first = ""] = words;
  const here = listInstances(bus.db).filter((row) => row.origin_device_id === "");
  if (first === "all") return { kind: "all", label: "", rows: here };
  if (first.startsWith("tag:")) {
    const tag = first.slice(4);
    return { kind: "tag", label: ` ${first}`, rows: here.filter((row) => row.tag === tag) };
  }
  return { kind: "names", label: "", rows: words.map(byName) };
}
