// Numbers that JavaScript does not hold, and the id of a JSON-RPC message, exactly as its sender
// spelled it: as a number it may be larger than JavaScript counts, and the message around it may be
// too long to be read.

/** A number that `JSON.stringify` writes with these digits. */
export type SpelledNumber = { readonly rawJSON: string };

export type EchoedId = string | number | null | SpelledNumber;

/** ECMAScript's source text access, which TypeScript does not know yet. */
interface SourceAccess {
  /** Node has it from 21 on. */
  rawJSON?(text: string): SpelledNumber;
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

const json = JSON as unknown as SourceAccess;

export function spelledNumber(digits: string): SpelledNumber | number {
  return json.rawJSON?.(digits) ?? Number(digits);
}

/** As it goes back to whoever sent it; null when it is no id. */
export function echoedId(id: unknown, spelled: string | undefined): EchoedId {
  if (spelled !== undefined) return spelledNumber(spelled);
  return typeof id === "string" || typeof id === "number" ? id : null;
}

/**
 * How the ids that JavaScript cannot hold exactly are spelled in a text that is JSON: in the order
 * of the messages in it, one for each that is an object; undefined for those that need none.
 */
export function spelledIds(text: string, value: unknown): (string | undefined)[] {
  const messages = Array.isArray(value) ? value : [value];
  if (messages.every((one) => !isInexact(idIn(one)))) return messages.map(() => undefined);
  const sources = new Map<unknown, string>();
  const again = json.parse(text, function (key, found, { source }) {
    if (key === "id" && typeof found === "number" && source !== undefined) {
      sources.set(this, source);
    }
    return found;
  });
  const same = Array.isArray(again) ? again : [again];
  return same.map((one) => (isInexact(idIn(one)) ? sources.get(one) : undefined));
}

export function isSpelledInteger(spelled: string): boolean {
  return /^-?\d+$/.test(spelled);
}

function isInexact(id: unknown): boolean {
  return typeof id === "number" && (!Number.isSafeInteger(id) || Object.is(id, -0));
}

function idIn(message: unknown): unknown {
  return typeof message === "object" && message !== null && "id" in message
    ? message.id
    : undefined;
}

const scalar = String.raw`(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)`;
const member = String.raw`"(?:jsonrpc|id|method)"\s*:\s*${scalar}`;
const atStart = new RegExp(String.raw`^\s*\{\s*(${member}(?:\s*,\s*${member})*)`);
const atEnd = new RegExp(
  String.raw`((?:[}\]]\s*,\s*|,\s*)${member}(?:\s*,\s*${member})*)\s*\}\s*$`,
);
const idMember = new RegExp(String.raw`"id"\s*:\s*(${scalar})`);

/**
 * The id of a message of which only beginning and end are known. Its own members stand together at
 * one of the two ends: what is long is what it carries.
 */
export function idBetween(head: string, tail: string): EchoedId {
  for (const members of [atStart.exec(head)?.[1], atEnd.exec(tail)?.[1]]) {
    const found = members === undefined ? undefined : idMember.exec(members)?.[1];
    if (found === undefined) continue;
    try {
      return found.startsWith('"') ? String(JSON.parse(found)) : spelledNumber(found);
    } catch {
      return null;
    }
  }
  return null;
}
