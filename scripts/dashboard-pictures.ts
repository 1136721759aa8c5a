// The pictures of docs/dashboard.md: frames of the real model over a log that is made for them, as
// SVG. The clock stands still, so that the same source gives the same pictures.
//   sh scripts/bun scripts/dashboard-pictures.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, openBus } from "../src/bus/bus.ts";
import { openLiveStore } from "../src/bus/channels/live-store.ts";
import { start } from "../src/bus/life/start.ts";
import { send } from "../src/bus/mail/send.ts";
import { textOf } from "../src/cli/style.ts";
import type { Instance } from "../src/core/instance.ts";
import { appendEvent, isoTime } from "../src/store/events.ts";
import { updateInstance } from "../src/store/instances.ts";
import { realSystem, type System } from "../src/sys/system.ts";
import { channelsSeen, healthSeen, settingsSeen, talkIn } from "../src/tui/read/rest.ts";
import { openReader } from "../src/tui/reader.ts";
import { keyRows } from "../src/view/around.ts";
import type { Frame, Line } from "../src/view/line.ts";
import { inkOf, type Look } from "../src/view/paint.ts";
import { show } from "../src/view/show.ts";
import { firstState, type State } from "../src/view/state.ts";
import { update } from "../src/view/update.ts";
import { type ViewName, viewNames } from "../src/view/view-name.ts";
import type { RelaySeen } from "../src/view/world.ts";

const root = join(import.meta.dir, "..");
const page = join(root, "docs/dashboard.md");
const size = { width: 110, height: 26 };
const noon = Date.UTC(2026, 10, 28, 12, 0, 0);
const look: Look = { palette: "256", isLight: false, isAscii: false };

/** By view. */
export async function pictures(): Promise<Record<ViewName, string>> {
  const dir = mkdtempSync(join(tmpdir(), "hcom-pictures-"));
  try {
    const clock = { nowMs: noon - 3_600_000 };
    using bus = openBus(systemIn(dir, clock), { writer: "pictures" });
    fill(bus, clock);
    clock.nowMs = noon;
    const states = await statesOf(bus);
    const entries = viewNames.map((view) => [view, svgOf(show({ ...states, view }))] as const);
    return Object.fromEntries(entries) as Record<ViewName, string>;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function systemIn(dir: string, clock: { nowMs: number }): System {
  let count = 0;
  const env = { HOME: dir, HCOM_DIR: join(dir, ".hcom"), PATH: "/usr/bin:/bin", TZ: "UTC" };
  const uuid = () => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;
  const chance = { random: () => 0.5, uuid, now: () => clock.nowMs };
  return { ...realSystem(), ...chance, env, home: dir, cwd: dir, log: () => {} };
}

const agents: readonly (readonly [string, string, Partial<Instance>])[] = [
  ["luna", "claude", { status: "active", status_context: "tool:Bash", tag: "api" }],
  ["nova", "codex", { status: "listening", tag: "api" }],
  [
    "kira",
    "claude",
    { status: "blocked", status_context: "approval", status_detail: "rm -rf build" },
  ],
  ["vela", "codex", { status: "listening", status_context: "tui:prompt-has-text" }],
  ["miso", "gemini", { status: "active", status_context: "tool:edit", background: 1 }],
];

function fill(bus: Bus, clock: { nowMs: number }): void {
  for (const [name, tool, row] of agents) {
    start(bus, { tool, as: name });
    const seconds = noon / 1000;
    updateInstance(bus.db, name, {
      ...{ directory: "/home/you/shop", session_id: `session-of-${name}`, pid: null },
      ...{ status_time: seconds - 95, last_stop: seconds, created_at: seconds - 7200 },
      ...row,
    });
  }
  const say = (from: string, targets: string[], text: string, more: object = {}) => {
    clock.nowMs += 300_000;
    const sender = { kind: "external", name: from } as const;
    return send(bus, { sender, targets, text, ...more }).id;
  };
  const asked = say("bigboss", ["luna"], "please move the parser to src/parse", {
    intent: "request",
  });
  acted(bus, clock, "luna", "Edit", "src/parse/tokens.ts");
  acted(bus, clock, "luna", "Bash", "npm test -- src/parse");
  say("luna", ["bigboss"], "done; all 214 tests pass", {
    replyTo: String(asked),
    intent: "inform",
  });
  say("nova", ["vela"], "can you review the release notes?", {
    intent: "request",
    thread: "release",
  });
  acted(bus, clock, "miso", "edit", "docs/release.md");
  say("kira", ["bigboss"], "may I clear the build directory?", { thread: "release" });
  const store = openLiveStore(bus, "main");
  const room = store.createChannel({ name: "ops", type: "Group" });
  for (const name of ["luna", "nova"]) store.joinChannel(room.id, name);
  store.sendMessage({ channelId: room.id, sender: "luna", content: "the build is green again" });
}

function acted(bus: Bus, clock: { nowMs: number }, instance: string, tool: string, detail: string) {
  clock.nowMs += 60_000;
  const data = { status: "active", context: `tool:${tool}`, position: 0, detail };
  appendEvent(bus.db, { type: "status", instance, data, timestamp: isoTime(clock.nowMs) });
}

async function statesOf(bus: Bus): Promise<State> {
  let state = firstState({ nowMs: noon, ...size });
  const take = (world: Partial<State["world"]>) => {
    state = update(state, { kind: "world", world }).state;
  };
  const reader = openReader(bus);
  take(reader.news(state.world) ?? {});
  take(reader.earlier());
  take(await reader.people(state.world));
  const recorded = join(root, "src/tools/claude/fixtures/2.1.329/screens/approval.txt");
  // A recorded question, about what the agent of the picture would do.
  const text = readFileSync(recorded, "utf8").replaceAll("touch yy; sleep 3", "rm -rf build");
  const shown = text.replace(/\/tmp\/\S+/g, "/home/you/shop").split("\n");
  const lines = shown.slice(shown.findLastIndex((line) => line.startsWith("───")));
  const screen = { name: "kira", lines, question: true, problem: "" };
  const channels = channelsSeen(bus);
  const seen = state.world.agents.map((one) => ({ ...one, hasScreen: true }));
  take({ agents: seen, channels, channelTalk: talkIn(bus, 1), terminals: ["tmux"] });
  take({ screens: new Map([["kira", screen]]), settings: settingsSeen(bus) });
  take({ relay });
  take({ health: { ...(await healthSeen(bus)), version: "1", directory: "~/.hcom" } });
  return { ...state, agent: "kira" };
}

/** Of no broker that there is. */
const relay: RelaySeen = {
  ...{ isInGroup: true, isEnabled: true, health: "connected", isWell: true, problems: [] },
  ...{ broker: "mqtts://broker.example:8883", roundTripMs: 41, device: "KIVU", queued: 0 },
  fingerprint: "7f3a 91c2 04de",
  devices: [
    { short: "BOXE", presence: "online", heard: "now", agents: 3, clock: "" },
    { short: "LOMA", presence: "away", heard: "2h ago", agents: 1, clock: "" },
  ],
};

const cell = { width: 8.4, height: 18 };
const colors = [
  "#1a1b26",
  "#f7768e",
  "#9ece6a",
  "#e0af68",
  "#7aa2f7",
  "#bb9af7",
  "#7dcfff",
] as const;

function svgOf(frame: Frame): string {
  const width = Math.ceil(frame.width * cell.width) + 16;
  const height = frame.lines.length * cell.height + 16;
  const rows = frame.lines.map((line, y) => rowOf(line, y, frame.width)).join("\n");
  const font = "font-family='ui-monospace,Menlo,Consolas,monospace' font-size='14'";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${font}>`,
    `<rect width="100%" height="100%" rx="8" fill="${colors[0]}"/>`,
    rows,
    "</svg>\n",
  ].join("\n");
}

function rowOf(line: Line, y: number, columns: number): string {
  const top = 8 + y * cell.height;
  const parts: string[] = [];
  if (line.isChosen === true) {
    const wide = columns * cell.width;
    parts.push(`<rect x="8" y="${top}" width="${wide}" height="${cell.height}" fill="#303446"/>`);
  }
  let x = 0;
  for (const part of line.parts) {
    const text = textOf(part);
    const ink = typeof part === "string" ? {} : inkOf(part.tone, look);
    const fill = ink.color === undefined ? "#c0caf5" : (colors[ink.color] ?? "#c0caf5");
    const weight = ink.isBold === true ? ' font-weight="bold"' : "";
    const faint = ink.isDim === true ? ' opacity="0.6"' : "";
    const at = `x="${(8 + x * cell.width).toFixed(1)}" y="${top + 14}"`;
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    if (text.trim() !== "") {
      parts.push(
        `<text ${at} fill="${fill}"${weight}${faint} xml:space="preserve">${escaped}</text>`,
      );
    }
    x += Bun.stringWidth(text);
  }
  return parts.join("");
}

const [begin, end] = [
  "<!-- keys: made by scripts/dashboard-pictures.ts -->",
  "<!-- end of keys -->",
];

/** The table of keys between its marks. */
export function withKeys(text: string): string {
  const rows = keyRows().map(({ keys, about, where }) => `| \`${keys}\` | ${about} | ${where} |`);
  const table = [begin, "| Keys | | Where |", "|---|---|---|", ...rows, end].join("\n");
  return text.replace(new RegExp(`${begin}[\\s\\S]*${end}`), () => table);
}

if (import.meta.main) {
  process.env["TZ"] = "UTC";
  for (const [view, svg] of Object.entries(await pictures())) {
    writeFileSync(join(root, "docs/pictures", `${view}.svg`), svg);
  }
  writeFileSync(page, withKeys(readFileSync(page, "utf8")));
}
