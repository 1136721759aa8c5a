// The manual, made from the command tables: `hcom`, a page for each of its commands, and `acomm`.
// Nothing here changes from day to day, so that the same source gives the same package.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { globalFlags as acommFlags } from "../src/acomm-cli/arguments.ts";
import { verbs } from "../src/acomm-cli/verbs.ts";
import type { Command, Flag } from "../src/cli/command.ts";
import { globalFlags } from "../src/cli/parse.ts";
import { commands } from "../src/commands/registry/all.ts";
import { exitMeanings } from "../src/core/refusal.ts";
import { settingRows } from "../src/core/setting.ts";
import { version } from "../src/core/version.ts";
import { toolNames } from "../src/tools/index.ts";

/** Writes the pages into `dir`, which holds nothing else afterwards. */
export async function writeManPages(dir: string): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries(await manPages())) {
    writeFileSync(join(dir, name), text);
  }
}

/** Text by file name. */
export async function manPages(): Promise<Record<string, string>> {
  const shown = (await commands()).filter((one) => !one.isHidden || one.name === "launch");
  const pages = shown.map((one): [string, string] => [`hcom-${one.name}.1`, commandPage(one)]);
  return { "hcom.1": mainPage(shown), ...Object.fromEntries(pages), "acomm.1": acommPage() };
}

function mainPage(shown: readonly Command[]): string {
  return page("hcom", "coding agents find each other and talk, and every message can be traced", [
    ["SYNOPSIS", synopsis(["hcom", "hcom [N] TOOL [arguments]", "hcom COMMAND [arguments]"])],
    [
      "DESCRIPTION",
      paragraphs(
        `Starts agent programs (${toolNames.join(", ")}) so that they can write to each other, ` +
          "and shows people what they do. Mail reaches an agent in the middle of a turn, at its " +
          "end, and when it sits idle. Without arguments: who is here, and what to do next.",
        "Each command has a page of its own: hcom-send(1) is that of `hcom send'. Tab completes " +
          "commands and names once the shell was told to: hcom-completions(1).",
      ),
    ],
    ["COMMANDS", tagged(shown.map((one) => [pageName(one), one.summary]))],
    ["FLAGS OF EVERY COMMAND", tagged(globalFlags.map(flagRow))],
    ["EXIT STATUS", tagged(Object.entries(exitMeanings))],
    [
      "ENVIRONMENT",
      tagged([
        ["HCOM_DIR", "where the state is, instead of ~/.hcom"],
        ...settingRows().map((row): [string, string] => [row.env, row.describe]),
      ]),
    ],
    [
      "FILES",
      tagged([
        ["~/.hcom/hcom.db", "everything that happened, an SQLite file; view events_v is for you"],
        ["~/.hcom/config.toml", "settings; hcom-config(1) changes them"],
      ]),
    ],
    ["SEE ALSO", paragraphs("acomm(1)")],
  ]);
}

function pageName(command: Command): string {
  return `hcom-${command.name}(1)`;
}

function commandPage(command: Command): string {
  const exits = { 0: "done", 1: "failed", 2: "wrong usage", ...command.exits };
  return page(`hcom-${command.name}`, command.summary, [
    ["SYNOPSIS", synopsis(command.usage.map((line) => `hcom ${line}`))],
    ["WORDS", tagged((command.firstWords ?? []).map(({ word, about }) => [word, about]))],
    ["FLAGS", tagged([...command.flags, ...globalFlags].map(flagRow))],
    ["EXAMPLES", verbatim(command.examples ?? [])],
    ["EXIT STATUS", tagged(Object.entries(exits))],
    ["SEE ALSO", paragraphs("hcom(1)")],
  ]);
}

function acommPage(): string {
  const usageOf = (verb: (typeof verbs)[number]) =>
    [`acomm ${verb.words}`, ...verb.positionals.map((one) => `<${one.name}>`)].join(" ");
  return page("acomm", "channels, topics and messages for agents, in a file or in hcom", [
    ["SYNOPSIS", synopsis(["acomm COMMAND [arguments]"])],
    [
      "DESCRIPTION",
      paragraphs(
        "The store is the first of: --file PATH or --bus; $ACOMM_STORE; .acomm/store.acomm when " +
          "the directory .acomm is here; ~/.store.acomm. Results are JSON; an error is a JSON " +
          "object on standard error.",
      ),
    ],
    ["COMMANDS", tagged(verbs.map((verb) => [usageOf(verb), verb.about]))],
    ["FLAGS OF EVERY COMMAND", tagged(acommFlags.map(flagRow))],
    ["SEE ALSO", paragraphs("hcom(1), hcom-channel(1)")],
  ]);
}

function page(name: string, about: string, sections: readonly [string, string][]): string {
  const title = `.TH "${escaped(name.toUpperCase())}" 1 "" "hcom ${version}" "hcom"`;
  const filled = sections.filter(([, body]) => body !== "");
  const named: [string, string] = ["NAME", `${escaped(name)} \\- ${escaped(about)}`];
  const parts = [named, ...filled].map(([head, body]) => `.SH "${head}"\n${body}`);
  // No hyphens at the ends of lines: what is copied must be what was meant.
  return `${[title, ".nh", ...parts].join("\n")}\n`;
}

function flagRow(flag: Flag): [string, string] {
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  if (flag.value === undefined) return [`${short}--${flag.name}`, flag.about];
  const value = flag.optional ? `[${flag.value}]` : flag.value;
  return [`${short}--${flag.name} ${value}`, flag.about];
}

function synopsis(lines: readonly string[]): string {
  return lines
    .map((line) => `${line === lines[0] ? "" : ".br\n"}\\fB${escaped(line)}\\fR`)
    .join("\n");
}

function tagged(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([tag, text]) => `.TP\n\\fB${escaped(tag)}\\fR\n${escaped(text)}`).join("\n");
}

function paragraphs(...texts: string[]): string {
  return texts.map(escaped).join("\n.PP\n");
}

function verbatim(lines: readonly string[]): string {
  return lines.length === 0 ? "" : [".nf", ...lines.map(escaped), ".fi"].join("\n");
}

/** What roff would take for its own, and what it would print as a nicer sign than can be copied. */
const signs: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "^": "\\(ha",
  "~": "\\(ti",
  "`": "\\(ga",
  "'": "\\(aq",
};

function escaped(text: string): string {
  return text.replace(/[\\^~`'-]/g, (sign) => signs[sign] ?? sign).replace(/^\./gm, "\\&.");
}
