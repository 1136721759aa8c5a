// Gemini CLI keeps MCP servers in its settings.json. It moves all of its folder with one variable.
import type { McpSettings } from "../mcp-settings.ts";
import { jsonServers } from "../mcp-settings-json.ts";

export const mcpSettings: McpSettings = {
  label: "Gemini CLI",
  files: ({ env, home }) => [`${env["GEMINI_CLI_HOME"] || home}/.gemini/settings.json`],
  ...jsonServers({
    key: "mcpServers",
    command: ["command", "args"],
    entry: ([command, ...args]) => ({ command, args }),
  }),
};
