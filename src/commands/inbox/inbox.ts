// hcom inbox: what agents wrote to the person at the shell. Reading it makes nobody an agent.

import { checkIsPerson } from "../../bus/agents/identity.ts";
import { type Bus, openBus } from "../../bus/bus.ts";
import { awaitInbox, type Inbox, openInbox } from "../../bus/inbox.ts";
import { catchUpAlone } from "../../bus/mail/waking/catch-up-alone.ts";
import type { Call, Command } from "../../cli/command.ts";
import { isTerminal } from "../../cli/is-terminal.ts";
import { usageError } from "../../cli/parse.ts";
import { showInbox, showNotices } from "../../cli/person/inbox-text.ts";
import { untilSignal } from "../../cli/person/until-signal.ts";
import { style } from "../../cli/style.ts";
import { human } from "../../core/instance.ts";
import { exitCode } from "../../core/refusal.ts";
import { keepWorker } from "../../relay/keep-worker.ts";

const longest = 86_400;
/** As shells report a program that Ctrl+C has ended. */
const interrupted = 130;

const command: Command = {
  name: "inbox",
  group: "talk",
  summary: "what agents wrote to you, the person (they call you bigboss)",
  usage: ["inbox [--wait [SECONDS]] [--peek]", "inbox --watch [--peek]"],
  flags: [
    {
      name: "wait",
      value: "SECONDS",
      optional: true,
      about: `wait for mail (default ${longest}: a day)`,
    },
    { name: "watch", about: "show mail as it comes, until Ctrl+C" },
    { name: "peek", about: "leave it unread; with --watch: a line for each message" },
  ],
  exits: { 1: "--wait: nothing came in time", 130: "interrupted" },
  examples: [
    "hcom inbox --wait 600",
    "hcom inbox --watch            # in a pane of its own",
    "hcom inbox --watch --peek &   # a line in this shell when mail comes",
    "(hcom inbox --watch --peek 2>/dev/null &)   # in ~/.bashrc: in every shell",
  ],
  run: runInbox,
};
export default command;

async function runInbox(call: Call): Promise<number> {
  if (call.words.length > 0) throw usageError(command, `takes no word "${call.words[0]}"`);
  if (call.name !== undefined && call.name !== human) {
    const meant = `${call.name}'s mail: hcom listen 1 --name ${call.name}`;
    throw usageError(command, "inbox is the person's: it takes no --name", meant);
  }
  using bus = openBus(call.system, { writer: "inbox" });
  checkIsPerson(bus);
  await catchUpAlone(bus);
  if (call.flags.has("watch")) return await watch(call, bus);
  const seconds = call.flags.has("wait") ? (call.flags.number("wait") ?? longest) : 0;
  const { inbox, isOver } = await take(bus, seconds);
  if (isOver && inbox.messages.length === 0) return interrupted;
  if (!(await showInbox(call, bus, inbox))) return exitCode.error;
  if (!call.flags.has("peek")) inbox.commit();
  return inbox.messages.length === 0 && call.flags.has("wait") ? exitCode.error : exitCode.ok;
}

/** How often a watch looks whether its terminal is still there. */
const lookMs = 2000;

/**
 * Until somebody ends it, or nobody reads it any more: in the background of a shell nothing tells
 * it that the terminal was closed.
 */
async function watch(call: Call, bus: Bus): Promise<number> {
  using _worker = keepWorker(call.system);
  const isNotice = call.flags.has("peek");
  const isShownToSomebody = isTerminal(1);
  call.out.note(style.faint("Waiting for mail to you. Ctrl+C ends it."));
  await call.out.flush();
  for (let after = 0; ; ) {
    const leaving = untilSignal();
    const inbox = await awaitInbox(bus, { timeoutMs: lookMs, after, ...leaving });
    leaving.letGo();
    if (leaving.isOver()) return interrupted;
    if (isShownToSomebody && !isTerminal(1)) return exitCode.error;
    if (inbox.messages.length === 0) continue;
    const isShown = isNotice ? showNotices(call, bus, inbox) : showInbox(call, bus, inbox);
    if (!(await isShown)) return exitCode.error;
    if (!isNotice) inbox.commit();
    after = inbox.messages.at(-1)?.id ?? after;
  }
}

async function take(bus: Bus, seconds: number): Promise<{ inbox: Inbox; isOver: boolean }> {
  if (seconds === 0) return { inbox: openInbox(bus), isOver: false };
  const leaving = untilSignal();
  const inbox = await awaitInbox(bus, { timeoutMs: seconds * 1000, ...leaving });
  leaving.letGo();
  return { inbox, isOver: leaving.isOver() };
}
