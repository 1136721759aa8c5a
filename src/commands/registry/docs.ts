// `hcom docs`: the whole reference, made of the tables that help and checks are made of.
import type { Call, Command } from "../../cli/command.ts";
import { commandHelp, exitCodesHelp } from "../../cli/help.ts";
import { pathsOf } from "../../config/paths.ts";
import { exitCode } from "../../core/refusal.ts";
import { type Setting, settingRows } from "../../core/setting.ts";
import { scriptsOf } from "../../launch/scripts.ts";
import { readText } from "../../sys/files.ts";
import { ownDeclarations } from "../../sys/program.ts";
import type { System } from "../../sys/system.ts";
import scriptsGuide from "./scripts.md" with { type: "text" };

/** `commands` is all of them, this one included. */
export function docs(commands: () => Promise<Command[]>): Command {
  return { ...command, run: (call) => runDocs(call, commands) };
}

const command: Omit<Command, "run"> = {
  name: "docs",
  group: "setup",
  summary: "the whole reference: commands, settings, library, scripts",
  usage: ["docs [--cli] [--config] [--api] [--scripts]"],
  mostWords: 0,
  flags: [
    { name: "cli", about: "only the help of every command" },
    { name: "config", about: "only what can be set, and where" },
    { name: "api", about: 'only the library, import "hcom"' },
    { name: "scripts", about: "only how to write scripts for hcom run" },
  ],
  examples: ["hcom docs | less", "hcom docs --config"],
};

type Section = (system: System, commands: () => Promise<Command[]>) => Promise<string> | string;

const sections: Readonly<Record<string, Section>> = {
  cli: (_system, commands) => commandsSection(commands),
  config: settingsSection,
  api: librarySection,
  scripts: scriptsSection,
};

/** Of the sections that the flags name, or of all. */
async function runDocs(
  { flags, out, system }: Call,
  commands: () => Promise<Command[]>,
): Promise<number> {
  const asked = Object.keys(sections).filter((name) => flags.has(name));
  const chosen = Object.entries(sections).filter(
    ([name]) => asked.length === 0 || asked.includes(name),
  );
  const texts = await Promise.all(chosen.map(([, textOf]) => textOf(system, commands)));
  out.line(texts.map((text) => text.trimEnd()).join("\n\n\n"));
  return exitCode.ok;
}

const indent = 4;

async function commandsSection(commands: () => Promise<Command[]>): Promise<string> {
  const columns = 80 - indent;
  const all = (await commands()).filter((one) => one.isHidden !== true || one.name === "launch");
  const helps = all.map((one) => `## ${one.name}\n\n${indented(commandHelp(one, columns))}`);
  return ["# Commands", ...helps, `## Exit codes\n\n${indented(exitCodesHelp(all, columns))}`].join(
    "\n\n",
  );
}

function settingsSection(): string {
  const first =
    "# Settings\n\nDefaults, then config.toml, then the environment; the last one counts.";
  return [first, ...settingRows().map(settingText)].join("\n\n");
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
  return text.replace(/^(?=.)/gm, " ".repeat(indent));
}
