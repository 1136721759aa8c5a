// The files of our module inside Claude Code, as a plugin that `--plugin-dir` loads.
import { version } from "../../../core/version.ts";
import module from "./hcom.plugin.js" with { type: "text" };

const manifest = {
  name: "hcom",
  version,
  description: "Brings this session the messages of other agents.",
};

export const files: Readonly<Record<string, string>> = {
  ".claude-plugin/plugin.json": `${JSON.stringify(manifest, null, 2)}\n`,
  // Claude Code 2.1.332 refuses a list of two.
  "hooks/hooks.json": `${JSON.stringify({ modules: ["./register.js"] })}\n`,
  "hooks/register.js": module,
};
