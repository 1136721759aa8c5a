// Files of `NAME=value` lines: the variables passed to launched tools, and the older settings file.
// Reading only; unknown lines are skipped.
import { isMissingOrEmpty, readText } from "../sys/files.ts";

/** The pairs of a settings file. What is no file has none; who wants to say so is told why. */
export function pairsIn(
  path: string,
  onFault: (error: unknown) => void = () => {},
): [string, string][] {
  if (isMissingOrEmpty(path)) return [];
  try {
    return parseEnvFile(readText(path) ?? "");
  } catch (error) {
    onFault(error);
    return [];
  }
}

/**
 * Pairs in order. `export ` is tolerated; double quotes take `\n \t \" \\`, single quotes
 * nothing.
 */
export function parseEnvFile(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*?)\s*$/.exec(line);
    if (match === null) continue;
    pairs.push([match[1] ?? "", unquote(match[2] ?? "")]);
  }
  return pairs;
}

const escapes: Record<string, string> = { n: "\n", t: "\t", '"': '"', "\\": "\\" };

function unquote(given: string): string {
  if (/^\s+#/.test(given)) return "";
  const raw = given.trimStart();
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(raw);
  if (double) return (double[1] ?? "").replace(/\\(.)/g, (all, c: string) => escapes[c] ?? all);
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(raw);
  if (single) return single[1] ?? "";
  return raw.replace(/\s+#.*$/, "");
}
