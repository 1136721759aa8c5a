// A member of an interface that nothing reads is a promise to nobody. Names alone are looked at, so
// what has the name of something that is read goes through. Members in snake_case stand in logs,
// databases and JSON that others read; so does an interface that is said to be for clients.
import type { Files } from "./files.ts";
import { program } from "./files.ts";
import { lex, lineAt } from "./lexer.ts";

const declared = /^(?:export )?interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm;
const member = /^ {2}(?:readonly )?([a-z][A-Za-z0-9]*)\??(?=[(:<])/gm;

export function membersAreRead(files: Files): string[] {
  const code = program(files).map(([path, text]) => [path, text, lex(text).code] as const);
  const read = readNames(code.map(([, , one]) => one).join("\n"));
  return code.flatMap(([path, text, one]) =>
    [...one.matchAll(declared)].flatMap((match) => {
      const [whole, name = "", body = ""] = match;
      if (/for clients\.[^\n]*\n$/i.test(text.slice(0, match.index))) return [];
      const from = match.index + whole.indexOf(body);
      return [...body.matchAll(member)]
        .filter(([, found = ""]) => !read.has(found))
        .map((found) => {
          const line = lineAt(text, from + found.index);
          return `${path}:${line} nobody reads ${name}.${found[1]}`;
        });
    }),
  );
}

/** Whatever is not followed by a colon or a bracket, stands behind a dot, is quoted or renamed. */
function readNames(code: string): Set<string> {
  const words = [
    ...code.matchAll(/(?<![\w$.])([a-z][A-Za-z0-9]*)(?![\w$])(?!\??\s*[:(])/g),
    ...code.matchAll(/\.([a-z][A-Za-z0-9]*)\b/g),
    ...code.matchAll(/"([a-z][A-Za-z0-9]*)"/g),
  ];
  const renamed = [...code.matchAll(/\{([^{}]*)\}\s*(?:=(?!=)|\)?\s*=>|:)/g)].flatMap(
    ([, inner = ""]) => [...inner.matchAll(/([a-z][A-Za-z0-9]*): \w/g)],
  );
  return new Set([...words, ...renamed].map(([, name = ""]) => name));
}
