// Does what a program asks its person about need her? A safe command of ours does not, where she
// has not switched that off.
import type { Bus } from "../bus/bus.ts";
import type { Fact } from "../core/fact.ts";
import { safeLinePattern } from "../tools/safe-commands.ts";
import type { Tool } from "../tools/tool.ts";

type Asked = Extract<Fact, { kind: "approval-open" }>;

export function isSafeToRun(bus: Bus, tool: Tool, { action, detail }: Asked): boolean {
  return (
    tool.actions.shell.includes(action) &&
    safeLinePattern("hcom").test(detail) &&
    bus.settings.flag("auto_approve")
  );
}
