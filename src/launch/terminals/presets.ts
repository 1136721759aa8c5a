// The terminals that a launch can open, in the order in which an environment is searched for them.
// Each runs one script, which becomes the agent: when that ends nothing is left to hold a pane open
// but the terminal's own settings, and for those there is `close`.
import type { Preset } from "./preset.ts";
import { tmuxSplit, tmuxWindow } from "./tmux.ts";

const mac = ["darwin"] as const;
const linux = ["linux"] as const;
const kittyInside = ["KITTY_WINDOW_ID", "KITTY_PID", "KITTY_LISTEN_ON"] as const;
const closeKitty = ["kitty", "@", "close-window", "--match", "id:{pane_id}"] as const;
const weztermInside = ["WEZTERM_PANE", "WEZTERM_UNIX_SOCKET"] as const;
const closeWezterm = ["wezterm", "cli", "kill-pane", "--pane-id", "{pane_id}"] as const;
const closeTmux = ["tmux", "kill-pane", "-t", "{pane_id}"] as const;
const focusTmux = ["tmux", "switch-client", "-t", "{pane_id}"] as const;
const focusKitty = ["kitty", "@", "focus-window", "--match", "id:{pane_id}"] as const;
const focusWezterm = ["wezterm", "cli", "activate-pane", "--pane-id", "{pane_id}"] as const;
const run = ["sh", "{script}"] as const;

export const presets: readonly Preset[] = [
  {
    name: "herdr",
    binary: "herdr",
    inside: ["HERDR_PANE_ID"],
    open: ["herdr", "tab", "create", "--cwd", "{cwd}", "--no-focus", "--label", "{instance_name}"],
    printed: /"pane_id"\s*:\s*"([^"]+)"/,
    run: ["herdr", "pane", "run", "{pane_id}", "sh {script}"],
    close: ["herdr", "pane", "close", "{pane_id}"],
  },
  {
    name: "cmux",
    platforms: mac,
    binary: "cmux",
    inside: ["CMUX_WORKSPACE_ID", "CMUX_SURFACE_ID"],
    open: ["cmux", "new-workspace", "--command", "sh {script}"],
    close: ["cmux", "close-workspace", "--workspace", "{pane_id}"],
  },
  {
    name: "tmux-split",
    binary: "tmux",
    inside: ["TMUX_PANE", "TMUX"],
    open: tmuxSplit,
    printed: /^(%\d+)$/m,
    close: closeTmux,
    focus: focusTmux,
  },
  {
    name: "tmux",
    binary: "tmux",
    inside: ["TMUX_PANE", "TMUX"],
    open: tmuxWindow,
    printed: /^(%\d+)$/m,
    close: closeTmux,
    focus: focusTmux,
  },
  {
    name: "zellij",
    binary: "zellij",
    inside: ["ZELLIJ_PANE_ID", "ZELLIJ", "ZELLIJ_SESSION_NAME"],
    open: ["zellij", "action", "new-pane", "--close-on-exit", "--", ...run],
    printed: /^(?:terminal_)?(\d+)$/m,
    close: ["zellij", "action", "close-pane", "--pane-id", "{pane_id}"],
  },
  {
    name: "wezterm-split",
    binary: "wezterm",
    app: "WezTerm",
    inside: weztermInside,
    needs: ["WEZTERM_PANE"],
    open: ["wezterm", "cli", "split-pane", "--top-level", "--right", "--", ...run],
    printed: /^(\d+)$/m,
    close: closeWezterm,
    focus: focusWezterm,
    several: "wezterm-tab",
  },
  {
    name: "wezterm-tab",
    binary: "wezterm",
    app: "WezTerm",
    inside: weztermInside,
    open: ["wezterm", "cli", "spawn", "--", ...run],
    printed: /^(\d+)$/m,
    close: closeWezterm,
    focus: focusWezterm,
  },
  {
    name: "wezterm-window",
    binary: "wezterm",
    app: "WezTerm",
    inside: weztermInside,
    open: ["wezterm", "start", "--", ...run],
    close: closeWezterm,
    focus: focusWezterm,
    stays: true,
  },
  {
    name: "kitty-split",
    binary: "kitty",
    inside: kittyInside,
    needs: ["KITTY_LISTEN_ON"],
    setUp: {
      file: "~/.config/kitty/kitty.conf",
      // https://sw.kovidgoyal.net/kitty/conf: it puts its process id behind the socket's name.
      lines: ["allow_remote_control yes", "listen_on unix:/tmp/kitty"],
    },
    open: ["kitty", "@", "launch", "--self", "--type=window", "--", ...run],
    printed: /^(\d+)$/m,
    close: closeKitty,
    focus: focusKitty,
    several: "kitty-tab",
  },
  {
    name: "kitty-tab",
    binary: "kitty",
    inside: kittyInside,
    needs: ["KITTY_LISTEN_ON"],
    open: ["kitty", "@", "launch", "--self", "--type=tab", "--", ...run],
    printed: /^(\d+)$/m,
    close: closeKitty,
    focus: focusKitty,
  },
  {
    name: "kitty-window",
    binary: "kitty",
    app: "kitty",
    inside: kittyInside,
    open: ["kitty", ...run],
    stays: true,
  },
  {
    name: "waveterm",
    binary: "wsh",
    inside: ["WAVETERM_BLOCKID", "WAVETERM_JWT", "WAVETERM_TABID", "WAVETERM_WORKSPACEID"],
    open: ["wsh", "run", "--", ...run],
    printed: /block:([\w-]+)/,
    close: ["wsh", "deleteblock", "-b", "{pane_id}"],
  },
  {
    name: "ghostty",
    platforms: mac,
    inside: ["GHOSTTY_RESOURCES_DIR"],
    termProgram: "ghostty",
    open: ["open", "-na", "Ghostty.app", "--args", "-e", ...run],
  },
  {
    name: "iterm",
    platforms: mac,
    inside: ["ITERM_SESSION_ID"],
    termProgram: "iTerm.app",
    open: ["open", "-a", "iTerm", "{script}"],
  },
  {
    name: "alacritty",
    binary: "alacritty",
    app: "Alacritty",
    inside: ["ALACRITTY_WINDOW_ID", "ALACRITTY_SOCKET"],
    open: ["alacritty", "-e", ...run],
    stays: true,
  },
  {
    name: "gnome-terminal",
    platforms: linux,
    binary: "gnome-terminal",
    inside: ["GNOME_TERMINAL_SCREEN", "GNOME_TERMINAL_SERVICE"],
    open: ["gnome-terminal", "--window", "--", ...run],
  },
  {
    name: "konsole",
    platforms: linux,
    binary: "konsole",
    inside: ["KONSOLE_DBUS_WINDOW"],
    open: ["konsole", "-e", ...run],
    stays: true,
  },
  {
    name: "terminator",
    platforms: linux,
    binary: "terminator",
    inside: ["TERMINATOR_UUID"],
    open: ["terminator", "-x", ...run],
    stays: true,
  },
  {
    name: "tilix",
    platforms: linux,
    binary: "tilix",
    inside: ["TILIX_ID"],
    open: ["tilix", "-e", "sh {script}"],
    stays: true,
  },
  {
    name: "xterm",
    platforms: linux,
    binary: "xterm",
    inside: ["XTERM_VERSION"],
    open: ["xterm", "-e", ...run],
    stays: true,
  },
  {
    // From a Linux inside of Windows; what runs in its window is that Linux again.
    name: "windows-terminal",
    platforms: linux,
    binary: "wt.exe",
    inside: ["WT_SESSION"],
    open: ["wt.exe", "new-tab", "--", "wsl.exe", "--", ...run],
  },
  // The same way: terminals of Windows, from the Linux inside of it.
  {
    name: "mintty",
    platforms: linux,
    binary: "mintty.exe",
    inside: [],
    open: ["mintty.exe", "--exec", "wsl.exe", "--", ...run],
    stays: true,
  },
  {
    // It joins several words with commas, so its command is one.
    name: "wttab",
    platforms: linux,
    binary: "wttab",
    inside: [],
    open: ["wttab", "wsl.exe sh {script}"],
  },
  {
    name: "terminal.app",
    platforms: mac,
    inside: [],
    termProgram: "Apple_Terminal",
    open: ["open", "-a", "Terminal", "{script}"],
  },
  {
    name: "warp",
    platforms: mac,
    inside: [],
    termProgram: "WarpTerminal",
    open: ["open", "warp://launch/hcom-{process_id}"],
    file: {
      path: ".warp/launch_configurations/hcom-{process_id}.yaml",
      text: `name: hcom-{process_id}
windows:
  - tabs:
      - layout:
          commands:
            - exec: "sh {script}"
`,
    },
  },
  { name: "ttab", platforms: mac, binary: "ttab", inside: [], open: ["ttab", "{script}"] },
];

/** One word for several of them: which one fits is seen at the launch, best first. */
export const families: Readonly<Record<string, readonly string[]>> = {
  kitty: ["kitty-split", "kitty-window"],
  wezterm: ["wezterm-split", "wezterm-window"],
};

/** Windows of a desktop, where nothing says what its owner likes. */
export const usual: readonly string[] = [
  "terminal.app",
  "windows-terminal",
  "gnome-terminal",
  "konsole",
  "xterm",
];
