// Certain things exist in one place: SQL, the names of tools, the outside world, the exit.
import type { Files } from "./files.ts";
import { partOf, program } from "./files.ts";
import { lex, lineAt } from "./lexer.ts";

const sql = new RegExp(
  [
    String.raw`\bSELECT\s[\s\S]*?\bFROM\b|\bINSERT\s+(?:OR\s+\w+\s+)?INTO\b|\bREPLACE\s+INTO\b`,
    String.raw`\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\bPRAGMA\s+\w`,
    String.raw`\b(?:CREATE|DROP|ALTER)\s+(?:\w+\s+)?(?:TABLE|INDEX|VIEW|TRIGGER)\b`,
    String.raw`\bBEGIN\s+IMMEDIATE\b|\bSAVEPOINT\s+\w|\bATTACH\s+DATABASE\b`,
    String.raw`^\s*(?:insert into|delete from|create table|drop table|pragma|begin immediate)\s`,
    String.raw`^\s*select\s+(?:\*|[\w(*)]+(?:\s*,\s*[\w(*)]+)*)\s+from\s|^\s*update\s+\w+\s+set\s`,
  ].join("|"),
);

export function sqlLivesInStore(files: Files): string[] {
  const misplaced = [...files.keys()]
    .filter((path) => path.startsWith("src/") && path.endsWith(".sql"))
    .filter((path) => partOf(path) !== "store")
    .map((path) => `${path} belongs into src/store/`);
  const written = program(files)
    .filter(([path]) => partOf(path) !== "store")
    .flatMap(([path, text]) =>
      lex(text)
        .literals.filter((literal) => sql.test(literal.text))
        .map((literal) => `${path}:${literal.line} SQL outside src/store/`),
    );
  return [...misplaced, ...written];
}

/** A line for each program, and what is asked of all of them. */
const registry = ["src/tools/registered.ts", "src/tools/index.ts"];

/** Words that mean a tool and nothing else here; folders of src/tools/ are added to them. */
const toolNames = ["claude", "codex", "gemini", "opencode", "kilo", "antigravity", "copilot"];

export function onlyTheRegistryNamesTools(files: Files): string[] {
  const folders = [...files.keys()].flatMap(
    (path) => path.match(/^src\/tools\/([^/]+)\//)?.[1] ?? [],
  );
  const names = [...new Set([...toolNames, ...folders])];
  return program(files)
    .filter(([path]) => !registry.includes(path))
    .flatMap(([path, text]) => {
      const own = path.match(/^src\/tools\/([^/]+)\//)?.[1];
      return namesIn(
        text,
        names.filter((name) => name !== own),
      ).map(([line, name]) => `${path}:${line} names the tool ${name}`);
    });
}

/** A text that is the name, a path with the tool's folder in it, or an identifier. */
function namesIn(text: string, names: readonly string[]): [line: number, name: string][] {
  const { bare, literals } = lex(text);
  const anyName = names.join("|");
  const literal = new RegExp(String.raw`^(${anyName})$|(?:^|/)\.(${anyName})/`);
  const identifier = new RegExp(String.raw`(?<![\w$])(${anyName})(?![\w$])`, "g");
  return [
    ...literals.flatMap((one): [number, string][] => {
      const match = one.text.match(literal);
      return match === null ? [] : [[one.line, match[1] ?? match[2] ?? ""]];
    }),
    ...[...bare.matchAll(identifier)].map((match): [number, string] => [
      lineAt(bare, match.index),
      match[1] ?? "",
    ]),
  ];
}

const world = new RegExp(
  [
    String.raw`\bprocess\.env\b|\bBun\.env\b|\bimport\.meta\.env\b|\bhomedir\b`,
    String.raw`\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.timeOrigin\b|\bMath\.random\b`,
  ].join("|"),
  "g",
);

export function onlySysReadsTheWorld(files: Files): string[] {
  return program(files)
    .filter(([path]) => partOf(path) !== "sys")
    .flatMap(([path, text]) => occurrences(path, text, world, "is sys/'s to read"));
}

/** Of the `Bun` global only what turns values into values. */
const pureBun =
  "TOML|JSONC|JSONL|JSON5|YAML|stringWidth|wrapAnsi|sliceAnsi|stripANSI|hash|CryptoHasher|SHA256|" +
  "deepEquals|semver|markdown";

const impure = new RegExp(
  [
    String.raw`\bprocess\b(?!\s*[:(])|\bglobalThis\b|\bperformance\.|\bcrypto\.|\bconsole\.\w+\(`,
    String.raw`\bfetch\(|\bset(?:Timeout|Interval|Immediate)\(|\bBun\.(?!(?:${pureBun})\b)\w+`,
  ].join("|"),
  "g",
);

export function coreAndToolsArePure(files: Files): string[] {
  return program(files)
    .filter(([path]) => ["core", "tools"].includes(partOf(path)))
    .flatMap(([path, text]) => occurrences(path, text, impure, "in a part that must be pure"));
}

export function onlyMainExits(files: Files): string[] {
  return program(files)
    .filter(([path]) => !/^src\/main(?:-\w+)?\.ts$/.test(path))
    .flatMap(([path, text]) =>
      occurrences(path, text, /\bprocess\.(?:exit|reallyExit|abort)\b/g, "outside src/main.ts"),
    );
}

const printers = ["cli", "commands", "hooks", "main"];

export function onlyDoorsPrint(files: Files): string[] {
  return program(files)
    .filter(([path]) => !printers.includes(partOf(path)))
    .flatMap(([path, text]) =>
      occurrences(path, text, /\bconsole\.\w+(?=\()/g, "outside cli, commands, hooks, main"),
    );
}

function occurrences(path: string, text: string, pattern: RegExp, why: string): string[] {
  const { bare } = lex(text);
  return [...bare.matchAll(pattern)].map(
    (match) => `${path}:${lineAt(bare, match.index)} ${match[0]} ${why}`,
  );
}
