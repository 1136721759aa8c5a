// Who a message is for: written targets to names. Finding mentions in a text is `address.ts`; what
// is for a given reader is a query over the log (store/).

import type { MessageData } from "../events/message.ts";
import { human } from "../instance.ts";
import { fullName } from "../names/address.ts";
import { listed, nearest } from "../names/suggest.ts";
import { exitCode, Refusal } from "../refusal.ts";
import { placeholderHint } from "./message.ts";

/** Somebody who can be written to. */
export interface Candidate {
  /** Base name; with a device suffix (`luna:BOXE`) when remote. */
  name: string;
  tag: string | null;
  remote: boolean;
  directory?: string | null;
}

export interface Resolution {
  /** Base names in the order of the targets, each once; may hold `bigboss`. */
  names: string[];
  /** Targets that hit several agents by their beginning only: easily an accident. */
  byPrefix: { target: string; names: string[] }[];
  /** Targets that were completed, whoever many they hit. */
  completed: { target: string; names: string[] }[];
  /** Targets that nobody answers to, as written. */
  unknown: string[];
}

export interface TargetQuestion {
  /** With or without `@`. */
  targets: readonly string[];
  candidates: readonly Candidate[];
}

export function resolveTargets(question: TargetQuestion): Resolution {
  const names = new Set<string>();
  const byPrefix: Resolution["byPrefix"] = [];
  const completed: Resolution["completed"] = [];
  const unknown: string[] = [];
  for (const written of question.targets) {
    const target = checkTarget(written);
    const hit = exactHits(target, question.candidates) ?? prefixHits(target, question.candidates);
    if (hit.names.length === 0) unknown.push(target);
    if (hit.isPrefix && hit.names.length > 1) byPrefix.push({ target, names: hit.names });
    if (hit.isPrefix && hit.names.length > 0) completed.push({ target, names: hit.names });
    for (const name of hit.names) names.add(name);
  }
  return { names: [...names], byPrefix, completed, unknown };
}

// An empty target would be the beginning of every name.
function checkTarget(written: string): string {
  const target = written.trim().replace(/^@/, "").replace(/:+$/, "");
  if (target !== "") return target;
  throw new Refusal({
    code: "empty_target",
    exit: exitCode.usage,
    message: `target "${written}" names nobody`,
    hint: "write a name after the @, or no target at all to reach everybody",
  });
}

interface Hit {
  names: string[];
  isPrefix: boolean;
}

function exactHits(target: string, candidates: readonly Candidate[]): Hit | undefined {
  const wanted = target.toLowerCase();
  const local = candidates.filter((one) => !one.remote);
  const exact = (names: string[]): Hit => ({ names, isPrefix: false });
  const base = candidates.find((one) => one.name.toLowerCase() === wanted);
  if (base !== undefined) return exact([base.name]);
  const full = candidates.find((one) => fullName(one).toLowerCase() === wanted);
  if (full !== undefined) return exact([full.name]);
  if (wanted === human || wanted.startsWith(`${human}:`)) return exact([human]);
  const group = local.filter((one) => `${one.tag ?? ""}-`.toLowerCase() === wanted);
  return group.length > 0 ? exact(group.map((one) => one.name)) : undefined;
}

function prefixHits(target: string, candidates: readonly Candidate[]): Hit {
  const starts = (name: string) => isBeginning(target, name);
  if (target.includes(":")) return { names: remoteHit(target, candidates), isPrefix: true };
  const local = candidates.filter((one) => !one.remote);
  const full = local.filter((one) => starts(fullName(one)));
  const hits = full.length > 0 ? full : local.filter((one) => starts(one.name));
  return { names: hits.map((one) => one.name), isPrefix: true };
}

/**
 * An underscore after the beginning blocks it: `luna` does not mean her subagent luna_explore_1.
 */
function isBeginning(target: string, name: string): boolean {
  return name.toLowerCase().startsWith(target.toLowerCase()) && name[target.length] !== "_";
}

function remoteHit(target: string, candidates: readonly Candidate[]): string[] {
  const remote = candidates.filter((one) => one.remote);
  const hits = remote.filter(
    (one) => isBeginning(target, one.name) || isBeginning(target, fullName(one)),
  );
  if (hits.length <= 1) return hits.map((one) => one.name);
  throw new Refusal({
    code: "ambiguous_target",
    message: `"${target}" could be ${hits.map((one) => `@${one.name}`).join(" or ")}`,
    hint: "write the whole name",
  });
}

/** Is this word, without an @, somebody's whole name? */
export function isNameOf(word: string, candidates: readonly Candidate[]): boolean {
  return !word.includes(" ") && exactHits(word, candidates) !== undefined;
}

export function unknownTargetsRefusal(problem: {
  unknown: readonly string[];
  candidates: readonly Candidate[];
}): Refusal {
  const { unknown, candidates } = problem;
  const written = unknown.map((target) => `@${target}`).join(", ");
  const meant = unknown.flatMap((target) => suggestions(target, candidates));
  const guess = meant.length === 0 ? "." : ` - did you mean ${[...new Set(meant)].join(", ")}?`;
  return new Refusal({
    code: "unknown_target",
    exit: exitCode.notFound,
    message: `no agent${unknown.length > 1 ? "s" : ""} ${written}${guess} ${available(candidates)}`,
    hint: placeholderHint(unknown) ?? "see who is there: hcom list",
  });
}

function suggestions(target: string, candidates: readonly Candidate[]): string[] {
  const wanted = target.toLowerCase();
  const elsewhere = candidates
    .filter((one) => one.remote)
    .filter((one) => [one.name, fullName(one)].some((name) => deviceless(name) === wanted));
  if (elsewhere.length > 0) return elsewhere.map((one) => `@${one.name}`);
  const spellings = new Map<string, string>([[human, human]]);
  for (const one of candidates) {
    for (const name of [one.name, fullName(one)]) {
      spellings.set(name, name);
      if (one.remote) spellings.set(deviceless(name), name);
    }
  }
  const close = nearest(target, [...spellings.keys()]);
  return close === undefined ? [] : [`@${spellings.get(close) ?? close}`];
}

function deviceless(name: string): string {
  return (name.split(":", 1)[0] ?? name).toLowerCase();
}

function available(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return "Available: nobody yet";
  return listed(candidates.map(fullName));
}

const wideSend = 3;

/** Somebody is about to reach more others than it may have meant to. */
export function needsConfirmation(plan: {
  insideTool: boolean;
  scope: MessageData["scope"];
  recipients: readonly string[];
  byPrefix: Resolution["byPrefix"];
  go: boolean;
  limit?: number;
}): boolean {
  if (!plan.insideTool || plan.go) return false;
  const isWide = plan.scope === "broadcast" && plan.recipients.length > (plan.limit ?? wideSend);
  return isWide || plan.byPrefix.length > 0;
}
