// hcom kill: end an agent's process and its participation.

import { doneBy, findInstance, isInsideTool, requireNamed } from "../bus/agents/identity.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { endAgent } from "../bus/life/end.ts";
import type { KillOutcome } from "../bus/life/kill.ts";
import { pickAgents } from "../bus/life/pick-agents.ts";
import type { Call, Command } from "../cli/command.ts";
import { nobodyHere } from "../cli/next-step.ts";
import { usageError } from "../cli/parse.ts";
import { canAsk, isConfirmed } from "../cli/person/ask.ts";
import type { Instance } from "../core/instance.ts";
import { fullName } from "../core/names/address.ts";
import { exitCode } from "../core/refusal.ts";

const command: Command = {
  name: "kill",
  group: "agents",
  summary: "end an agent together with its program",
  usage: ["kill NAME...", "kill tag:TAG", "kill TAG-", "kill all"],
  flags: [],
  tables: [
    {
      title: "Which programs it ends:",
      rows: [["hcom TOOL", "those that hcom started; any other agent only leaves the list"]],
    },
  ],
  exits: { 1: "a process could not be ended", 3: "no such agent" },
  examples: [
    "hcom kill luna nova",
    "hcom kill tag:review",
    "hcom kill all --go   # without asking",
  ],
  run: runKill,
};
export default command;

async function runKill(call: Call): Promise<number> {
  if (call.words.length === 0) throw usageError(command, "name whom: hcom kill NAME");
  using bus = openBus(call.system, { writer: "kill" });
  const { words, ended } = await endOrphans(call, bus);
  if (words.length === 0) return tellOrphans(call, ended);
  const { rows, kind } = pickAgents(bus, words, (word) => requireNamed(bus, word));
  const by = doneBy(bus, { name: call.name });
  if (rows.length === 0) {
    if (call.json) call.out.json({ ok: true, results: [], killed: [] });
    else {
      const still = await stillRunning(bus);
      call.out.line(
        `Nothing to kill${still === undefined ? `: ${nobodyHere(call)}` : `. ${still}`}`,
      );
    }
    return exitCode.ok;
  }
  if (kind === "all" && !call.go && !isInsideTool(bus) && canAsk()) {
    const names = rows.map((row) => `${fullName(row)} (${row.directory ?? "?"})`).join("\n  ");
    const agents = rows.length === 1 ? "1 agent" : `${rows.length} agents`;
    if (!isConfirmed(`This ends ${agents} in all projects:\n  ${names}\nEnd them?`)) {
      return exitCode.error;
    }
  }
  if (ended.length > 0 && !call.json) tellOrphans(call, ended);
  const results: Ended[] = [...ended];
  for (const row of rows) {
    const order = { by, reason: "killed", killsProcess: true };
    const outcome = (await endAgent(bus, row, order)) ?? "no_process";
    results.push({ name: row.name, outcome });
    if (!call.json) call.out.line(sentence(row, outcome));
  }
  const isFailed = results.some(({ outcome }) => failures.has(outcome));
  if (call.json) call.out.json({ ok: !isFailed, results, killed: results });
  else if (rows.length > 1) call.out.line(sumOf(results.map(({ outcome }) => outcome)));
  const still = kind === "all" && !call.json ? await stillRunning(bus) : undefined;
  if (still !== undefined) call.out.line(still);
  return isFailed ? exitCode.error : exitCode.ok;
}

/** Who was only stopped runs on, and is no longer one of `all`. */
async function stillRunning(bus: Bus): Promise<string | undefined> {
  const { findOrphans } = await import("../delivery/orphans/orphans.ts");
  const names = (await findOrphans(bus)).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `Still running, off the list: ${names.join(", ")} (hcom kill ${names.join(" ")})`;
}

/** Programs that take part no more are ended by name or pid, where nobody here is called so. */
async function endOrphans(call: Call, bus: Bus): Promise<{ words: string[]; ended: Ended[] }> {
  const strangers = call.words.filter(
    (word) => /^[a-z0-9_]+$/.test(word) && word !== "all" && findInstance(bus, word) === undefined,
  );
  if (strangers.length === 0) return { words: [...call.words], ended: [] };
  const { endOrphan, findOrphans, namedOrphan } = await import("../delivery/orphans/orphans.ts");
  const orphans = await findOrphans(bus);
  const ended: Ended[] = [];
  const words: string[] = [];
  for (const word of call.words) {
    const orphan = strangers.includes(word) ? namedOrphan(orphans, word) : undefined;
    if (orphan === undefined) words.push(word);
    else {
      const outcome = (await endOrphan(orphan)) ? "ended" : "survived";
      ended.push({ name: orphan.name, outcome });
    }
  }
  return { words, ended };
}

interface Ended {
  name: string;
  outcome: KillOutcome;
}

function tellOrphans(call: Call, ended: readonly Ended[]): number {
  const isFailed = ended.some(({ outcome }) => failures.has(outcome));
  if (call.json) call.out.json({ ok: !isFailed, results: ended, killed: ended });
  for (const { name, outcome } of call.json ? [] : ended) {
    const what = outcome === "ended" ? "has ended; it took part no more" : "is still there";
    call.out.line(`The program of '${name}' ${what}`);
  }
  return isFailed ? exitCode.error : exitCode.ok;
}

const failures: ReadonlySet<KillOutcome> = new Set(["survived", "forbidden", "unproved"]);

function sumOf(outcomes: readonly KillOutcome[]): string {
  const left = outcomes.filter((one) => one === "unproved").length;
  const untouched = outcomes.filter((one) => one === "no_process").length;
  const killed = `Killed ${outcomes.length - untouched - left}`;
  return untouched === 0 ? killed : `${killed}; ${untouched} off the list only`;
}

function sentence(row: Instance, outcome: KillOutcome): string {
  const name = fullName(row);
  switch (outcome) {
    case "ended":
      return `Ended process group ${row.pid} of '${name}'`;
    case "gone":
      return `The process of '${name}' was already gone`;
    case "forced":
      return `Ended process group ${row.pid} of '${name}' by force`;
    case "survived":
      return `Process group ${row.pid} of '${name}' is still there`;
    case "forbidden":
      return `Not allowed to end process group ${row.pid} of '${name}'`;
    case "unproved":
      return (
        `'${name}' was started by an earlier program, which did not write down ` +
        `enough to prove that pid ${row.pid} is still its own. ` +
        `Look at it, and end it yourself: kill ${row.pid}`
      );
    case "stranger":
      return `'${name}' has stopped; pid ${row.pid} is somebody else's by now: left alone`;
    default:
      return `'${name}' is off the list; hcom did not start its program, which may run on`;
  }
}
