// How agents and events are written by people and models: full names, tags, mentions, references.
// Which agent a written name means is decided in `scope.ts`.
import { human } from "../instance.ts";
import { exitCode, Refusal } from "../refusal.ts";
import { checkOutsideName, code, invalid, reservedLook } from "./outside.ts";

/** The name as shown: `api-luna` for luna with the tag `api`. */
export function fullName(agent: { name: string; tag: string | null }): string {
  return agent.tag === null || agent.tag === "" ? agent.name : `${agent.tag}-${agent.name}`;
}

/** Names may be written as they are addressed: `@luna` is luna. */
export function bareName(written: string): string {
  return written.replace(/^@/, "");
}

/** Every way to read a full name. Tags may hold hyphens, so each hyphen can be the border. */
export function splitFullName(text: string): { tag: string; base: string }[] {
  const readings: { tag: string; base: string }[] = [];
  for (let at = text.indexOf("-"); at !== -1; at = text.indexOf("-", at + 1)) {
    const reading = { tag: text.slice(0, at), base: text.slice(at + 1) };
    if (reading.tag !== "" && reading.base !== "") readings.push(reading);
  }
  return readings;
}

// No underscore and no dot: the first would collide with subagent names, the second with mentions.
const tagForm = /^[A-Za-z0-9-]+$/;

export function checkTag(text: string): string {
  if (tagForm.test(text) && reservedLook(text) === undefined) return text;
  if (tagForm.test(text)) throw invalid(`tag "${text}" would look like ${reservedLook(text)}`);
  throw new Refusal({
    code: "invalid_tag",
    exit: exitCode.usage,
    message: `tag "${text}" must be made of letters, digits and hyphens`,
  });
}

const maxNameLength = 50;

/** `--name`: the caller's own name, in any of the forms a name has. */
export function checkNameArgument(text: string): string {
  return checkWrittenName(text, "--name", /[|&;$`<>\p{Cc}]/u);
}

/**
 * `--from`: a sender that is no agent, in the form in which it is stored and shown. It is shown to
 * models, so it must not look like ours; the human may be named, in no other spelling.
 */
export function checkSenderName(text: string): string {
  const name = checkOutsideName(text, "--from");
  checkWrittenName(name, "--from", /[|&;$`<>@"'\\[\]→:\p{Cc}]/u);
  const look = reservedLook(name);
  if (look === undefined || name === human) return name;
  throw invalid(
    `--from "${text}" would look like ${look}`,
    look === human ? "a person at a shell of their own leaves it out" : "choose another name",
  );
}

function checkWrittenName(text: string, flag: string, forbidden: RegExp): string {
  const refuse = (reason: string) => invalid(`${flag} ${reason}`);
  if (text.trim() === "") throw refuse("needs a name");
  if (text.length > maxNameLength) {
    throw refuse(`takes at most ${maxNameLength} characters, not ${text.length}`);
  }
  const found = forbidden.exec(text)?.[0];
  if (found !== undefined) {
    throw refuse(`${JSON.stringify(text)} has a character it may not have: ${code(found)}`);
  }
  return text;
}

const mention = /(?<![A-Za-z0-9._-])@([A-Za-z0-9][\p{L}\p{N}\p{M}_:-]*)/gu;

/**
 * The names after `@` in a text, without the `@`, each once. A closing colon is punctuation
 * (`@luna: hi`); a closing hyphen is, too, unless a tag is called so (`@api-` is everybody in api).
 */
export function extractMentions(
  text: string,
  hasTag: (tag: string) => boolean = () => false,
): string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(mention)) {
    const written = (match[1] ?? "").replace(/:+$/, "");
    const isGroup = written.endsWith("-") && hasTag(written.slice(0, -1));
    names.add(isGroup ? written : written.replace(/[:-]+$/, ""));
  }
  return [...names];
}

/** `42`, `#42` or `42:BOXE` (event 42 of the device BOXE). */
export function parseEventRef(text: string): { id: number; device?: string } | undefined {
  const match = /^#?(\d{1,15})(?::([A-Za-z0-9]+))?$/.exec(text.trim());
  if (match === null) return undefined;
  const id = Number(match[1]);
  if (id === 0) return undefined;
  return match[2] === undefined ? { id } : { id, device: match[2].toUpperCase() };
}

/** `luna:BOXE` is an agent of another device, where it is called `luna`. */
export function deviceIn(name: string): { base: string; device: string } | undefined {
  const at = name.lastIndexOf(":");
  return at > 0 ? { base: name.slice(0, at), device: name.slice(at + 1) } : undefined;
}
