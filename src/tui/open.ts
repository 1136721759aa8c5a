// Opens the dashboard where it can be drawn, and says why where it cannot.
import { type Bus, openBus } from "../bus/bus.ts";
import { isColoured } from "../cli/view.ts";
import { Refusal } from "../core/refusal.ts";
import { forgetNativePart, useNativePart } from "../sys/drawing/native-part.ts";
import type { System } from "../sys/system.ts";
import { changedKeys, defaultKeys } from "../view/keys/keys.ts";
import type { Look, Palette } from "../view/paint.ts";
import { firstState, noticed, type State } from "../view/state.ts";
import type { ViewName } from "../view/view-name.ts";

export interface Opening {
  view: ViewName;
  /** Somebody sits at a terminal that can be drawn on. */
  isPerson: boolean;
  /** At the bottom of the usual screen, with what happens above it. */
  isInline: boolean;
}

export async function openDashboard(
  system: System,
  { view, isPerson, isInline }: Opening,
): Promise<number> {
  if (!isPerson) {
    throw new Refusal({
      code: "no_terminal",
      message: "the dashboard needs a terminal that a person sits at",
      hint: "one frame of it as text: hcom tui --once",
    });
  }
  if (!useNativePart()) {
    throw new Refusal({
      code: "no_native_part",
      message: `the part of the dashboard for ${process.platform} ${process.arch} is missing`,
      hint: "install hcom again with --include=optional; meanwhile: hcom list, hcom tui --once",
    });
  }
  const { runLive } = await import("./live.ts");
  forgetNativePart();
  using bus = openBus(system, { writer: "tui" });
  const { settings } = bus;
  return await runLive({
    bus,
    state: stateFor(bus, view),
    look: lookOf(system.env),
    hasMouse: settings.flag("dashboard_mouse"),
    inlineRows: isInline ? inlineRows : undefined,
    notice: settings.text("dashboard_notice"),
  });
}

const inlineRows = 14;

function stateFor(bus: Bus, view: ViewName): State {
  const { table, unknown, keyless } = changedKeys(defaultKeys, bus.settings.text("dashboard_keys"));
  const state = firstState({
    ...{ nowMs: bus.system.now(), width: 80, height: 24, view, keys: table },
  });
  const faults = [
    ...(unknown.length === 0 ? [] : [`not understood: ${unknown.join(", ")}`]),
    ...(keyless.length === 0 ? [] : [`without a key now: ${keyless.join(", ")}`]),
  ];
  return faults.length === 0
    ? state
    : noticed(state, `dashboard_keys: ${faults.join("; ")}`, "bad");
}

function lookOf(env: System["env"]): Omit<Look, "isLight"> {
  return { palette: paletteOf(env), isAscii: !isUtf8(env) };
}

function paletteOf(env: System["env"]): Palette {
  if (!isColoured(env, true)) return "none";
  const isRich = /256|direct|kitty|alacritty|ghostty/.test(env["TERM"] ?? "");
  return isRich || (env["COLORTERM"] ?? "") !== "" ? "256" : "16";
}

/** The first of these that is set decides, as in the C library; nothing set is taken for UTF-8. */
function isUtf8(env: System["env"]): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return locale === "" || /utf-?8/i.test(locale);
}
