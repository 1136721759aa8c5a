// Codex as hcom sees it. Nothing costly is loaded here: a hook comes this way.
import type { Tool } from "../tool.ts";
import { dialect } from "./dialect.ts";
import { actions, aliases, label, markers, name, sessionOf } from "./identity.ts";
import { launch } from "./launch.ts";
import { screen } from "./screen.ts";
import { transcript } from "./transcript.ts";

export const codex: Tool = {
  name,
  label,
  aliases,
  binary: {
    name: "codex",
    install: "npm install --global @openai/codex",
    fallbacks: [".local/bin/codex"],
  },
  configDir: { env: "CODEX_HOME", folder: ".codex" },
  markers,
  sessionOf,
  dialect,
  launch,
  // Any ready text may scroll away in a narrow terminal, so the empty composer must do.
  gates: { idle: true, ready: false, emptyPrompt: true, userActive: true, approval: true },
  screen,
  rungs: [
    // Enter within 0.2 s of the text counts as a pasted line break.
    { kind: "typing", text: "<hcom>", enterDelayMs: 500 },
    // For a prompt with a draft in it: without its daemon Codex looks into its queue every 10 s.
    // Codex 0.169.0 refuses it before the session's first prompt.
    {
      kind: "queue",
      since: "0.169.0",
      argv: (session, text) => ["queue", "--thread", session, "--message", text],
      effectMs: 13_000,
    },
  ],
  transcript,
  actions,
  // Codex 0.169.0 cuts context above 2,500 tokens in the middle, counting a token per four bytes;
  // a fifth is left for letters of more than one byte.
  inlineLimit: 8_000,
  settings: async () => (await import("./settings.ts")).settings,
};
