// hcom completions: the few lines by which a shell asks us what a Tab completes to. The scripts
// know nothing about commands: they call `hcom complete`, so they never grow old.
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { exitCode } from "../../core/refusal.ts";
import bash from "./hcom.bash" with { type: "text" };
import fish from "./hcom.fish" with { type: "text" };
import powershell from "./hcom.ps1" with { type: "text" };
import zsh from "./hcom.zsh" with { type: "text" };

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };
const shells = Object.keys(scripts);

const command: Command = {
  name: "completions",
  group: "setup",
  summary: "the script by which your shell completes commands and names",
  usage: [`completions ${shells.join("|")}`],
  flags: [],
  examples: [
    'eval "$(hcom completions bash)"   # in ~/.bashrc; zsh the same in ~/.zshrc',
    "hcom completions fish > ~/.config/fish/completions/hcom.fish",
    "hcom completions powershell | Out-String | Invoke-Expression",
  ],
  run: runCompletions,
};
export default command;

function runCompletions(call: Call): number {
  const [shell = "", ...more] = call.words;
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined || more.length > 0) {
    throw usageError(command, `name one shell: ${shells.join(", ")}`);
  }
  if (call.json) call.out.json({ shell, script });
  else call.out.line(script.trimEnd());
  return exitCode.ok;
}
