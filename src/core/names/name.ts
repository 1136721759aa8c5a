// Names of agents: which words can be one, which of them we like, and how a new one is picked.
// Reserving a name (so that two processes never get the same) is the bus's.

import { human } from "../instance.ts";
import { Refusal } from "../refusal.ts";
import { curatedNames } from "./name-list.ts";

const consonants = "bdfghklmnprstvz";
const vowels = "aeiou";
const allNames = 5625;
const poolSize = 5000;

const curated = new Set(curatedNames);

// Words that name a command, that read as something else than a name in a sentence or a target
// (`@name`), or that nobody wants to be called.
const unfit = new Set(
  (
    "help exit quit sudo bash curl grep init list send stop test meta " +
    "name none here done file homo nazi puta puto rape"
  ).split(" "),
);

/** The higher, the rather we use it; -Infinity for a word that is never used. */
export function scoreName(name: string): number {
  if (unfit.has(name)) return Number.NEGATIVE_INFINITY;
  const [first = "", second = "", third = "", fourth = ""] = name;
  const liked = curated.has(name) ? likedPoints : 0;
  return consonantPoints(first, third) + vowelPoints(second, fourth) + liked;
}

const likedPoints = 100;

function consonantPoints(first: string, second: string): number {
  const sharp = Number("vz".includes(first)) + Number("vz".includes(second));
  const soft = "lrnm".includes(first) || "lrnm".includes(second) ? 40 : 0;
  return soft + (sharp === 1 ? 12 : 0) - (sharp === 2 ? 15 : 0);
}

function vowelPoints(first: string, last: string): number {
  return ("aeo".includes(last) ? 6 : 0) - (first === last ? 8 : 0);
}

let pool: string[] | undefined;

/** The words we give out, best first. Costly once; picking a name seldom needs it. */
export function namePool(): string[] {
  if (pool === undefined) {
    const words = Array.from({ length: allNames }, (_, index) => nameAt(index));
    const usable = words.filter((word) => !unfit.has(word));
    pool = bestFirst(usable, scoreName).slice(0, poolSize);
  }
  return [...pool];
}

function bestFirst(names: readonly string[], score: (name: string) => number): string[] {
  return names
    .map((name) => ({ name, score: score(name) }))
    .sort((a, b) => b.score - a.score)
    .map((one) => one.name);
}

export interface NameWish {
  /** Names of everybody who takes part now. */
  alive: readonly string[];
  /** Every name that is or was in use: a history is never shared by two agents. */
  taken: { has(name: string): boolean };
  /** 0 <= x < 1 */
  random: () => number;
}

/** A free name, chosen at random among the better ones and unlike those in use. */
export function pickName(wish: NameWish): string {
  const alive = wish.alive.map(wordOf);
  const cost = costOf(alive);
  const isFree = (name: string) => !wish.taken.has(name) && !alive.includes(name);
  const isFit = (name: string) => isFree(name) && !alive.some((other) => isSimilar(name, other));
  const drawn = draw(cost, isFit, wish.random);
  if (drawn !== undefined) return drawn;
  const ranked = bestFirst(namePool(), (name) => adjustedScore(name, cost));
  const chosen = ranked.find(isFit) ?? ranked.find(isFree);
  if (chosen !== undefined) return chosen;
  throw new Refusal({
    code: "no_free_name",
    message: `all ${poolSize} names are in use or were used before`,
    hint: "choose one yourself: hcom start --as <name>",
  });
}

/** The word an agent is called by: `luna` of `luna:BOXE`. */
function wordOf(name: string): string {
  return name.split(":", 1)[0] ?? name;
}

/** Points off for what somebody alive already has: the first letter, the last vowel. */
interface Cost {
  first(letter: string | undefined): number;
  last(letter: string | undefined): number;
}

const free: Cost = { first: () => 0, last: () => 0 };

function costOf(alive: readonly string[]): Cost {
  const firsts = new Set(alive.map((name) => name[0]));
  const lasts = new Set(alive.map((name) => name.at(-1)));
  return {
    first: (letter) => (firsts.has(letter) ? 80 : 0),
    last: (letter) => (lasts.has(letter) ? 20 : 0),
  };
}

function adjustedScore(name: string, cost: Cost): number {
  return scoreName(name) - cost.first(name[0]) - cost.last(name[3]);
}

const windowSize = 1200;
const maxDraws = 200;
const maxTries = 10_000;
/** How much a lower score matters: 30 points less make a name e times rarer. */
const temperature = 30;

// The odds of a weighted draw among the best `windowSize` names, without listing or weighing them:
// any name is proposed, and kept as often as its score deserves. Every start pays for this.
function draw(
  cost: Cost,
  isFit: (name: string) => boolean,
  random: () => number,
): string | undefined {
  const counts = countScores(cost);
  const best = Math.max(...counts.keys());
  const edge = edgeOf(counts, windowSize);
  const poolEdge = edgeOf(countScores(free), poolSize);
  let draws = 0;
  for (let turn = 0; turn < maxTries && draws < maxDraws; turn++) {
    const name = nameAt(Math.floor(random() * allNames));
    const score = adjustedScore(name, cost);
    if (score < edge.score) continue;
    const weight = Math.exp((score - best) / temperature);
    if (random() >= weight * (score === edge.score ? edge.share : 1)) continue;
    draws++;
    // A name at the edge of the pool may be outside of it.
    if (scoreName(name) > poolEdge.score && isFit(name)) return name;
  }
  return undefined;
}

/** How many names have which score. Vowels and consonants score apart: two short lists tell. */
function countScores(cost: Cost): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (score: number, count: number) => counts.set(score, (counts.get(score) ?? 0) + count);
  const vowelCounts = countPairs(vowels, (one, last) => vowelPoints(one, last) - cost.last(last));
  const consonantCounts = countPairs(
    consonants,
    (first, other) => consonantPoints(first, other) - cost.first(first),
  );
  for (const [points, count] of consonantCounts) {
    for (const [others, times] of vowelCounts) add(points + others, count * times);
  }
  for (const name of curatedNames) {
    const score = adjustedScore(name, cost);
    add(score - likedPoints, -1);
    add(score, 1);
  }
  for (const [score, count] of counts) if (count <= 0) counts.delete(score);
  return counts;
}

function countPairs(
  letters: string,
  points: (first: string, second: string) => number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const first of letters) {
    for (const second of letters) {
      const score = points(first, second);
      counts.set(score, (counts.get(score) ?? 0) + 1);
    }
  }
  return counts;
}

/** The score of the `rank`-th best name, and the share of the names with it that rank so high. */
function edgeOf(counts: ReadonlyMap<number, number>, rank: number) {
  let left = rank;
  for (const [score, count] of [...counts].sort((a, b) => b[0] - a[0])) {
    if (left <= count) return { score, share: left / count };
    left -= count;
  }
  return { score: Number.NEGATIVE_INFINITY, share: 1 };
}

/** Two letters or less apart: easily mixed up. */
function isSimilar(name: string, other: string): boolean {
  if (name.length !== other.length) return false;
  let differences = 0;
  for (let at = 0; at < name.length; at++) if (name[at] !== other[at]) differences++;
  return differences <= 2;
}

/**
 * Short id of a device, e.g. `BOXE`: 32-bit FNV-1a over its uuid, read as a name. Count `attempt`
 * up while another known device holds the id. Only the relay between devices needs it; it is here
 * already because other programs compute the same id: its values are fixed by the tests.
 */
export function deviceShortId(uuid: string, attempt: number): string {
  let hash = 2_166_136_261;
  for (const byte of new TextEncoder().encode(uuid)) {
    hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  }
  return nameAt((hash + attempt) % allNames).toUpperCase();
}

/** The letters of a name from its index, first letter running fastest. */
function nameAt(index: number): string {
  const first = consonants[index % 15] ?? "";
  const second = vowels[Math.floor(index / 15) % 5] ?? "";
  const third = consonants[Math.floor(index / 75) % 15] ?? "";
  const fourth = vowels[Math.floor(index / 1125) % 5] ?? "";
  return first + second + third + fourth;
}

const baseName = /^[a-z0-9_]+$/;

/** Can this be the base name of a local agent? */
export function isBaseName(text: string): boolean {
  return baseName.test(text);
}

/** Name of the next subagent of this type, e.g. `luna_explore_2`. */
export function subagentName(parent: string, type: string, existing: readonly string[]): string {
  const kind = type
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, "_")
    .replace(/^_+|_+$/g, "");
  const prefix = `${parent}_${kind === "" ? "task" : kind}_`;
  let highest = 0;
  for (const name of existing) {
    const suffix = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (/^\d{1,9}$/.test(suffix)) highest = Math.max(highest, Number(suffix));
  }
  return `${prefix}${highest + 1}`;
}

/** The end of the refusal of a name that no agent may have. */
export function whyNoName(wanted: string): string {
  if (wanted === human) return "it is that of the person";
  return "small letters, digits and _, not reserved";
}
