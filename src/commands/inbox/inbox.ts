// hcom inbox: what agents wrote to the person at the shell. Reading it makes nobody an agent.
import { checkIsPerson } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { awaitInbox, type Inbox, openInbox } from "../../bus/inbox.ts";
import type { Call, Command } from "../../cli/command.ts";
import { usageError } from "../../cli/parse.ts";
import { showInbox } from "../../cli/person/inbox-text.ts";
import { untilSignal } from "../../cli/person/until-signal.ts";
import { exitCode } from "../../core/refusal.ts";

const longest = 86_400;

const command: Command = {
  name: "inbox",
  group: "talk",
  summary: "what agents wrote to you",
  usage: ["inbox", "inbox --wait [SECONDS]", "inbox --json"],
  flags: [
    { name: "wait", value: "SECONDS", optional: true, about: `wait for mail (${longest})` },
    { name: "peek", about: "leave it unread" },
  ],
  exits: { 1: "--wait: nothing came in time", 130: "interrupted" },
  run: runInbox,
};
export default command;

async function runInbox(call: Call): Promise<number> {
  if (call.words.length > 0) throw usageError(command, `takes no word "${call.words[0]}"`);
  using bus = openBus(call.system, { writer: "inbox" });
  checkIsPerson(bus);
  const seconds = call.flags.has("wait") ? (call.flags.number("wait") ?? longest) : 0;
  const { inbox, isOver } = await take(bus, seconds);
  if (isOver && inbox.messages.length === 0) return 130;
  if (!(await showInbox(call, bus, inbox))) return exitCode.error;
  if (!call.flags.has("peek")) inbox.commit();
  return inbox.messages.length === 0 && call.flags.has("wait") ? exitCode.error : exitCode.ok;
}

async function take(bus: Bus, seconds: number): Promise<{ inbox: Inbox; isOver: boolean }> {
  if (seconds === 0) return { inbox: openInbox(bus), isOver: false };
  const leaving = untilSignal();
  const inbox = await awaitInbox(bus, { timeoutMs: seconds * 1000, ...leaving });
  return { inbox, isOver: leaving.isOver() };
}
