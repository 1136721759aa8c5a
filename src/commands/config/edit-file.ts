// hcom config --edit: the settings file in the person's editor, and whether it is right afterwards.
import type { Call } from "../../cli/command.ts";
import { isTerminal } from "../../cli/is-terminal.ts";
import { editConfig } from "../../config/edit.ts";
import { checkOwnDir } from "../../config/own-dir.ts";
import type { Paths } from "../../config/paths.ts";
import { lazySettings } from "../../config/settings.ts";
import { tomlFault } from "../../config/toml.ts";
import { exitCode, Refusal } from "../../core/refusal.ts";
import { readText, writeAtomic } from "../../sys/files.ts";

const header = "# Settings of hcom. All there are: hcom config; one: hcom config KEY --info\n";

/**
 * Exit 1 where something in it is not valid: then that has no effect. What is no settings file at
 * all, or left by an editor that failed, is not taken.
 */
export async function editFile(call: Call, paths: Paths): Promise<number> {
  checkOwnDir(paths);
  const editor = editorOf(call);
  const path = paths.configToml;
  if (!(await Bun.file(path).exists())) editConfig(paths, (text) => (text === "" ? header : text));
  const before = readText(path) ?? "";
  // The variable may hold arguments, as in "code --wait": a shell splits it.
  const run = Bun.spawnSync(["sh", "-c", `${editor} "$1"`, "hcom-config", path], {
    env: { ...call.system.env },
    cwd: call.system.cwd,
    stdio: ["inherit", "inherit", "inherit"],
  });
  const after = readText(path);
  const fault = run.success ? faultOf(after) : `${editor} ended with ${run.exitCode ?? "a signal"}`;
  if (fault !== undefined) throw notTaken(path, fault, { before, after });
  const problems = lazySettings(paths, call.system.env).problems();
  if (call.json) call.out.json({ path, problems });
  else if (problems.length === 0) call.out.line(`${path} is right. What holds now: hcom config`);
  for (const problem of call.json ? [] : problems) call.out.note(`not valid: ${problem}`);
  return problems.length === 0 ? exitCode.ok : exitCode.error;
}

function editorOf({ system }: Call): string {
  const named = system.env["EDITOR"]?.trim() || system.env["VISUAL"]?.trim();
  if (named !== undefined && named !== "") return named;
  if (isTerminal(0)) return "vi";
  throw new Refusal({
    code: "no_terminal",
    message: "there is no terminal for an editor here, and EDITOR names none",
    hint: "set one value: hcom config KEY VALUE",
  });
}

function faultOf(text: string | undefined): string | undefined {
  if (text === undefined) return "the editor has deleted it";
  const fault = tomlFault(text);
  return fault === undefined ? undefined : `what was written is not TOML: ${fault}`;
}

/** What it held stands there again: settings of a group of machines are in it. */
function notTaken(
  path: string,
  fault: string,
  { before, after }: { before: string; after: string | undefined },
): Refusal {
  const hasNew = after !== undefined && after !== before;
  if (hasNew) writeAtomic(`${path}.edited`, after);
  if (after !== before) writeAtomic(path, before);
  const again = "once more: hcom config --edit; another editor: EDITOR=nano hcom config --edit";
  return new Refusal({
    code: "settings_kept",
    message: `${fault}; ${path} is as it was before`,
    hint: hasNew ? `the edited text: ${path}.edited; ${again}` : again,
  });
}
