// Remembers, per settings file of another program, what stood there before us and what we wrote
// last: a file nobody touched since goes back to exactly what it was, and what is ours in it is
// known without a mark in the file.
import type { Paths } from "../config/paths.ts";
import { asObject, asText, parseJson } from "../core/json.ts";
import { readText, removeFile, writeAtomic } from "../sys/files.ts";
import type { Known } from "../tools/tool.ts";

export interface SettingsRecord {
  /** What stood there before our first edit; null = there was no file. */
  first: string | null;
  /** What to put back where nobody touched the file since; null = no file. */
  original: string | null;
  /** What we wrote last. */
  written: string;
  /** Where the path pointed when there was no file behind it yet. */
  link: string | null;
  /** The outermost folder that we had to make. */
  folder: string | null;
  /** Trust in our hooks that we stored: hash by key. */
  trusted: Readonly<Record<string, string>>;
}

export function recordOf(paths: Paths, path: string): SettingsRecord | undefined {
  const stored = asObject(parseJson(readText(recordPath(paths, path)) ?? ""));
  const written = stored["written"];
  if (stored["path"] !== path || typeof written !== "string") return undefined;
  const original = textOrNull(stored["original"]);
  const trusted = Object.entries(asObject(stored["trusted"])).flatMap(([key, hash]) =>
    typeof hash === "string" ? [[key, hash] as const] : [],
  );
  return {
    // Older records have the last text before an edit only.
    first: "first" in stored ? textOrNull(stored["first"]) : original,
    original,
    written,
    link: asText(stored["link"]) ?? null,
    folder: asText(stored["folder"]) ?? null,
    trusted: Object.fromEntries(trusted),
  };
}

export function keepRecord(paths: Paths, path: string, record: SettingsRecord | undefined): void {
  const file = recordPath(paths, path);
  if (record === undefined) removeFile(file);
  else writeAtomic(file, JSON.stringify({ path, ...record }));
}

export function knownFrom(record: SettingsRecord | undefined): Known {
  return record === undefined ? {} : { first: record.first, trusted: record.trusted };
}

/** An empty text is one, too. */
function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function recordPath(paths: Paths, path: string): string {
  return `${paths.backups}/${Bun.hash(path).toString(16)}.json`;
}
