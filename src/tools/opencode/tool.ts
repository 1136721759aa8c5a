// OpenCode as hcom sees it. Nothing costly is loaded here: a hook comes this way.
import type { Tool } from "../tool.ts";
import { dialect } from "./dialect.ts";
import { actions, aliases, label, markers, name, sessionOf } from "./identity.ts";
import { launch } from "./launch.ts";
import { screen } from "./screen.ts";
import { transcript } from "./transcript.ts";

export const opencode: Tool = {
  name,
  label,
  aliases,
  binary: {
    name: "opencode",
    install: "npm install --global opencode-ai",
    fallbacks: [".opencode/bin/opencode", ".local/bin/opencode"],
  },
  configDir: {
    env: "XDG_CONFIG_HOME",
    folder: ".config/opencode",
    inside: "opencode",
    // Its conversations and logins; its last model.
    along: [
      { env: "XDG_DATA_HOME", folder: ".local/share" },
      { env: "XDG_STATE_HOME", folder: ".local/state" },
    ],
  },
  markers,
  sessionOf,
  dialect,
  launch,
  gates: { idle: true, ready: false, emptyPrompt: true, userActive: true, approval: true },
  screen,
  rungs: [
    // Our plugin hears it, and prompts the session as its person would.
    { kind: "bell", since: "1.18.33" },
    // A session that was never prompted does not exist yet.
    { kind: "typing", text: "<hcom>", enterDelayMs: 500 },
  ],
  transcript,
  actions,
  inlineLimit: 20_000,
  settings: async () => (await import("./settings.ts")).settings,
};
