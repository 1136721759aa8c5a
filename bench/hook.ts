// What one hook call costs an agent: the command line that is installed in its settings, run by the
// shell as Claude Code does, from the payload on standard input to the collected exit status.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "../src/bus/bus.ts";
import { stirAll } from "../src/bus/gate.ts";
import { send } from "../src/bus/mail/send.ts";
import { maxEventId } from "../src/store/events.ts";
import batch from "../src/tools/claude/fixtures/2.1.329/PostToolBatch.json" with { type: "json" };
import pre from "../src/tools/claude/fixtures/2.1.329/PreToolUse.json" with { type: "json" };
import { sessionVariable } from "../src/tools/claude/identity.ts";
import { hookGroups } from "../src/tools/claude/settings-hooks.ts";
import { bigLog } from "./big-log.ts";
import { type Agent, joinAs, type Lab, type Room } from "./lab.ts";
import { atMost, type Measurement } from "./measure.ts";
import { type Candidate, timeProcesses } from "./processes.ts";

export function hook(lab: Lab): Measurement[] {
  const room = bigLog(lab);
  const calm = lab.room("calm");
  const quiet = joinAs(calm, "quiet");
  const first = joinAs(room, "first");
  const reader = joinAs(room, "reader");
  const worker = joinAs(room, "worker");
  const lonely = joinAs(lab.room("lonely"), "lonely");
  const session = crypto.randomUUID();
  const stranger: Agent = { ...quiet, session, env: strangerEnv(quiet, session) };
  // As beside a wrapper: while somebody has the log open, no hook is the last to close it.
  using bus = room.openBus();
  using _calm = calm.openBus();
  const free = timeProcesses(
    [
      { name: "Bun, empty program", unit: "ms", argv: lab.emptyProgram, env: room.env },
      { name: "true", unit: "ms", argv: ["/bin/true"], env: room.env },
      {
        ...call(lab, "batch", quiet, batch.stdin),
        name: "hook, no mail",
        target: atMost(1.6),
        mostTimes: 1,
        check: isSilent,
      },
      {
        ...call(lab, "batch", first, batch.stdin),
        name: "hook, no mail, but something was said",
        target: atMost(12),
        mostTimes: 4.2,
        prepare: () => stirAll(bus),
        check: isSilent,
      },
      {
        ...call(lab, "batch", reader, batch.stdin),
        name: "hook, one message",
        target: atMost(8),
        mostTimes: 4.2,
        prepare: () => mailTo(bus, reader),
        check: (stdout) => contains(stdout, "the build is green"),
      },
      { ...statusWrite(lab, worker, bus), name: "hook, status written", mostTimes: 4 },
      {
        ...call(lab, "batch", stranger, batch.stdin),
        name: "hook, session that takes no part",
        target: atMost(1.6),
        mostTimes: 1,
        check: isSilent,
      },
      {
        ...call(lab, "batch", lonely, batch.stdin),
        name: "hook, nobody else has the log open",
        check: isSilent,
      },
    ],
    lab.isSmoke ? 15 : 200,
  );
  return [...free, ...behindLock(lab)];
}

/** With mail to hand over while somebody else keeps the log locked: a hook gives up in time. */
function behindLock(lab: Lab): Measurement[] {
  const room = lab.room("locked");
  const reader = joinAs(room, "reader");
  using bus = room.openBus();
  mailTo(bus, reader);
  bus.db.exec("BEGIN EXCLUSIVE");
  const measured = timeProcesses(
    [
      {
        ...call(lab, "batch", reader, batch.stdin),
        name: "hook after an action, log locked",
        target: atMost(400),
        check: isSilent,
      },
      {
        ...call(lab, "userpromptsubmit", reader, { ...batch.stdin, prompt: "go on" }),
        name: "hook at a prompt, log locked",
        target: atMost(2200),
        check: isSilent,
      },
    ],
    lab.isSmoke ? 3 : 10,
  );
  bus.db.exec("ROLLBACK");
  return measured;
}

function call(lab: Lab, name: string, agent: Agent, payload: object): Candidate {
  const stdin = join(lab.folder, `${name}-${agent.session}.json`);
  const { HOME: home = "" } = agent.env;
  const transcript = join(home, "transcript.jsonl");
  const own = { session_id: agent.session, transcript_path: transcript, cwd: home };
  writeFileSync(stdin, JSON.stringify({ ...payload, ...own }));
  const argv = ["/bin/sh", "-c", installedLine(lab, name)];
  return { name, unit: "ms", argv, env: { ...batch.env, ...agent.env }, stdin };
}

function installedLine(lab: Lab, name: string): string {
  const options = {
    program: lab.program,
    autoApprove: false,
    commandWord: "hcom",
    version: undefined,
  };
  const group = hookGroups(options).find((one) => one.hook === name)?.group;
  const command = group?.hooks[0]?.command;
  if (command === undefined) throw new Error(`no hook ${name} is installed`);
  return command;
}

/** The most frequent hook of all: before an action the status is written. */
function statusWrite(lab: Lab, agent: Agent, bus: Bus): Candidate {
  let newest = 0;
  return {
    ...call(lab, "pre", agent, pre.stdin),
    prepare: () => {
      newest = maxEventId(bus.db);
    },
    check: () => {
      if (maxEventId(bus.db) === newest) throw new Error("the hook wrote no status");
    },
  };
}

function strangerEnv({ env }: Agent, session: string): Room["env"] {
  const { HCOM_PROCESS_ID: _, ...rest } = env;
  return { ...rest, [sessionVariable]: session };
}

function mailTo(bus: Bus, agent: Agent): void {
  const sender = { kind: "external", name: "bench" } as const;
  send(bus, { sender, targets: [agent.name], text: "the build is green, please review" });
}

function isSilent(stdout: string): void {
  if (stdout !== "") throw new Error(`the hook said something: ${stdout.slice(0, 200)}`);
}

function contains(stdout: string, text: string): void {
  if (!stdout.includes(text)) throw new Error(`the hook did not say "${text}": ${stdout}`);
}
