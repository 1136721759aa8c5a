// hcom config bootstrap: what an agent is told when it comes to know hcom.
import { bootstrapOf } from "../../bus/agents/bootstrap.ts";
import { requireNamed } from "../../bus/agents/identity.ts";
import { openBus } from "../../bus/bus.ts";
import type { Call, Command } from "../../cli/command.ts";
import { unknownWord, usageError } from "../../cli/parse.ts";
import { bootstrapParts } from "../../core/bootstrap-parts.ts";
import { exitCode } from "../../core/refusal.ts";
import { bootstrapText, partsOf } from "../../tools/bootstrap.ts";

export function showBootstrap(call: Call, command: Command): number {
  const [, what = "show", name, ...more] = call.words;
  if (more.length > 0) throw usageError(command, `what is "${more.join(" ")}"?`);
  if (what === "show") return show(call, command, name);
  if (what === "render") return render(call, command, name);
  throw unknownWord(command, { what: "word of bootstrap", word: what, known: ["show", "render"] });
}

/** Of an agent that is called luna, with all that may apply. */
function show(call: Call, command: Command, part: string | undefined): number {
  using bus = openBus(call.system, { writer: "config" });
  const leftOut = bus.settings.text("bootstrap_exclude").split(",");
  const text = bootstrapText({
    ...{ name: "luna", tag: "", isHeadless: false, delivery: "auto", isLaunched: true },
    ...{ snapshot: [], forkOf: "", commandWord: "hcom", path: "" },
    notes: bus.settings.text("notes"),
  });
  const parts = partsOf(text);
  const chosen = part === undefined ? parts : parts.filter((one) => one.name === part);
  if (part !== undefined && chosen.length === 0) {
    throw unknownWord(command, { what: "part", word: part, known: parts.map((one) => one.name) });
  }
  if (call.json) {
    const shown = chosen.map((one) => ({ ...one, left_out: leftOut.includes(one.name) }));
    call.out.json({ parts: shown, can_be_left_out: bootstrapParts });
    return exitCode.ok;
  }
  for (const one of chosen) {
    if (leftOut.includes(one.name)) call.out.note(`(${one.name} is left out: bootstrap_exclude)`);
    call.out.line(one.text);
    call.out.line("");
  }
  if (part === undefined) {
    call.out.note(
      `parts: ${parts.map((one) => one.name).join(", ")}; hcom config bootstrap show PART`,
    );
  }
  return exitCode.ok;
}

/** To the letter what this agent would be told now. */
function render(call: Call, command: Command, name: string | undefined): number {
  if (name === undefined)
    throw usageError(command, "of which agent? hcom config bootstrap render NAME");
  using bus = openBus(call.system, { writer: "config" });
  const row = requireNamed(bus, name);
  const text = bootstrapOf(bus, row);
  if (call.json) call.out.json({ name: row.name, tool: row.tool, text });
  else call.out.line(text);
  return exitCode.ok;
}
