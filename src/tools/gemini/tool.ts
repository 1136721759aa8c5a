// Gemini CLI as hcom sees it. Nothing costly is loaded here: a hook comes this way.
import type { Tool } from "../tool.ts";
import { dialect } from "./dialect.ts";
import { actions, aliases, label, markers, name, sessionOf } from "./identity.ts";
import { launch } from "./launch.ts";
import { screen } from "./screen.ts";
import { transcript } from "./transcript.ts";

export const gemini: Tool = {
  name,
  label,
  aliases,
  binary: {
    name: "gemini",
    install: "npm install --global @google/gemini-cli",
    fallbacks: [".local/bin/gemini"],
  },
  configDir: { env: "GEMINI_CLI_HOME", folder: ".gemini", inside: ".gemini" },
  markers,
  sessionOf,
  dialect,
  launch,
  // The ready text is the placeholder, which a draft takes away: the empty box says more.
  gates: { idle: true, ready: false, emptyPrompt: true, userActive: true, approval: true },
  screen,
  // Nothing else reaches an idle session (0.61.0).
  rungs: [{ kind: "typing", text: "<hcom>", enterDelayMs: 500 }],
  transcript,
  actions,
  inlineLimit: 20_000,
  settings: async () => (await import("./settings.ts")).settings,
};
