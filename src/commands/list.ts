// hcom list: who is here, what they do, and whether my messages were read.
import { requireInstance, requireNamed } from "../bus/agents/identity.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { agentOf, type HeldAgent, listHeldAgents, withHold } from "../bus/life/list.ts";
import { pickAgents } from "../bus/life/pick-agents.ts";
import type { Used } from "../bus/transcripts/usage.ts";
import { agentFields, fieldText, shellExports } from "../cli/agent-fields.ts";
import type { Call, Command } from "../cli/command.ts";
import { unknownWord, usageError } from "../cli/parse.ts";
import { style } from "../cli/style.ts";
import { ago } from "../cli/when.ts";
import type { Instance } from "../core/instance.ts";
import { exitCode, type Refusal } from "../core/refusal.ts";
import { printAgents, printDetails, printEverybody, printNdjson } from "./list/agents.ts";
import { printThreads } from "./list/threads.ts";

const command: Command = {
  name: "list",
  group: "agents",
  summary: "who is here, status, unread, awaited answers, read receipts",
  usage: [
    "list [NAME|TAG-] [-v]",
    "list self|NAME [FIELD] [--sh]",
    "list self|NAME usage",
    "list [NAME|TAG-] --names | --ndjson | --format TEXT",
    "list --stopped [NAME] [--all | --last N]",
    "list --threads [--last N]",
    "list --orphans",
  ],
  mostWords: 2,
  flags: [
    { name: "verbose", short: "v", about: "every detail" },
    { name: "ndjson", about: "one JSON object a line, first a _self line" },
    { name: "names", about: "names only, one a line" },
    {
      name: "format",
      value: "TEXT",
      about: "a line per agent, each {field} filled in: those of --json",
    },
    { name: "sh", about: "shell exports of one agent" },
    { name: "stopped", about: "agents that have stopped, or one of them with all that is known" },
    { name: "threads", about: "threads, who is in them, and what was said last" },
    { name: "orphans", about: "programs of stopped agents that still run" },
    { name: "all", about: "with --stopped: without a limit" },
    { name: "last", value: "N", about: "with --stopped or --threads: how many (default 20)" },
  ],
  tables: [
    {
      title: "What the signs say (in brackets: the word in JSON, --status and scripts):",
      rows: [
        ["▶ in a turn", "it works; mail comes with its next action (active)"],
        ["◉ idle", "it waits for mail or for its person (listening)"],
        ["■ asking", "a question to its person is open (blocked)"],
        ["○ no program seen", "takes part, and nothing of it is seen to run (inactive)"],
        ["◎ starting", "is being started (launching)"],
        ["✗ failed", "its last request failed, or its launch (error)"],
        ["+2", "two messages that it has not been handed yet"],
      ],
    },
    {
      title: "What FIELD, and {field} in a format, may be:",
      rows: [
        ["name, base_name, tag", "its name, without its tag, and the tag"],
        ["status", "active, listening, blocked ...: in brackets above"],
        ["status_context", "what it is doing or waits for, for scripts"],
        ["status_detail", "the command, file or question it is about"],
        ["status_age_seconds", "for how long"],
        ["description", "all of that in a few words"],
        ["unread_count", "messages that it has not been handed yet"],
        ["hold", "what keeps mail from it now, and the next command"],
        ["owes", "whose requests it has not answered"],
        ["tool, directory", "what it runs in, and where that works"],
        ["session_id, transcript_path", "of its conversation"],
        ["created_at, principal", "since when, and who it stays when it is renamed or resumed"],
        ["parent_name, agent_id", "of a subagent: whose, and its id there"],
        ["headless, background_log_file", "without a terminal, and where its output is"],
        ["pid, launch_context", "its process, and how it was launched"],
        ["hooks_bound, process_bound", "its hooks were seen; hcom started it"],
      ],
    },
    {
      title: "Besides, of one agent, running or stopped:",
      rows: [
        ["usage", "tokens and cost of its conversation, as its tool noted them; with"],
        ["", "--json it is null behind 4 MiB of transcript: hcom list NAME usage"],
      ],
    },
  ],
  exits: { 3: "no such agent" },
  examples: [
    "hcom list -v",
    "hcom list luna status",
    "hcom list luna usage",
    "hcom list review- --format '{name} {status} {unread_count}'",
    'eval "$(hcom list self --sh)"',
  ],
  run: runList,
};
export default command;

async function runList(call: Call): Promise<number> {
  using bus = openBus(call.system, { writer: "list" });
  if (call.flags.has("stopped")) {
    const { printStopped } = await import("./list/stopped.ts");
    return printStopped(call, bus);
  }
  if (call.flags.has("threads")) return printThreads(call, bus);
  if (call.flags.has("orphans")) {
    const { printOrphans } = await import("./list/orphans.ts");
    return await printOrphans(call, bus);
  }
  const [who, field] = call.words;
  const isOne = who !== undefined && !isGroup(who);
  if (isOne && !manyFlags.some((flag) => call.flags.has(flag))) {
    return await printOne(call, bus, { who, field });
  }
  if (field !== undefined) throw fieldOfOne(who ?? "");
  const agents = who === undefined ? await listHeldAgents(bus) : await picked(call, bus, who);
  if (call.flags.has("ndjson")) printNdjson(call, bus, agents);
  else if (call.json && call.flags.has("names")) call.out.json(agents.map((one) => one.name));
  else if (call.json) call.out.json(agents.map(agentFields));
  else if (call.flags.has("names")) for (const agent of agents) call.out.line(agent.name);
  else if (call.flags.has("format")) printFormatted(call, agents);
  else if (who === undefined) printEverybody(call, bus, agents);
  else printAgents(call, bus, agents);
  if (agents.some(({ row }) => row.origin_device_id !== "")) await printDevices(call, bus);
  return exitCode.ok;
}

/** They print a line for each, of one agent, too. */
const manyFlags = ["names", "ndjson", "format"];

const isGroup = (word: string) => word.endsWith("-") || word.startsWith("tag:") || word === "all";

async function picked(call: Call, bus: Bus, who: string): Promise<HeldAgent[]> {
  const { rows } = pickAgents(bus, [who], (word) => requireSelfOr(call, bus, word));
  return await Promise.all(rows.map((row) => withHold(bus, agentOf(bus, row))));
}

function fieldOfOne(who: string): Refusal {
  const hint = `of several: hcom list ${who} --format '{name} {status}'`;
  return usageError(command, "a field is asked of one agent", hint);
}

/** Of other devices, how fresh that is what stands above. */
async function printDevices(call: Call, bus: Bus): Promise<void> {
  const { nudgeWorker, peers } = await import("../relay/beside.ts");
  nudgeWorker(bus);
  const isForScripts = ["ndjson", "names", "format"].some((flag) => call.flags.has(flag));
  if (call.json || isForScripts) return;
  for (const { short, presence, age, agents } of peers(bus)) {
    if (presence === "left") continue;
    const heard = presence === "online" ? ago(age) : `not heard of since ${ago(age)}: mail waits`;
    call.out.line(style.faint(`device ${short} [${agents}]: ${heard}`));
  }
}

function printFormatted(call: Call, agents: readonly HeldAgent[]): void {
  const format = call.flags.value("format") ?? "";
  for (const agent of agents) {
    const fields: Record<string, unknown> = agentFields(agent);
    const line = format.replace(/\{(\w+)\}/g, (_all, field: string) => {
      if (!Object.hasOwn(fields, field)) throw unknownField(field, Object.keys(fields));
      return fieldText(fields[field]);
    });
    call.out.line(line);
  }
}

async function printOne(
  call: Call,
  bus: Bus,
  { who, field }: { who: string; field: string | undefined },
): Promise<number> {
  if (field === "usage") return await (await spent()).printUsage(call, bus, who);
  const agent = await withHold(bus, agentOf(bus, requireSelfOr(call, bus, who)));
  const fields: Record<string, unknown> = agentFields(agent);
  if (call.flags.has("sh") && !call.json) {
    for (const line of shellExports(agent)) call.out.line(line);
  } else if (field !== undefined) {
    if (!Object.hasOwn(fields, field)) throw unknownField(field, Object.keys(fields));
    if (call.json) call.out.json({ [field]: fields[field] });
    else call.out.line(fieldText(fields[field]));
  } else if (call.json)
    call.out.json(shortFields(agent, await (await spent()).usageOf(call, bus, who)));
  else printDetails(call, bus, agent);
  return exitCode.ok;
}

/** Readers of transcripts are loaded for those who ask. */
const spent = () => import("./list/usage.ts");

/** The shape that scripts of the original read: the base name as `name`; ours stand beside it. */
function shortFields(agent: HeldAgent, usage: Used | null) {
  const { session_id, status, directory, transcript_path, parent_name, agent_id, tool, hold } =
    agentFields(agent);
  return {
    name: agent.row.name,
    full_name: agent.name,
    session_id,
    status,
    directory,
    transcript_path,
    parent_name,
    agent_id,
    tool,
    usage,
    hold,
  };
}

function requireSelfOr(call: Call, bus: Bus, who: string): Instance {
  return who === "self" ? requireInstance(bus, { name: call.name }) : requireNamed(bus, who);
}

function unknownField(field: string, known: readonly string[]): Refusal {
  return unknownWord(command, { what: "field", word: field, known });
}
