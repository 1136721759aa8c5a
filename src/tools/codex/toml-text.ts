// A TOML text as places: which key stands where, and cuts of whole lines. Nothing is ever written
// back from parsed values, so comments and layout of the owner survive.
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import { eolOf, positionOf, unparseable } from "../json-edit.ts";

export interface TomlKey {
  /** Full path from the root. */
  path: string[];
  value: unknown;
  /** Of the pair `key = value`. */
  range: [number, number];
  valueRange: [number, number];
  /** The table whose header it stands below; undefined at the top and in inline tables. */
  table: TomlTable | undefined;
}

export interface TomlTable {
  path: string[];
  /** From the header's bracket to the end of the last pair. */
  range: [number, number];
}

export interface TomlText {
  keys: TomlKey[];
  tables: TomlTable[];
}

export function parseToml(path: string, text: string): TomlText {
  const found: TomlText = { keys: [], tables: [] };
  const [root] = parse(path, text).body;
  for (const node of root.body) {
    if (node.type === "TOMLKeyValue") collect(found, node, [], undefined);
    else collectTable(found, node);
  }
  return found;
}

function parse(path: string, text: string): AST.TOMLProgram {
  // A blank in the place of a byte order mark keeps the offsets of the text.
  const body = text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
  try {
    return parseTOML(body);
  } catch (error) {
    if (error instanceof ParseError) throw unparseable(path, positionOf(text, error.index));
    throw error;
  }
}

function collectTable(found: TomlText, node: AST.TOMLTable): void {
  const table: TomlTable = { path: node.resolvedKey.map(String), range: [...node.range] };
  found.tables.push(table);
  for (const pair of node.body) collect(found, pair, table.path, table);
}

function collect(
  found: TomlText,
  node: AST.TOMLKeyValue,
  above: readonly string[],
  table: TomlTable | undefined,
): void {
  const names = node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
  const path = [...above, ...names];
  const { value } = node;
  found.keys.push({
    path,
    value: plainValue(value),
    range: [...node.range],
    valueRange: [...value.range],
    table,
  });
  if (value.type !== "TOMLInlineTable") return;
  for (const pair of value.body) collect(found, pair, path, undefined);
}

function plainValue(node: AST.TOMLContentNode): unknown {
  if (node.type === "TOMLValue") return node.value;
  return node.type === "TOMLArray" ? node.elements.map(plainValue) : undefined;
}

export function isPath(path: readonly string[], wanted: readonly string[]): boolean {
  return path.length === wanted.length && startsWithPath(path, wanted);
}

export function startsWithPath(path: readonly string[], head: readonly string[]): boolean {
  return head.every((name, at) => path[at] === name);
}

/** Cuts the lines that a range touches, with the end of the last one. */
export function cutLines(text: string, [start, end]: readonly [number, number]): string {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", end);
  return text.slice(0, from) + (lineEnd < 0 ? "" : text.slice(lineEnd + 1));
}

/** Adds lines at the end behind a blank line; `cutBlock` takes exactly them away again. */
export function addBlock(text: string, lines: readonly string[]): string {
  const eol = eolOf(text);
  return `${text}${text === "" ? "" : eol}${lines.map((line) => line + eol).join("")}`;
}

export function cutBlock(text: string, range: readonly [number, number]): string {
  const from = text.lastIndexOf("\n", range[0] - 1) + 1;
  const before = text.slice(0, from).replace(/\r?\n$/, "");
  const lineEnd = text.indexOf("\n", range[1]);
  const after = lineEnd < 0 ? "" : text.slice(lineEnd + 1);
  // Somebody wrote on behind us: two lines must not become one.
  const glue = before === "" || after === "" || /\n$/.test(before) || /^\r?\n/.test(after);
  return glue ? before + after : before + eolOf(text) + after;
}
