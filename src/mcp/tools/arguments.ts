// Reads the arguments of a tool call. What is missing or of the wrong type is refused in a sentence
// that names the argument, as a tool result: the model that called can correct itself.
import { isObject, type JsonObject } from "../../core/json.ts";
import { nearest } from "../../core/names/suggest.ts";
import { Refusal } from "../../core/refusal.ts";
import type { InputSchema } from "./schema.ts";

export interface Arguments {
  integer(name: string): number;
  text(name: string): string;
  /** Absent and null mean the same: many models write null for what they leave out. */
  optionalInteger(name: string, range?: Range): number | undefined;
  optionalText(name: string): string | undefined;
  optionalFlag(name: string): boolean | undefined;
  /** A name or a number, as text: models write ids both ways. */
  optionalReference(name: string): string | undefined;
  /** A list of texts, or a single one. */
  texts(name: string): string[];
}

export interface Range {
  least: number;
  most: number;
}

const prefix = "Invalid params: ";

export function invalidParams(reason: string): Refusal {
  const isSaid = reason.startsWith(prefix);
  return new Refusal({ code: "invalid_params", message: isSaid ? reason : `${prefix}${reason}` });
}

/** A word that is none of the known ones is a fault of the arguments. */
export function asParams<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Refusal ? invalidParams(error.message) : error;
  }
}

/** Gemini CLI adds it to every tool that it offers its model, and passes on what the model said. */
const clientWords: ReadonlySet<string> = new Set(["wait_for_previous"]);

/** What the schema does not have is refused: a misspelt name must not pass for one left out. */
export function checkNames(given: JsonObject, input: InputSchema): void {
  const known = Object.keys(input.properties);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(input.properties, name) || clientWords.has(name)) continue;
    const close = nearest(name, known) ?? known.find((one) => sameMeaning(one, name));
    const guess = close === undefined ? "" : ` - did you mean ${close}?`;
    const all = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
    throw invalidParams(`there is no argument ${JSON.stringify(name)}${guess} (${all})`);
  }
}

/** Words that models put in place of ours. */
const synonyms: readonly (readonly string[])[] = [
  ["targets", "to", "recipients", "target", "agents"],
  ["text", "message", "body", "content"],
  ["content", "text", "message", "body"],
  ["sender", "from", "author", "name"],
  ["limit", "max_results", "count", "last"],
  ["channel_id", "channel", "id"],
  ["message_id", "message", "id"],
];

function sameMeaning(ours: string, theirs: string): boolean {
  return synonyms.some(([first, ...others]) => first === ours && others.includes(theirs));
}

export function readArguments(given: JsonObject): Arguments {
  const optional = <T>(name: string, kind: Kind<T>): T | undefined => {
    const value = given[name] ?? undefined;
    return value === undefined ? undefined : kind.read(value, () => mustBe(name, kind, value));
  };
  const required = <T>(name: string, kind: Kind<T>): T => {
    const value = given[name] ?? undefined;
    if (value === undefined) throw invalidParams(`${name} is required`);
    return kind.read(value, () => {
      const wanted = `${name} is required as ${kind.name}, not ${nameOf(value)}`;
      return invalidParams(wanted);
    });
  };
  return {
    integer: (name) => required(name, integer),
    text: (name) => required(name, string),
    optionalInteger(name, range) {
      const value = optional(name, integer);
      if (value !== undefined && range !== undefined) checkRange(name, value, range);
      return value;
    },
    optionalText: (name) => optional(name, string),
    optionalFlag: (name) => optional(name, boolean),
    optionalReference: (name) => optional(name, reference),
    texts: (name) => optional(name, strings) ?? [],
  };
}

interface Kind<T> {
  name: string;
  read(value: unknown, refused: () => Refusal): T;
}

const integer: Kind<number> = {
  name: "a non-negative integer",
  read(given, refused) {
    // Many clients send every argument as a text.
    const isDigits = typeof given === "string" && /^\d{1,16}$/.test(given);
    const value = isDigits ? Number(given) : given;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw refused();
    return value;
  },
};

const string: Kind<string> = {
  name: "a string",
  read(value, refused) {
    if (typeof value !== "string") throw refused();
    // Half a surrogate pair has no UTF-8: it would come back as something else than was hashed.
    return value.toWellFormed();
  },
};

const reference: Kind<string> = {
  name: "a name or an id",
  read(value, refused) {
    return typeof value === "number"
      ? String(integer.read(value, refused))
      : string.read(value, refused);
  },
};

const boolean: Kind<boolean> = {
  name: "true or false",
  read(value, refused) {
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw refused();
  },
};

const strings: Kind<string[]> = {
  name: "a list of strings",
  read(value, refused) {
    const list = Array.isArray(value) ? value : [value];
    return list.map((one: unknown) => string.read(one, refused));
  },
};

function checkRange(name: string, value: number, range: Range): void {
  if (value >= range.least && value <= range.most) return;
  throw invalidParams(`${name} must be between ${range.least} and ${range.most}, not ${value}`);
}

function mustBe<T>(name: string, kind: Kind<T>, value: unknown): Refusal {
  return invalidParams(`${name} must be ${kind.name}, not ${nameOf(value)}`);
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  // JSON.parse has rounded it: its digits would not be what was sent.
  if (typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return "a number beyond 2^53-1";
  }
  return typeof value === "string" ? `the string ${JSON.stringify(value)}` : String(value);
}
