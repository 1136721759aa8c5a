// Which terminal a launch opens, and what is said where that is another one than was named.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { OwnTerminal } from "../../config/own-terminals.ts";
import { Refusal } from "../../core/refusal.ts";
import { checkTerminal, chooseTerminal, terminalInside, terminalWords } from "./choose.ts";
import { fill } from "./preset.ts";
import { presets } from "./presets.ts";

const root = mkdtempSync(`${tmpdir()}/hcom-choose-`);
afterAll(() => rmSync(root, { recursive: true, force: true }));
/** As on a Linux that is not inside of Windows. */
const ofWindows = ["wt.exe", "mintty.exe", "wttab"];
const all = presets.flatMap(({ binary = "wt.exe" }) => (ofWindows.includes(binary) ? [] : binary));
beforeAll(() => {
  for (const folder of ["all", "none", "few"]) mkdirSync(`${root}/${folder}`);
  const put = (path: string) => writeFileSync(`${root}/${path}`, "", { mode: 0o755 });
  for (const name of all) put(`all/${name}`);
  put("few/tmux");
  put("few/xterm");
});

function around(
  env: Record<string, string> = {},
  { programs = "all", platform = "linux", own = [] as OwnTerminal[] } = {},
) {
  return { env: { PATH: `${root}/${programs}`, ...env }, platform, own };
}

function chosen(wanted: string, count: number, ...where: Parameters<typeof around>): string {
  const { preset, isAsked, notes } = chooseTerminal(wanted, count, around(...where));
  return [preset.name, isAsked ? "asked" : "found", ...notes].join("; ");
}

function refused(wanted: string, ...where: Parameters<typeof around>): string {
  try {
    return `accepted: ${chosen(wanted, 1, ...where)}`;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

test("each terminal's own variable says that we are in it", () => {
  const found = presets.flatMap(({ inside: [id], platforms: [platform = "linux"] = [] }) =>
    id === undefined ? [] : [[id, terminalInside(around({ [id]: "1" }, { platform }))?.name]],
  );
  expect(Object.fromEntries(found)).toEqual({
    HERDR_PANE_ID: "herdr",
    CMUX_WORKSPACE_ID: "cmux",
    TMUX_PANE: "tmux-split",
    ZELLIJ_PANE_ID: "zellij",
    WEZTERM_PANE: "wezterm-split",
    KITTY_WINDOW_ID: "kitty-split",
    WAVETERM_BLOCKID: "waveterm",
    GHOSTTY_RESOURCES_DIR: "ghostty",
    ITERM_SESSION_ID: "iterm",
    ALACRITTY_WINDOW_ID: "alacritty",
    GNOME_TERMINAL_SCREEN: "gnome-terminal",
    KONSOLE_DBUS_WINDOW: "konsole",
    TERMINATOR_UUID: "terminator",
    TILIX_ID: "tilix",
    XTERM_VERSION: "xterm",
    WT_SESSION: "windows-terminal",
  });
});

test("a multiplexer counts before the terminal around it, and a name of its own after all", () => {
  const kitty = { KITTY_WINDOW_ID: "1" };
  expect(terminalInside(around({ ...kitty, TMUX_PANE: "%1" }))?.name).toBe("tmux-split");
  const mac = { platform: "darwin" };
  expect(terminalInside(around({ TERM_PROGRAM: "WarpTerminal" }, mac))?.name).toBe("warp");
  expect(terminalInside(around({ TERM_PROGRAM: "ghostty", ...kitty }, mac))?.name).toBe(
    "kitty-split",
  );
  expect(terminalInside(around({ ITERM_SESSION_ID: "1" }))).toBeUndefined();
});

test("several agents get tabs where panes would be slivers", () => {
  const kitty = { KITTY_WINDOW_ID: "1", KITTY_LISTEN_ON: "unix:/k" };
  expect(chosen("default", 1, kitty)).toBe("kitty-split; found");
  expect(chosen("default", 3, kitty)).toBe("kitty-tab; found");
  expect(chosen("default", 3, { KITTY_WINDOW_ID: "1" })).toBe("kitty-window; found");
  expect(chosen("default", 3, { WEZTERM_PANE: "1" })).toBe("wezterm-tab; found");
});

test("a family's name is its pane inside of it, and a window from elsewhere", () => {
  expect(chosen("kitty", 1)).toBe("kitty-window; asked");
  expect(chosen("kitty", 1, { KITTY_WINDOW_ID: "1", KITTY_LISTEN_ON: "unix:/k" })).toBe(
    "kitty-split; asked",
  );
  expect(chosen("wezterm", 1)).toBe("wezterm-window; asked");
});

test("without any sign a desktop gets a window, and what has none is refused", () => {
  expect(chosen("default", 2, { DISPLAY: ":1" })).toBe("gnome-terminal; found");
  expect(chosen("default", 2, { DISPLAY: ":1" }, { programs: "few" })).toBe("xterm; found");
  expect(chosen("default", 2, {}, { platform: "darwin" })).toBe("terminal.app; found");
  expect(refused("default")).toBe("there is no terminal to open another agent in");
});

test("a terminal whose program is missing is passed over, and that is said", () => {
  const few = { programs: "few" };
  expect(chosen("konsole", 1, { TMUX_PANE: "%1" }, few)).toBe(
    "tmux-split; found; konsole is not installed: opening in tmux-split instead of konsole",
  );
  expect(chosen("default", 1, { WEZTERM_PANE: "1", DISPLAY: ":1" }, few)).toBe("xterm; found");
  expect(refused("kitty", {}, few)).toBe("kitty is not installed");
});

test("an unknown one, one of another platform and a command without a script are refused", () => {
  expect(refused("kity")).toBe('there is no terminal "kity" - did you mean kitty?');
  expect(refused("iterm")).toBe("iterm opens on macOS only");
  expect(refused("konsole", {}, { platform: "darwin" })).toBe("konsole opens on Linux only");
  const own = [{ name: "mine", open: "term -e" }];
  expect(refused("mine", {}, { own })).toContain("mine is no list of shell words with {script}");
  expect(refused("term '{script}")).toContain("--terminal is no list of shell words");
  expect(terminalWords(around())).not.toContain("iterm");
});

test("a command of its owner is a terminal, and so is a table in the settings", () => {
  expect(chosen("xterm -T 'a b' -e {script}", 1)).toBe("xterm; asked");
  const own: OwnTerminal[] = [
    { name: "mine", binary: "tmux", open: ["tmux", "x", "{script}"], paneIdEnv: "MY_PANE" },
    { name: "kitty-tab", open: "kitty @ launch --type=tab --hold sh {script}" },
    { name: "iterm", binary: "xterm" },
  ];
  expect(chosen("mine", 1, {}, { own })).toBe("mine; asked");
  expect(chosen("default", 1, { MY_PANE: "7" }, { own })).toBe("mine; found");
  const { preset } = chooseTerminal("kitty-tab", 1, around({}, { own }));
  expect(preset.open).toContain("--hold");
  expect(preset.close).toEqual(["kitty", "@", "close-window", "--match", "id:{pane_id}"]);
  // Whoever describes it knows where it runs.
  expect(chosen("iterm", 1, {}, { own })).toBe("iterm; asked");
  for (const word of ["mine", "", "here", "print", "default", "x {script}"]) {
    checkTerminal(word, around({}, { own }));
  }
});

test("each opens by these words, and closes by those", () => {
  const places = {
    ...{ script: "/h c/x.sh", process_id: "P", cwd: "/w", instance_name: "luna", pane_id: "7" },
    ...{ tool: "t", pane_title: "a-luna", pid: "9", id: "7" },
  };
  const shown = presets.map(({ name, open, run, close, file }) => {
    const words = typeof open === "function" ? "by size" : fill(open, places);
    const more = [run, close, file && [file.path, file.text]];
    return [name, words, ...more.flatMap((one) => (one ? [fill(one, places)] : []))];
  });
  expect(shown).toMatchSnapshot();
});

test("a place without a value leaves the words unused, and one of no name of ours stays", () => {
  expect(fill(["a", "{pane_id}"], { pane_id: "" })).toBeUndefined();
  expect(fill(["{HOME}", "x{pid}"], { pid: "3" })).toEqual(["{HOME}", "x3"]);
});
