// Help texts, made from the command table. They are read at terminals and out of pipes, by people,
// pagers and agents, so a line is as wide as the narrowest of them shows well.

import { exitMeanings } from "../core/refusal.ts";
import type { Command, Flag } from "./command.ts";
import { globalFlags } from "./parse.ts";
import { wrapped } from "./person/wrap.ts";
import { textOf } from "./style.ts";

/** No wider anywhere; a narrower terminal says how wide it is. */
const widest = 80;

const groups: readonly [Command["group"], string][] = [
  ["talk", "Talk"],
  ["agents", "Agents"],
  ["log", "Log"],
  ["setup", "Set-up"],
];

export function overviewHelp(
  commands: readonly Command[],
  launchers: readonly string[],
  width = widest,
): string {
  const page = pageOf(width);
  const lines = [
    ...page.prose("hcom - coding agents find each other and talk, and every message can be traced"),
    "",
    "Launch:",
    ...launchers.flatMap((name) => page.usage(`[N] ${name} [flags] [the tool's own arguments]`)),
    "One agent runs here, N of them in panes, tabs or windows of your terminal.",
    ...page.prose(`Such a tool (${launchers.join(", ")}) is what an agent runs in.`),
    "",
    "Who is here, what waits for you, what happened last (rows where it is piped):",
    "  hcom",
    "",
    "Commands:",
  ];
  const shown = commands.filter((one) => one.isHidden !== true);
  const least = Math.max(...shown.map((one) => one.name.length)) + 2;
  for (const [group, title] of groups) {
    const members = shown.filter((one) => one.group === group);
    if (members.length === 0) continue;
    const rows = members.map((one): Row => [one.name, one.summary]);
    lines.push(` ${title}`, ...page.columns(rows, least));
  }
  const short = shown.flatMap(({ name, aliases = [] }) => aliases.map((one) => `${one} (${name})`));
  if (short.length > 0) lines.push("", ...page.prose(`Short forms: ${short.join(", ")}`));
  const [launcher = "TOOL"] = launchers;
  lines.push(
    "",
    ...page.prose(`More: hcom COMMAND --help, hcom help ${launcher}, hcom help exit-codes`),
  );
  return lines.join("\n");
}

export function commandHelp(command: Command, width = widest): string {
  const page = pageOf(width);
  const { aliases: short = [], firstWords, flags, tables = [], examples } = command;
  const lines = [...page.prose(`hcom ${command.name} - ${command.summary}`), "", "Usage:"];
  lines.push(...command.usage.flatMap(page.usage));
  if (short.length > 0) {
    lines.push("", `Short for it: ${short.map((one) => `hcom ${one}`).join(", ")}`);
  }
  if (firstWords !== undefined) {
    const rows = firstWords.map(({ word, about }): Row => [word, about]);
    lines.push("", "What they do:", ...page.columns(rows));
  }
  if (flags.length > 0) lines.push("", "Flags:", ...page.columns(flags.map(flagRow)));
  for (const { title, rows } of tables) lines.push("", title, ...page.columns(rows));
  lines.push("", "Everywhere:", ...page.columns(globalFlags.map(flagRow)));
  if (examples !== undefined) lines.push("", "Examples:", ...examples.flatMap(page.example));
  lines.push("", "Exit codes:", ...page.columns(exitLines(command)));
  return lines.join("\n");
}

/** The table that holds for all commands, and where one of them says more. */
export function exitCodesHelp(commands: readonly Command[], width = widest): string {
  const page = pageOf(width);
  const rows = commands
    .filter((one) => one.isHidden !== true)
    .flatMap((one) =>
      Object.entries(one.exits ?? {}).map(
        ([code, meaning]): Row => [`${one.name} ${code}`, meaning],
      ),
    );
  return [
    ...["Exit codes of every command:", "", ...page.columns(Object.entries(exitMeanings))],
    ...["", "In particular:", ...page.columns(rows)],
  ].join("\n");
}

function exitLines(command: Command): Row[] {
  const meanings: Record<number, string> = { 0: "done", 1: "failed", 2: "wrong usage" };
  for (const [code, meaning] of Object.entries(command.exits ?? {})) {
    meanings[Number(code)] = meaning;
  }
  return Object.entries(meanings).map(([code, meaning]) => [code, meaning]);
}

function flagRow(flag: Flag): Row {
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  const value =
    flag.value === undefined ? "" : ` ${flag.optional ? `[${flag.value}]` : flag.value}`;
  return [`${short}--${flag.name}${value}`, flag.about];
}

type Row = readonly [left: string, right: string];

/** What is in brackets belongs together, `[--limit N]`, and so does a message behind its `--`. */
const usageWords = / *(?:-- .*|(?:\[(?:[^\][]|\[[^\]]*\])*\]|[^ ])+)/g;

/** How lines are broken at this width: what goes on stands under what it belongs to. */
function pageOf(asked: number) {
  const width = Math.min(widest, asked);
  const broken = (line: string, indent: number, words?: RegExp) =>
    wrapped([line], { width, indent, ...(words && { words }) }).map((one) =>
      one.map(textOf).join(""),
    );
  return {
    prose: (line: string) => broken(line, 2),
    usage: (line: string) => broken(`  hcom ${line}`.trimEnd(), 6, usageWords),
    example: (line: string) => broken(`  ${line}`, 6),
    columns(rows: readonly Row[], least = 0): string[] {
      const left = Math.max(least, ...rows.map(([name]) => name.length + 2)) + 2;
      return rows.flatMap(([name, about]) => broken(`  ${name.padEnd(left - 2)}${about}`, left));
    },
  };
}
