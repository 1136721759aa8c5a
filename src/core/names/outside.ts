// The one rule for names that somebody outside chooses: what they may be made of, and when one
// could be taken for another. Who is here to be taken for is the caller's to say.
import { human } from "../instance.ts";
import { exitCode, Refusal } from "../refusal.ts";

/** Controls, format and direction characters, separators, halves of pairs, what shows nothing. */
const unseenIn = (name: string) =>
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.exec(name)?.[0];

/**
 * Trimmed and in compatibility form (NFKC), or a Refusal. Letters of several alphabets in one name
 * are refused where the eye cannot tell them apart (Unicode TR39, "highly restrictive").
 */
export function checkOutsideName(text: string, what: string): string {
  const name = text.normalize("NFKC").trim().replace(/ {2,}/g, " ");
  const found = unseenIn(name);
  if (found !== undefined) {
    throw invalid(
      `${what} ${JSON.stringify(text)} has a character it may not have: ${code(found)}`,
    );
  }
  const scripts = scriptsOf(name);
  if (scripts.length > 1) {
    throw invalid(`${what} "${name}" mixes letters that look alike: ${scripts.join(", ")}`);
  }
  return name;
}

/**
 * Names that mean the person or the system, in any disguise, or begin as they do: `bigboss(human)`,
 * `hcom-events`. A longer word is another word: `hcommander`.
 */
export function reservedLook(name: string): string | undefined {
  const seen = bones(name);
  const joined = seen.replace(/[^\p{L}\p{N}]/gu, "");
  if (joined.startsWith(bones(human))) return human;
  const isSystem = joined === "hcom" || /^[^\p{L}\p{N}]*hcom[^\p{L}\p{N}]/u.test(seen);
  return isSystem ? "hcom" : undefined;
}

/** Would a reader take one for the other? Case, form, marks and look-alike letters do not count. */
export function looksLike(one: string, other: string): boolean {
  return skeleton(one) === skeleton(other);
}

/** The same letters in another alphabet: marks and case are seen, and tell two names apart. */
export function isSwappedFor(one: string, other: string): boolean {
  if (isAscii(one) && isAscii(other)) return false;
  const [first, second] = [one, other].map((name) => name.normalize("NFKC"));
  return first !== second && unmasked(first ?? "") === unmasked(second ?? "");
}

/** A name that came past the rule, as agents read it: what is not what it seems is spelled out. */
export function spelledOut(name: string): string {
  if (isAscii(name) || (isPlainlyOne(name) && reservedLook(name) === undefined)) return name;
  return name.replace(/[^\0-\x7f]/gu, (letter) => `(U+${hex(letter)})`);
}

function isPlainlyOne(name: string): boolean {
  return unseenIn(name) === undefined && scriptsOf(name).length < 2;
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

export function invalid(message: string, hint?: string): Refusal {
  return new Refusal({
    code: "invalid_name",
    exit: exitCode.usage,
    message,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function code(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point > 0x20 && point < 0x7f ? character : `U+${hex(character)}`;
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");
}

/**
 * Behind each letter those of other alphabets that look like it (Unicode's confusables, as far as
 * names go), and its own with a stroke or a hook: no form of Unicode's takes that off.
 */
const lookAlikes = [
  "aаαɑᴀ bьвβʙᏼƃɓ cсϲᴄꮯ dԁɗᴅđ eеєεҽᴇ fƒꜰ",
  "gɡցԍɢꮐᏻ hһհнʜɦꮒꮋħ iіιɩıӏɪꭵ jјյᴊ kкκᴋ lⅼⵏʟł",
  "mмϻᴍꮇ nոпηɴ oоοօσ๐೦οᴏꮎø pрρᴘ qԛզꞯ rгᴦʀ",
  "sѕꜱꮪ§ tтτᴛŧ uυսʋᴜ vѵνᴠ wԝѡωաᴡ xхχ",
  "yуγүʏ zᴢ",
];
let plainOf: Map<string, string> | undefined;

function plainLetters(): Map<string, string> {
  const rows = lookAlikes.join(" ").split(" ");
  return new Map(rows.flatMap((row) => [...row].map((one) => [one, row.charAt(0)] as const)));
}

function skeleton(name: string): string {
  const letters = name
    .normalize("NFKD")
    .replace(/[\p{M}\p{C}\p{Default_Ignorable_Code_Point}]/gu, "")
    .toUpperCase()
    .toLowerCase();
  return unmasked(letters).trim();
}

/** A capital of another alphabet hides a capital. */
function unmasked(name: string): string {
  return [...name].map((letter) => unmaskedLetter(letter)).join("");
}

function unmaskedLetter(letter: string): string {
  const small = letter.toLowerCase();
  const plain = latinOf(small);
  if (plain === small) return letter;
  return small === letter ? plain : plain.toUpperCase();
}

/** The Latin letter that this small one looks like, or itself. */
export function latinOf(letter: string): string {
  if (letter < "\u0080") return letter;
  plainOf ??= plainLetters();
  return plainOf.get(letter) ?? letter;
}

/** Against the two names that matter most, digits do not help either. */
function bones(name: string): string {
  return skeleton(name)
    .replace(/r[^\p{L}\p{N}]*n/gu, "m")
    .replaceAll("0", "o")
    .replaceAll("9", "g")
    .replaceAll("5", "s")
    .replace(/[68]/g, "b")
    .replace(/[1l|!]/g, "i");
}

const alphabets = () =>
  [
    ["Latin", /\p{Script=Latin}/u],
    ["Greek", /\p{Script=Greek}/u],
    ["Cyrillic", /\p{Script=Cyrillic}/u],
    ["Armenian", /\p{Script=Armenian}/u],
    ["Georgian", /\p{Script=Georgian}/u],
    ["Cherokee", /\p{Script=Cherokee}/u],
    ["Coptic", /\p{Script=Coptic}/u],
    ["Lisu", /\p{Script=Lisu}/u],
    ["Canadian", /\p{Script=Canadian_Aboriginal}/u],
  ] as const;

/** Han, kana, Hangul and the rest stand beside Latin in plain use and look like none of it. */
function scriptsOf(name: string): string[] {
  return alphabets()
    .filter(([, form]) => form.test(name))
    .map(([script]) => script);
}
