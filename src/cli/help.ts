// Help texts, made from the command table.

import { exitMeanings } from "../core/refusal.ts";
import type { Command, Flag } from "./command.ts";
import { globalFlags } from "./parse.ts";

const groups: readonly [Command["group"], string][] = [
  ["talk", "Talk"],
  ["agents", "Agents"],
  ["log", "Log"],
  ["setup", "Set-up"],
];

export function overviewHelp(commands: readonly Command[], launchers: readonly string[]): string {
  const lines = [
    "hcom - coding agents find each other and talk; every delivery is proved",
    "",
    "Launch one here, or N of them in panes of tmux:",
    ...launchers.map((name) => `  hcom [N] ${name} [flags] [the program's own arguments]`),
    "",
    "Who is here, what waits for you, what happened last:",
    "  hcom",
    "",
    "Commands:",
  ];
  const shown = commands.filter((one) => one.isHidden !== true);
  const width = Math.max(...shown.map((one) => one.name.length)) + 2;
  for (const [group, title] of groups) {
    const members = shown.filter((one) => one.group === group);
    if (members.length === 0) continue;
    const rows = members.map((one): [string, string] => [one.name, one.summary]);
    lines.push(` ${title}`, ...columns(rows, width));
  }
  const [launcher = "TOOL"] = launchers;
  lines.push(
    "",
    `More: hcom COMMAND --help, hcom help ${launcher}, hcom docs, hcom help exit-codes`,
  );
  return lines.join("\n");
}

export function commandHelp(command: Command): string {
  const lines = [`hcom ${command.name} - ${command.summary}`, "", "Usage:"];
  lines.push(...command.usage.map((line) => `  hcom ${line}`.trimEnd()));
  const short = command.aliases ?? [];
  if (short.length > 0) lines.push(`  short: ${short.map((one) => `hcom ${one}`).join(", ")}`);
  if (command.firstWords !== undefined) {
    const rows = command.firstWords.map(({ word, about }): [string, string] => [word, about]);
    lines.push("", "What they do:", ...columns(rows));
  }
  if (command.flags.length > 0) lines.push("", "Flags:", ...flagLines(command.flags));
  for (const { title, rows } of command.tables ?? []) lines.push("", title, ...columns(rows));
  lines.push("", "Everywhere:", ...flagLines(globalFlags));
  if (command.examples !== undefined) {
    lines.push("", "Examples:", ...command.examples.map((line) => `  ${line}`));
  }
  lines.push("", "Exit codes:", ...columns(exitLines(command)));
  return lines.join("\n");
}

/** The table that holds for all commands, and where one of them says more. */
export function exitCodesHelp(commands: readonly Command[]): string {
  const lines = ["Exit codes of every command:", "", ...columns(Object.entries(exitMeanings))];
  lines.push("", "In particular:");
  const rows = commands
    .filter((one) => one.isHidden !== true)
    .flatMap((one) =>
      Object.entries(one.exits ?? {}).map(([code, meaning]): [string, string] => [
        `${one.name} ${code}`,
        meaning,
      ]),
    );
  lines.push(...columns(rows));
  return lines.join("\n");
}

function exitLines(command: Command): [string, string][] {
  const meanings: Record<number, string> = { 0: "done", 1: "failed", 2: "wrong usage" };
  for (const [code, meaning] of Object.entries(command.exits ?? {})) {
    meanings[Number(code)] = meaning;
  }
  return Object.entries(meanings).map(([code, meaning]) => [code, meaning]);
}

function flagLines(flags: readonly Flag[]): string[] {
  return columns(
    flags.map((flag) => {
      const short = flag.short === undefined ? "" : `-${flag.short}, `;
      const value =
        flag.value === undefined ? "" : ` ${flag.optional ? `[${flag.value}]` : flag.value}`;
      return [`${short}--${flag.name}${value}`, flag.about];
    }),
  );
}

function columns(rows: readonly (readonly [string, string])[] | string[][], least = 0): string[] {
  const width = Math.max(least, ...rows.map(([left]) => (left ?? "").length + 2));
  return rows.map(([left, right]) => `  ${(left ?? "").padEnd(width)}${right ?? ""}`);
}
