// What agents call their actions in a status, over all tools.

const actions = (names: string) => names.split(" ").map((name) => `tool:${name}`);

/** Contexts of actions that change a file, over all tools. */
export const writeContexts: readonly string[] = actions(
  "Write Edit NotebookEdit write_file replace apply_patch write edit write_to_file " +
    "replace_file_content multi_replace_file_content StrReplace create",
);

/** Contexts of actions that run a command line, over all tools. */
export const shellContexts: readonly string[] = actions(
  "Bash run_shell_command shell run_command Shell run_terminal_cmd execute_command " +
    "shell_command bash powershell",
);
