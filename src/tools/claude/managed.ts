// Where a machine's administrator settles what Claude Code may do.

/** Claude Code 2.1: on macOS and on Linux. */
export const managedFiles: readonly string[] = [
  "/Library/Application Support/ClaudeCode/managed-settings.json",
  "/etc/claude-code/managed-settings.json",
];
