// Claude Code keeps its user's MCP servers in .claude.json, beside much else that it writes itself.
import type { McpSettings } from "../mcp-settings.ts";
import { jsonServers } from "../mcp-settings-json.ts";
import { label } from "./identity.ts";

export const mcpSettings: McpSettings = {
  label,
  files: ({ env, home }) => [`${env["CLAUDE_CONFIG_DIR"] || home}/.claude.json`],
  ...jsonServers({
    key: "mcpServers",
    command: ["command", "args"],
    entry: ([command, ...args]) => ({
      type: "stdio",
      command,
      args,
      // Otherwise the model sees bare names and must search for the tools first (2.1.329).
      alwaysLoad: true,
    }),
  }),
};
