// Edits of a foreign JSON file as cuts and insertions in its text, so that comments, order, line
// ends and blanks of the owner survive. An insertion stands right behind the opening bracket or the
// last element, and dropping it again cuts exactly that range.
import { createScanner, type Node, type ParseError, parseTree } from "jsonc-parser";
import { parseJson } from "../core/json.ts";
import { Refusal } from "../core/refusal.ts";

export type JsonNode = Node;

// Values of jsonc-parser's const enum SyntaxKind, which isolated modules cannot import.
const commaToken = 5;
const lineComment = 12;
const lineBreak = 14;
const blanks = 15;
const endOfFile = 17;

/** The root object of a settings text. Comments and trailing commas are the owner's business. */
export function parseSettings(path: string, text: string): Node {
  const errors: ParseError[] = [];
  const start = text.startsWith("\ufeff") ? 1 : 0;
  // A blank keeps the offsets of the text.
  const body = start === 1 ? ` ${text.slice(1)}` : text;
  const root = parseTree(body, errors, { allowTrailingComma: true, allowEmptyContent: false });
  const error = errors[0];
  if (error !== undefined || root === undefined) {
    throw unparseable(path, positionOf(text, error?.offset ?? 0));
  }
  if (root.type !== "object") throw unparseable(path, "its root is not an object");
  return root;
}

export function unparseable(path: string, where: string): Refusal {
  return new Refusal({
    code: "unparseable_settings",
    message: `${path} cannot be edited: ${where}`,
    hint: "Repair the file by hand; hcom never overwrites settings that it cannot read.",
  });
}

/** `line 3, column 7`, both from 1. */
export function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `not valid at line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

/** The property node of a key; of several with one name the last counts, as in JSON.parse. */
export function property(object: Node | undefined, key: string): Node | undefined {
  if (object?.type !== "object") return undefined;
  return object.children?.findLast((child) => child.children?.[0]?.value === key);
}

/** The value node of a key. */
export function member(object: Node | undefined, key: string): Node | undefined {
  return property(object, key)?.children?.[1];
}

export function addMember(text: string, object: Node, key: string, value: unknown): string {
  return insertFirst(text, object, [
    (indent) => `${JSON.stringify(key)}: ${render(text, value, indent)}`,
  ]);
}

export function addFirst(text: string, array: Node, values: readonly unknown[]): string {
  return insertFirst(
    text,
    array,
    values.map((value) => (indent: string) => render(text, value, indent)),
  );
}

/** For lists whose order or indexes mean something to others. */
export function addLast(text: string, array: Node, value: unknown): string {
  const last = array.children?.at(-1);
  if (last === undefined) return addFirst(text, array, [value]);
  const indent = itemIndent(text, array);
  const item = `${eolOf(text)}${indent}${render(text, value, indent)}`;
  const end = last.offset + last.length;
  const comma = commaBetween(text, end, array.offset + array.length);
  if (comma === undefined) return splice(text, end, end, `,${item}`);
  return splice(text, comma + 1, comma + 1, `${item},`);
}

/** Cuts one member or element with the blanks before it and the comma that belongs to it. */
export function dropItem(text: string, item: Node): string {
  const siblings = item.parent?.children ?? [];
  const at = siblings.indexOf(item);
  const previous = siblings[at - 1];
  const parentStart = item.parent?.offset ?? 0;
  const parentEnd = parentStart + (item.parent?.length ?? text.length);
  const from = previous === undefined ? parentStart + 1 : previous.offset + previous.length;
  const start = blanksBefore(text, from, item.offset);
  const end = item.offset + item.length;
  const comma = commaBetween(text, end, siblings[at + 1]?.offset ?? parentEnd);
  if (comma !== undefined) return splice(text, start, comma + 1, "");
  const cut = splice(text, start, end, "");
  const before = previous === undefined ? undefined : commaBetween(text, from, item.offset);
  return before === undefined ? cut : splice(cut, before, before + 1, "");
}

/** What an edit starts from: a missing or blank file gets an object that is told from others. */
export function openSettings(text: string | null): string {
  if (text === null) return "{\n}\n";
  return isBlank(text) ? `${text}{${eolOf(text)}${eolOf(text)}}` : text;
}

/**
 * The opposite: null for a file that `openSettings` made, the blanks that it found otherwise.
 * `first` is what was there before us, where that is known.
 */
export function closeSettings(text: string, first?: string | null): string | null {
  if (text === "{\n}\n") return null;
  if (first === null && /^\s*\{\s*\}\s*$/.test(text)) return null;
  const made = /^(\s*)\{(\r?\n)\2\}$/.exec(text);
  return made?.[1] ?? text;
}

/** What is left of `text` once ours is cut out of it, as its owner would have it. */
export function withoutOurs(text: string, bare: string, first?: string | null): string | null {
  if (bare === text) return text;
  const closed = closeSettings(bare, first);
  return closed === bare ? rewrittenAs(text, bare) : closed;
}

/** The tree of what stood in a file before us; undefined where there was nothing to read. */
export function parseWhatWas(first: string | null | undefined): Node | undefined {
  if (first === undefined || first === null || isBlank(first)) return undefined;
  try {
    return parseSettings("", first);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/**
 * `next` in the layout that a program gives the file when it writes it anew, if `text` is in such a
 * layout: a shell of the owner that we emptied is then closed as that program closes it.
 */
function rewrittenAs(text: string, next: string): string {
  const unit = indentUnit(text);
  const end = /\s*$/.exec(text)?.[0] ?? "";
  const layout = (json: string) => {
    const value: unknown = parseJson(json);
    return value === undefined ? undefined : JSON.stringify(value, null, unit) + end;
  };
  return layout(text) === text ? (layout(next) ?? next) : next;
}

export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** Line ends as the file has them. */
export function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function insertFirst(text: string, container: Node, items: ((indent: string) => string)[]): string {
  const indent = itemIndent(text, container);
  const isEmpty = (container.children ?? []).length === 0;
  const added = items.map((item) => `${eolOf(text)}${indent}${item(indent)}`).join(",");
  const at = container.offset + 1;
  return splice(text, at, at, isEmpty ? added : `${added},`);
}

function render(text: string, value: unknown, indent: string): string {
  const lines = JSON.stringify(value, null, indentUnit(text)).split("\n");
  return lines.join(`${eolOf(text)}${indent}`);
}

function itemIndent(text: string, container: Node): string {
  const lineStart = text.lastIndexOf("\n", container.offset) + 1;
  const line = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  return line + indentUnit(text);
}

/** The first indentation of the file: tabs stay tabs. */
function indentUnit(text: string): string {
  return /\n([ \t]+)["{[]/.exec(text)?.[1] ?? "  ";
}

/** Where the blanks before `end` begin; the line end of a line comment is not among them. */
function blanksBefore(text: string, from: number, end: number): number {
  const scanner = createScanner(text);
  scanner.setPosition(from);
  let start = from;
  let isLineComment = false;
  while (scanner.scan() !== endOfFile && scanner.getTokenOffset() < end) {
    const kind = scanner.getToken();
    if (kind === lineBreak || kind === blanks) continue;
    start = scanner.getPosition();
    isLineComment = kind === lineComment;
  }
  if (!isLineComment) return start;
  return start + (text.startsWith("\r\n", start) ? 2 : 1);
}

function commaBetween(text: string, from: number, end: number): number | undefined {
  const scanner = createScanner(text);
  scanner.setPosition(from);
  while (scanner.scan() !== endOfFile && scanner.getTokenOffset() < end) {
    if (scanner.getToken() === commaToken) return scanner.getTokenOffset();
  }
  return undefined;
}

function splice(text: string, start: number, end: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(end);
}
