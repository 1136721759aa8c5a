// Said on standard error by the commands of every day: a settings file of which something is not
// valid, and is ignored.
import { pathsOf } from "../../config/paths.ts";
import { lazySettings } from "../../config/settings.ts";
import { Refusal } from "../../core/refusal.ts";
import type { System } from "../../sys/system.ts";
import type { Out } from "../command.ts";
import { style } from "../style.ts";

export function brokenSettings({ env, cwd }: System, out: Out): void {
  const [first, ...others] = problemsOf(env, cwd);
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  out.note(style.warn("Settings:"), ` ${first}${more}`);
  out.note("  mend it: ", style.strong("hcom config --edit"));
}

/** A file that cannot be read is told by whoever needs it. */
function problemsOf(env: System["env"], cwd: string): string[] {
  try {
    return lazySettings(pathsOf(env, cwd), env).problems();
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
