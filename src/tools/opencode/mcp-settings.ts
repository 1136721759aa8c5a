// OpenCode merges its settings out of several files: the global ones, then the one that a variable
// names. Any of them may have comments, whatever its name ends in.
import type { McpSettings } from "../mcp-settings.ts";
import { jsonServers } from "../mcp-settings-json.ts";

export const mcpSettings: McpSettings = {
  label: "OpenCode",
  files: ({ env, home }) => {
    const global = `${env["XDG_CONFIG_HOME"] || `${home}/.config`}/opencode`;
    const named = env["OPENCODE_CONFIG"];
    return [
      ...(named ? [named] : []),
      // Read last of the two global ones, so that it wins.
      `${global}/opencode.jsonc`,
      `${global}/opencode.json`,
    ];
  },
  ...jsonServers({
    key: "mcp",
    command: ["command"],
    entry: (words) => ({ type: "local", command: words, enabled: true }),
  }),
};
