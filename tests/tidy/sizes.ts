// Walls, not wishes: a file, a function, a line and a folder that a reader can still take in.
import { posix } from "node:path";
import type { Files } from "./files.ts";
import { code, isFixture, isTest, program } from "./files.ts";
import { lex } from "./lexer.ts";

const limits = { file: 400, test: 600, function: 70, line: 100, folder: 20 };

export function filesAreShort(files: Files): string[] {
  return code(files).flatMap(([path, text]) => {
    const lines = text.split("\n").length - 1;
    const limit = isTest(path) ? limits.test : limits.file;
    return lines > limit ? [`${path} has ${lines} lines of at most ${limit}`] : [];
  });
}

export function linesAreShort(files: Files): string[] {
  return code(files).flatMap(([path, text]) => {
    // Screens and transcripts in tests are as wide as they are: only their code is measured.
    const lines = (isTest(path) ? lex(text).bare : text).split("\n");
    return lines.flatMap((line, index) => {
      const length = isTest(path) ? line.trimEnd().length : line.length;
      return length > limits.line ? [`${path}:${index + 1} has ${length} columns`] : [];
    });
  });
}

export function foldersAreSmall(files: Files): string[] {
  const counts = new Map<string, number>();
  for (const path of files.keys()) {
    if (!path.startsWith("src/") || isTest(path) || isFixture(path)) continue;
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > limits.folder)
    .map(([folder, count]) => `${folder}/ has ${count} files of at most ${limits.folder}`);
}

export function functionsAreShort(files: Files): string[] {
  const scripts = code(files).filter(([path]) => /^(?:scripts|bench)\//.test(path));
  return [...program(files), ...scripts].flatMap(([path, text]) =>
    functionsIn(text)
      .filter((one) => one.lines > limits.function)
      .map((one) => `${path}:${one.line} a function of ${one.lines} lines`),
  );
}

const declared = /\bfunction\b/;
const arrow = /=>\s*\{$/;
const method = new RegExp(
  String.raw`^\s+(?:(?:async|static|get|set|override|private|protected|public)\s+)*` +
    String.raw`[*#]?[\w$[\].]+(?:<[^>]*>)?\(`,
);
const statement = /^\s*(?:if|for|while|switch|catch|with|return|await|throw|new|super|yield)\b/;

interface Span {
  line: number;
  lines: number;
}

/**
 * Functions by their indentation, which the formatter guarantees: from the line of the head to the
 * next line of the same depth that starts with a brace.
 */
export function functionsIn(text: string): Span[] {
  const lines = lex(text)
    .bare.split("\n")
    .map((line) => line.trimEnd());
  return lines.flatMap((head, start) => {
    const body = bodyStart(lines, head, start);
    if (body === undefined) return [];
    const depth = indentOf(head);
    const end = lines.findIndex(
      (line, at) => at > body && line.startsWith("}", depth) && indentOf(line) === depth,
    );
    return end === -1 ? [] : [{ line: start + 1, lines: end - start + 1 }];
  });
}

/** The line whose last brace opens the body, or undefined when no function starts here. */
function bodyStart(lines: readonly string[], head: string, start: number): number | undefined {
  if (arrow.test(head)) return start;
  if (statement.test(head)) return undefined;
  if (!declared.test(head) && !method.test(head)) return undefined;
  const isHeadClosed = head.split("(").length === head.split(")").length;
  if (head.endsWith("{") && isHeadClosed) return start;
  if (!/[({[,]$/.test(head)) return undefined;
  // The parameters take lines of their own; the one that closes them opens the body.
  const depth = indentOf(head);
  const close = lines.findIndex(
    (line, at) => at > start && indentOf(line) === depth && line !== "",
  );
  const line = lines[close];
  return line !== undefined && /^\s*[)}]/.test(line) && line.endsWith("{") ? close : undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
