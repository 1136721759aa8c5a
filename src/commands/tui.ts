// hcom tui: the dashboard on a terminal, or one frame of it for whoever has none.
import { openBus } from "../bus/bus.ts";
import type { Call, Command } from "../cli/command.ts";
import { isTerminal } from "../cli/is-terminal.ts";
import { usageError } from "../cli/parse.ts";
import { exitCode } from "../core/refusal.ts";
import type { Once } from "../tui/once.ts";
import { type ViewName, viewNames } from "../view/view-name.ts";

const abouts: Readonly<Record<(typeof viewNames)[number], string>> = {
  agents: "who is here, and who needs you",
  talk: "messages, and how far each has come",
  activity: "everything that happens",
  agent: "one agent: its screen, words and mail",
  approvals: "questions that wait for you",
  channels: "rooms, and what is said there",
  launch: "start agents",
  settings: "settings and health",
  relay: "the group of machines, and who else is in it",
};

const command: Command = {
  name: "tui",
  group: "agents",
  summary: "the dashboard (also: bare hcom on a terminal)",
  usage: [
    "tui [VIEW] [--inline]",
    "tui --once [--view VIEW] [--width N] [--height N] [--find TEXT] [--json]",
  ],
  mostWords: 1,
  firstWords: viewNames.map((word) => ({ word, about: abouts[word] })),
  flags: [
    { name: "inline", about: "at the bottom of the usual screen; what happens scrolls above it" },
    { name: "once", about: "print one frame as text and end; --json: what it shows, as data" },
    { name: "view", value: "VIEW", oneOf: viewNames, about: "which view" },
    { name: "width", value: "N", about: "columns of the frame" },
    { name: "height", value: "N", about: "lines of the frame (default 24)" },
    { name: "find", value: "TEXT", about: "only what has these words" },
  ],
  examples: ["hcom tui", "hcom tui --once --view talk --width 100"],
  run: runTui,
};
export default command;

async function runTui(call: Call): Promise<number> {
  if (!call.flags.has("once") && !call.json) return runOpen(call);
  const once = onceOf(call);
  using bus = openBus(call.system, { writer: "tui" });
  const { frameOnce, modelOnce } = await import("../tui/once.ts");
  if (call.json) {
    call.out.json(await modelOnce(bus, once));
    return exitCode.ok;
  }
  const { isColoured } = call.out.view;
  const palette = isColoured ? "16" : "none";
  const lines = await frameOnce(bus, once, { palette, isLight: false, isAscii: false });
  for (const line of lines) call.out.line(line);
  return exitCode.ok;
}

async function runOpen(call: Call): Promise<number> {
  const { openDashboard } = await import("../tui/open.ts");
  return await openDashboard(call.system, {
    view: viewOf(call),
    isPerson: canDraw(call),
    isInline: call.flags.has("inline"),
  });
}

function canDraw({ out, system }: Call): boolean {
  return out.view.isForPeople && isTerminal(0) && system.env["TERM"] !== "dumb";
}

function onceOf(call: Call): Once {
  const { width } = call.out.view;
  return {
    view: viewOf(call),
    width: sizeOf(call, "width", Number.isFinite(width) ? width : 80),
    height: sizeOf(call, "height", 24),
    filter: call.flags.value("find") ?? "",
  };
}

function viewOf(call: Call): ViewName {
  const word = call.flags.value("view") ?? call.words[0] ?? "agents";
  const view = viewNames.find((one) => one === word);
  if (view !== undefined) return view;
  throw usageError(command, `there is no view "${word}": ${viewNames.join(", ")}`);
}

function sizeOf(call: Call, flag: "width" | "height", fallback: number): number {
  const size = call.flags.number(flag) ?? fallback;
  if (Number.isInteger(size) && size >= 1 && size <= 1000) return size;
  throw usageError(command, `--${flag} is a number from 1 to 1000`);
}
