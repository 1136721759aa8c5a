// Claude Code as hcom sees it. Nothing costly is loaded here: a hook comes this way.
import type { Tool } from "../tool.ts";
import { dialect } from "./dialect.ts";
import { actions, aliases, label, markers, name, sessionOf } from "./identity.ts";
import { launch } from "./launch.ts";
import { live } from "./live.ts";
import { mod } from "./mod/mod.ts";
import { screen } from "./screen.ts";
import { transcript } from "./transcript.ts";

export const claude: Tool = {
  name,
  label,
  aliases,
  binary: {
    name: "claude",
    install: "npm install --global @anthropic-ai/claude-code",
    fallbacks: [".claude/local/claude", ".local/bin/claude", ".claude/bin/claude"],
  },
  configDir: { env: "CLAUDE_CONFIG_DIR", folder: ".claude" },
  markers,
  sessionOf,
  dialect,
  launch,
  // The footer with the ready text is hidden in accept-edits mode, so the empty box must do.
  gates: { idle: true, ready: false, emptyPrompt: true, userActive: true, approval: true },
  screen,
  rungs: [
    // Claude Code 2.1.332. It would take our word for its person's mode; we do not give one.
    { kind: "inbox", lines: inboxLines, isHeldWhenBypassed: true },
    { kind: "bell", since: "2.1.216" },
    { kind: "typing", text: "<hcom>", enterDelayMs: 400 },
  ],
  mod,
  transcript,
  live,
  actions,
  // Claude Code 2.1: longer context is written to a file and only a preview reaches the model.
  inlineLimit: 10_000,
  settings: async () => (await import("./settings.ts")).settings,
};

/** Claude Code 2.1.329, peerProtocol 1: newline-delimited JSON, the key first. */
function inboxLines(token: string | undefined, text: string, id: string): string[] {
  const message = {
    type: "user",
    message: { role: "user", content: text },
    from: "hcom",
    msg_id: id,
    priority: "next",
  };
  const auth = token === undefined ? [] : [JSON.stringify({ type: "auth", token })];
  return [...auth, JSON.stringify(message)];
}
