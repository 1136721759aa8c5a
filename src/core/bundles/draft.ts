// What a bundle may be: its parts as somebody wrote them, each refused with what is wrong with it.
import type { BundleRefs, TranscriptRef } from "../events/bundle.ts";
import { type Detail, details } from "../events/detail.ts";
import { asText, isObject } from "../json.ts";
import { bareName } from "../names/address.ts";
import { didYouMean } from "../names/suggest.ts";
import { controlCharacter } from "../printable.ts";
import { exitCode, Refusal } from "../refusal.ts";
import { parseSpan } from "../transcript/exchange.ts";

export interface BundleDraft {
  title: string;
  description: string;
  refs: BundleRefs;
  extends?: string;
}

const limits = { title: 200, description: 10_000, cost: 15_000 };
/** What an entry costs its reader, roughly: ranges are not counted out. */
const costs = { files: 1, events: 50, transcript: 500 } as const;
const kinds = ["events", "files", "transcript"] as const;

/** `written` is JSON that somebody gave, or was made of flags. */
export function readBundle(written: unknown): BundleDraft {
  if (!isObject(written)) throw bad("a bundle is an object with title, description and refs");
  const title = line("the title", textOf(written, "title").trim());
  const description = plain("the description", textOf(written, "description").trim());
  const refs = refsOf(written["refs"]);
  const parent = written["extends"];
  if (parent !== undefined && typeof parent !== "string")
    throw bad('"extends" is the id of a bundle');
  if (parent !== undefined) line('"extends"', parent);
  return { title, description, refs, ...(parent === undefined ? {} : { extends: parent }) };
}

function textOf(written: Record<string, unknown>, key: "title" | "description"): string {
  const text = written[key];
  if (typeof text !== "string" || text.trim() === "") {
    throw bad(`a bundle needs a ${key}: --${key} TEXT`);
  }
  if (text.length <= limits[key]) return text;
  throw bad(`the ${key} has ${text.length} characters, the limit is ${limits[key]}`);
}

/** Without what steers a terminal: readers have it on theirs, and agents before them. */
function plain(what: string, text: string): string {
  const found = controlCharacter(text);
  if (found === undefined) return text;
  throw bad(`${what} has ${found}`, "tabs are allowed, in the description line breaks, too");
}

function line(what: string, text: string): string {
  if (/[\n\r\u2028\u2029]/.test(text)) throw bad(`${what} is one line`);
  return plain(what, text);
}

function refsOf(written: unknown): BundleRefs {
  const given = isObject(written) ? written : {};
  for (const kind of kinds) {
    const list = given[kind];
    if (list !== undefined && !Array.isArray(list)) throw bad(`refs.${kind} must be a list`);
  }
  const lists = kinds.map((kind): [typeof kind, unknown[]] => {
    const list = given[kind];
    return [kind, Array.isArray(list) ? list : []];
  });
  const missing = lists.filter(([, list]) => list.length === 0).map(([kind]) => kind);
  if (missing.length > 0) {
    const flags = missing.map((kind) => `--${kind} ${examples[kind]}`).join(" ");
    throw bad(
      `a bundle points to events, files and a transcript: ${missing.join(" and ")} missing`,
      `add ${flags}; proposals: hcom bundle prepare`,
    );
  }
  const cost = lists.reduce((sum, [kind, list]) => sum + costs[kind] * list.length, 0);
  if (cost > limits.cost) {
    throw bad(
      `too much for one bundle: about ${cost} of ${limits.cost} (a file counts ${costs.files}, ` +
        `events ${costs.events}, a part of a transcript ${costs.transcript})`,
      "split it: a second bundle goes on with --extends ID",
    );
  }
  const [events = [], files = [], transcript = []] = lists.map(([, list]) => list);
  return {
    events: events.map(eventsOf),
    files: files.map(fileOf),
    transcript: transcript.map(transcriptOf),
  };
}

const examples = { events: "12,20-25", files: "src/a.ts", transcript: "3-14:normal" } as const;

/** `123`, or `124-130`. */
export function parseEvents(written: string): { from: number; to: number } | undefined {
  const [, first, last = first] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(written) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return first !== undefined && from > 0 && from <= to ? { from, to } : undefined;
}

function eventsOf(written: unknown): string {
  const text = typeof written === "number" ? String(written) : written;
  if (typeof text === "string" && parseEvents(text.trim()) !== undefined) return text.trim();
  throw bad(`${shown(written)} is no event: write its number, or two, like 124-130`);
}

function fileOf(written: unknown): string {
  if (typeof written === "string" && written.trim() !== "") {
    return line("the path of a file", written);
  }
  throw bad(`${shown(written)} is no path of a file`);
}

/** `[AGENT:]RANGE[:DETAIL]`, or the same as an object. */
function transcriptOf(written: unknown): TranscriptRef {
  if (isObject(written)) {
    const note = asText(written["note"]);
    const agent = asText(written["agent"]);
    return {
      range: rangeOf(written["range"]),
      detail: detailOf(written["detail"] ?? "normal"),
      ...(note === undefined ? {} : { note: line("the note on a transcript", note) }),
      ...(agent === undefined ? {} : { agent: bareName(agent) }),
    };
  }
  if (typeof written !== "string") throw noTranscript(written);
  const parts = written.trim().split(":");
  const agent = /^[\d-]*$/.test(parts[0] ?? "") ? undefined : parts.shift();
  const [range, detail = "normal", ...more] = parts;
  if (range === undefined || more.length > 0) throw noTranscript(written);
  return {
    range: rangeOf(range),
    detail: detailOf(detail),
    ...(agent === undefined ? {} : { agent: bareName(agent) }),
  };
}

function rangeOf(written: unknown): string {
  const text = typeof written === "number" ? String(written) : written;
  if (typeof text !== "string") throw noTranscript(written);
  parseSpan(text);
  return text.trim();
}

function detailOf(written: unknown): Detail {
  const found = details.find((one) => one === written);
  if (found !== undefined) return found;
  const guess = typeof written === "string" ? didYouMean(written, details) : "";
  throw bad(
    `no transcript is shown ${shown(written)}${guess}`,
    `it is one of: ${details.join(", ")}`,
  );
}

function noTranscript(written: unknown): Refusal {
  return bad(`${shown(written)} is no part of a transcript: write RANGE:DETAIL, like 3-14:full`);
}

function shown(written: unknown): string {
  const text = typeof written === "string" ? written : (JSON.stringify(written) ?? "");
  return `"${text.slice(0, 80)}"`;
}

function bad(message: string, hint = "see: hcom bundle --help"): Refusal {
  return new Refusal({ code: "invalid_bundle", exit: exitCode.usage, message, hint });
}
