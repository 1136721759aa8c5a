// Several agents by name, by group, or all: the words of `stop`, `kill`, `term` and `list`.
import type { Instance } from "../../core/instance.ts";
import { didYouMean, listed } from "../../core/names/suggest.ts";
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
  if (words.includes("all") && words.length > 1) {
    throw new Refusal({
      code: "usage",
      exit: exitCode.usage,
      message: "all stands alone, not beside other names",
      hint: "name agents one by one, or give only all",
    });
  }
  const [first = ""] = words;
  const here = listInstances(bus.db).filter((row) => row.origin_device_id === "");
  if (first === "all") return { kind: "all", label: "", rows: here };
  const rows = words.flatMap((word) => groupOf(word, here) ?? [byName(word)]);
  const tag = words.length === 1 ? tagIn(first) : undefined;
  const picked = [...new Map(rows.map((row) => [row.name, row])).values()];
  if (tag !== undefined) return { kind: "tag", label: ` tag:${tag}`, rows: picked };
  return { kind: "names", label: "", rows: picked };
}

/** `tag:review`, and as it is addressed: `@review-` or `review-`. No name ends so. */
function tagIn(word: string): string | undefined {
  if (word.startsWith("tag:")) return word.slice(4);
  return /^@?(.+)-$/.exec(word)?.[1];
}

function groupOf(word: string, here: readonly Instance[]): Instance[] | undefined {
  const tag = tagIn(word)?.toLowerCase();
  if (tag === undefined) return undefined;
  const rows = here.filter((row) => row.tag?.toLowerCase() === tag);
  if (rows.length === 0) throw noSuchTag(`tag:${tagIn(word)}`, here);
  return rows;
}

function noSuchTag(word: string, here: readonly Instance[]): Refusal {
  const tags = [...new Set(here.flatMap(({ tag }) => (tag === null ? [] : [`tag:${tag}`])))];
  return new Refusal({
    code: "not_found",
    exit: exitCode.notFound,
    message: `nobody here has ${word}${didYouMean(word, tags)}`,
    hint: tags.length === 0 ? "nobody has a tag: hcom list" : listed(tags),
  });
}
