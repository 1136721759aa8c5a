// The commands of a page, as its reader copies them: what the page says and what the tests run
// cannot part.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const repository = join(import.meta.dir, "../..");

export interface CodeBlock {
  /** The nearest heading above it. */
  heading: string;
  language: string;
  /** The second word behind the fence. */
  terminal: string;
  lines: string[];
}

export function codeBlocksOf(page: string): CodeBlock[] {
  const text = readFileSync(join(repository, page), "utf8");
  let heading = "";
  const blocks: CodeBlock[] = [];
  const parts =
    /^#+ (?<title>.+)$|^```(?<language>\w*)(?: (?<terminal>\w+))?\n(?<body>[\s\S]*?)^```$/gm;
  for (const { groups } of text.matchAll(parts)) {
    if (groups?.["title"] !== undefined) heading = groups["title"];
    else {
      const lines = (groups?.["body"] ?? "").split("\n").slice(0, -1);
      const { language = "", terminal = "" } = groups ?? {};
      blocks.push({ heading, language, terminal, lines });
    }
  }
  return blocks;
}

/** The commands below a heading, without what is said behind them. */
export function commandsBelow(page: string, heading: string): string[] {
  const commands = codeBlocksOf(page)
    .filter((block) => block.heading === heading && block.language === "sh")
    .flatMap((block) => block.lines)
    .map((line) => line.replace(/\s+# .*$/, "").trim())
    .filter((line) => line !== "");
  if (commands.length === 0) throw new Error(`${page} has no commands below "${heading}"`);
  return commands;
}

/** A command that stands in the page's prose, by how it begins. */
export function inlineCommand(page: string, beginning: string): string {
  const text = readFileSync(join(repository, page), "utf8");
  const found = [...text.matchAll(/`([^`\n]+)`/g)].find(([, code]) => code?.startsWith(beginning));
  if (found?.[1] === undefined) throw new Error(`${page} names no command "${beginning} ..."`);
  return found[1];
}
