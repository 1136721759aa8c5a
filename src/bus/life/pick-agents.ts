// Several agents by name, by tag, or all: the words of `stop` and `kill`.
import type { Instance } from "../../core/instance.ts";
import { didYouMean } from "../../core/names/suggest.ts";
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
    const rows = here.filter((row) => row.tag === first.slice(4));
    if (rows.length === 0) throw noSuchTag(first, here);
    return { kind: "tag", label: ` ${first}`, rows };
  }
  return { kind: "names", label: "", rows: words.map(byName) };
}

function noSuchTag(word: string, here: readonly Instance[]): Refusal {
  const tags = [...new Set(here.flatMap(({ tag }) => (tag === null ? [] : [`tag:${tag}`])))];
  return new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `nobody here has ${word}${didYouMean(word, tags)}`,
    hint: tags.length === 0 ? "nobody has a tag: hcom list" : `Available: ${tags.join(", ")}`,
  });
}
