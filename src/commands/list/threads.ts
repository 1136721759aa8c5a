// The threads that have members: who is in them, and what was said last.
import type { Bus } from "../../bus/bus.ts";
import { displayNames } from "../../bus/display-names.ts";
import { listThreads } from "../../bus/list-threads.ts";
import type { Call } from "../../cli/command.ts";
import { style } from "../../cli/style.ts";
import { table } from "../../cli/table.ts";
import { ago } from "../../cli/when.ts";
import { oneLine } from "../../core/mail/envelope.ts";
import { exitCode } from "../../core/refusal.ts";

export function printThreads(call: Call, bus: Bus): number {
  const threads = listThreads(bus, call.flags.number("last") ?? 20);
  if (call.json) {
    call.out.json(threads.map(({ last, ...thread }) => ({ ...thread, last: last ?? null })));
    return exitCode.ok;
  }
  if (threads.length === 0) {
    call.out.line("No threads. One begins with: hcom send @NAME --thread TOPIC -- ...");
    return exitCode.ok;
  }
  const shown = displayNames(bus);
  const rows = threads.map(({ name, members, last }) => [
    style.strong(name),
    members.map(shown).join(", ") || style.faint("nobody is here"),
    style.faint(last === undefined ? "" : ago(last.seconds)),
    last === undefined
      ? ""
      : `${shown(last.from)}: ${oneLine(last.text, Number.POSITIVE_INFINITY)}`,
  ]);
  const columns = [{ least: 10 }, { least: 14 }, {}, { least: 20 }];
  for (const line of table(rows, columns, call.out.view.width)) call.out.line(...line);
  call.out.line(style.faint("All that was said in one: hcom events --thread NAME"));
  return exitCode.ok;
}
