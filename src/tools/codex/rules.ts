// Codex's `rules/hcom.rules`: the safe commands that need no approval. The file is ours, but lines
// that somebody added to it stay.
import { commandWords, formerSafeWords, safeCommands } from "../safe-commands.ts";
import type { InstallOptions, SettingsFile } from "../tool.ts";

const head = "# hcom: commands that agents may run without asking; rewritten by `hcom hooks add`";

export function rulesFile(path: string): SettingsFile {
  return {
    path,
    what: "permissions",
    install(text, options) {
      if (text !== null && problems(text, options).length === 0) return text;
      return ourLines(options).join("") + (text === null ? "" : (remove(text) ?? ""));
    },
    remove,
    problems: (text, options) => problems(text ?? "", options),
  };
}

/** A rule knows prefixes only, so commands that are safe without arguments alone are not here. */
function ourLines(options: InstallOptions): string[] {
  if (!options.autoApprove) return [];
  const words = options.commandWord.split(" ");
  return [
    `${head}\n`,
    ...[...safeCommands, "--help", "-h", "--version"].map((command) => {
      const pattern = [...words, ...command.split(" ")]
        .map((word) => JSON.stringify(word))
        .join(", ");
      return `prefix_rule(pattern=[${pattern}], decision="allow")\n`;
    }),
  ];
}

function remove(text: string): string | null {
  const lines = text.split(/(?<=\n)/);
  const rest = lines.filter((line) => !isOurs(line.replace(/\r?\n$/, "")));
  // An empty file is what an install leaves where there was none.
  if (rest.length === 0 || text === "") return null;
  return rest.length === lines.length ? text : rest.join("");
}

function isOurs(line: string): boolean {
  if (line === head || /^# hcom\b.*auto/i.test(line)) return true;
  const pattern = /^prefix_rule\(pattern=(\[.*\]), decision="allow"\)$/.exec(line)?.[1];
  if (pattern === undefined) return false;
  const words = pattern.slice(1, -1).replaceAll('"', "").split(", ").join(" ");
  const word = commandWords.find((one) => words.startsWith(`${one} `));
  if (word === undefined) return false;
  const rest = words.slice(word.length + 1);
  // Earlier programs also allowed the help of each launch command.
  return formerSafeWords.has(rest) || / (--help|-h)$/.test(rest);
}

function problems(text: string, options: InstallOptions): string[] {
  const lines = text.split(/(?<=\n)/);
  const wanted = ourLines(options);
  const missing = wanted.filter((line) => !lines.includes(line));
  const extra = lines.filter((line) => isOurs(line.trimEnd()) && !wanted.includes(line));
  return [
    ...missing.map((line) => `rule is missing: ${line.trimEnd()}`),
    ...extra.map((line) => `rule is a leftover: ${line.trimEnd()}`),
  ];
}
