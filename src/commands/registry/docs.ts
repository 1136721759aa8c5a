// `hcom docs`: the whole reference, made of the tables that help and checks are made of.
import { commandHelp, exitCodesHelp } from "../../cli/help.ts";
import { pathsOf } from "../../config/paths.ts";
import { didYouMean } from "../../core/names/suggest.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { type Setting, settingRows } from "../../core/setting.ts";
import { scriptsOf } from "../../launch/scripts.ts";
import { readText } from "../../sys/files.ts";
import { ownDeclarations } from "../../sys/program.ts";
import type { System } from "../../sys/system.ts";
import { commands } from "./all.ts";
import scriptsGuide from "./scripts.md" with { type: "text" };

const sections: Readonly<Record<string, (system: System) => Promise<string> | string>> = {
  cli: commandsSection,
  config: settingsSection,
  api: librarySection,
  scripts: scriptsSection,
};
const names = Object.keys(sections);

/** Of the sections that the flags name, or of all. */
export async function docsText(words: readonly string[], system: System): Promise<string> {
  if (words.some((word) => word === "--help" || word === "-h")) return usage();
  const asked = words.map(sectionOf);
  const chosen = names.filter((name) => asked.length === 0 || asked.includes(name));
  const texts = await Promise.all(chosen.map((name) => sections[name]?.(system) ?? ""));
  return texts.map((text) => text.trimEnd()).join("\n\n\n");
}

function usage(): string {
  const flags = names.map((name) => `[--${name}]`).join(" ");
  return `hcom docs ${flags}\n\nThe whole reference, or the sections that you name.`;
}

function sectionOf(word: string): string {
  const name = word.replace(/^--/, "");
  if (word.startsWith("--") && Object.hasOwn(sections, name)) return name;
  throw new Refusal({
    code: "usage",
    exit: exitCode.usage,
    message: `docs: there is no section "${word}"${didYouMean(name, names, "--")}`,
    hint: `there are: ${names.map((one) => `--${one}`).join(", ")}`,
  });
}

async function commandsSection(): Promise<string> {
  const all = (await commands()).filter((one) => one.isHidden !== true || one.name === "launch");
  const helps = all.map((one) => `## ${one.name}\n\n${indented(commandHelp(one))}`);
  return ["# Commands", ...helps, `## Exit codes\n\n${indented(exitCodesHelp(all))}`].join("\n\n");
}

function settingsSection(): string {
  const first =
    "# Settings\n\nDefaults, then config.toml, then the environment; the last one counts.";
  return [first, ...settingRows.map(settingText)].join("\n\n");
}

function settingText(row: Setting): string {
  const { key, describe, env, toml, values, aliases } = row;
  const standard = row.default === "" ? "(not set)" : String(row.default);
  const lines = [`default: ${standard}`, `variable: ${env}`, `config.toml: ${toml.join(".")}`];
  if (values !== undefined) lines.push(`one of: ${values.join(", ")}`);
  if (aliases.length > 0) lines.push(`also called: ${aliases.join(", ")}`);
  return `## ${key}\n\n${describe}\n\n${indented(lines.join("\n"))}`;
}

function librarySection(): string {
  const files = ownDeclarations().map((path) => readText(path) ?? "");
  const plain = files.map((text) => text.replace(/^(?:import|\/\/\/)[\s\S]*?(?:;|\/>)\n/gm, ""));
  const names = "session, instances, launch, stop, HcomError, CommStore";
  return `# Library\n\nimport { ${names} } from "hcom";\n\n${plain.join("\n").trim()}`;
}

function scriptsSection(system: System): string {
  const paths = pathsOf(system.env, system.cwd);
  const all = scriptsOf(paths).map(({ name, about }) => `  ${name.padEnd(10)}  ${about}`);
  return `${scriptsGuide.replaceAll("SCRIPTS", paths.scripts).trimEnd()}\n\n${all.join("\n")}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}
