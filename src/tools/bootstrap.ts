// The primer that an agent gets once: who it is, how messages come and go, what it can run.
// The words are in bootstrap.md; this file fills in names and leaves out what does not apply.
import main from "./bootstrap.md" with { type: "text" };
import subagent from "./bootstrap-subagent.md" with { type: "text" };

export interface BootstrapFacts {
  /** Base name, e.g. `luna`. */
  name: string;
  /** Group, or "". */
  tag: string;
  isHeadless: boolean;
  /** Do messages arrive by themselves, or does the agent have to listen? */
  delivery: "auto" | "adhoc";
  isLaunched: boolean;
  /** Other agents, by tool. */
  snapshot: readonly { tool: string; names: readonly string[] }[];
  /** Whose conversation it began as a copy of, or "". */
  forkOf: string;
  /** The human's own words, appended as they are; or "". */
  notes: string;
  /** The word by which the agent calls us. */
  commandWord: string;
  /** Names of parts that its person does not want it to be told. */
  leftOut?: readonly string[];
  /** What to write instead where the word is not found; or "". */
  path: string;
}

export function bootstrapText(facts: BootstrapFacts): string {
  const snapshot = facts.snapshot
    .filter((group) => group.names.length > 0)
    .map((group) => `${group.tool}: ${group.names.join(", ")}`)
    .join("\n");
  const parts = {
    tag: facts.tag !== "",
    headless: facts.isHeadless,
    auto: facts.delivery === "auto",
    adhoc: facts.delivery === "adhoc",
    unlaunched: !facts.isLaunched,
    snapshot: snapshot !== "",
    fork: facts.forkOf !== "",
    notes: facts.notes !== "",
    elsewhere: facts.path !== "",
  };
  return fill(without(choose(main, parts), facts.leftOut ?? []), {
    command: facts.commandWord,
    name: facts.name,
    display: facts.tag === "" ? facts.name : `${facts.tag}-${facts.name}`,
    tag: facts.tag,
    parent: facts.forkOf,
    snapshot,
    notes: facts.notes,
    path: facts.path,
  });
}

export function subagentBootstrapText(facts: {
  name: string;
  parent: string;
  commandWord: string;
}): string {
  return fill(subagent, { command: facts.commandWord, name: facts.name, parent: facts.parent });
}

export interface Part {
  /** The first word of its title. */
  name: string;
  text: string;
}

/** What stands before the first title belongs to the first part. */
export function partsOf(text: string): Part[] {
  const [head = "", ...parts] = text.split(/^(?=## )/m);
  return parts.map((part, at) => ({
    name: /^## (\w+)/.exec(part)?.[1]?.toLowerCase() ?? "",
    text: (at === 0 ? head + part : part).trimEnd(),
  }));
}

const closing = "</session-metadata>";

function without(text: string, names: readonly string[]): string {
  if (!names.some((name) => name !== "none")) return text;
  // The line that closes the block belongs to no part.
  const isClosed = text.trimEnd().endsWith(closing);
  const whole = isClosed ? text.trimEnd().slice(0, -closing.length) : text;
  const kept = partsOf(whole).filter((part) => !names.includes(part.name));
  const parts = kept.map((part) => `${part.text}\n`).join("\n");
  return isClosed ? `${parts}${closing}\n` : parts;
}

/** Keeps the parts between `<!-- if x -->` and `<!-- end -->` whose flag is on. */
function choose(text: string, parts: Readonly<Record<string, boolean>>): string {
  return text.replace(
    /<!-- if (\w+) -->\n(.*?)<!-- end -->\n/gs,
    (_all, flag: string, inner: string) => (parts[flag] === true ? inner : ""),
  );
}

/** One pass, so that nothing inside a filled-in text is taken for a placeholder. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all).trimEnd();
}
