// hcom listen: wait for mail and print it.

import { isInsideTool, requireInstance, whoAmI } from "../bus/agents/identity.ts";
import { type Bus, openBus } from "../bus/bus.ts";
import { awaitInbox } from "../bus/inbox.ts";
import { lookFor } from "../bus/log/events.ts";
import { leaveListen, listen } from "../bus/mail/listen.ts";
import type { Call, Command } from "../cli/command.ts";
import { endOfSql, filterFlags, filtersOf } from "../cli/event-filters.ts";
import { usageError } from "../cli/parse.ts";
import { messageFields, showInbox } from "../cli/person/inbox-text.ts";
import { untilSignal } from "../cli/person/until-signal.ts";
import type { EventRow } from "../core/event.ts";
import { human } from "../core/instance.ts";
import { asObject, parseJson } from "../core/json.ts";
import { exitCode } from "../core/refusal.ts";
import { keepWorker } from "../relay/keep-worker.ts";

const longest = 86_400;
/** One second or less means "look now": long enough for a commit that is under way. */
const quickLook = 0.1;

const command: Command = {
  name: "listen",
  group: "talk",
  summary: "wait for mail and print it: an agent's own, at your shell yours",
  usage: ["listen [SECONDS] [filters]", "listen --timeout SECONDS [filters]"],
  flags: [
    {
      name: "timeout",
      value: "SECONDS",
      about: `give up after this long (default ${longest}: a day)`,
    },
    ...filterFlags,
  ],
  exits: {
    0: "mail arrived, an event matched, or this agent was stopped",
    1: "nothing came in time",
    130: "interrupted",
  },
  examples: [
    "hcom listen 60",
    "hcom listen 1          # look, and do not wait",
    "hcom listen 120 --idle luna   # for mail, or for luna at rest",
  ],
  run: runListen,
};
export default command;

async function runListen(call: Call): Promise<number> {
  const asked = secondsOf(call);
  const seconds = asked <= 1 ? quickLook : asked;
  using bus = openBus(call.system, { writer: "listen" });
  using _worker = keepWorker(call.system);
  if (whoAmI(bus, { name: call.name }).kind === "none" && !isInsideTool(bus)) {
    return await listenAsHuman(call, bus, { asked, seconds });
  }
  const { name } = requireInstance(bus, { name: call.name });
  const match = matchOf(call, bus, name);
  using _end = endOf(call, seconds);
  if (!call.json) call.out.note(`[listening for messages to ${name}, at most ${asked} s]`);
  await call.out.flush();
  const leaving = untilSignal();
  const heard = await listen(bus, name, {
    timeoutSeconds: seconds,
    via: "listen",
    match,
    ...leaving,
  });
  leaving.letGo();
  if (heard.kind === "match") {
    leaveListen(bus, name, "match");
    sayMatch(call, heard.event);
    return exitCode.ok;
  }
  if (heard.kind === "gone") {
    call.out.note(`${name} was stopped`);
    return exitCode.ok;
  }
  if (heard.kind === "over") {
    leaveListen(bus, name, "interrupted");
    return exitCode.interrupted;
  }
  if (heard.kind === "timeout") {
    leaveListen(bus, name, "timeout");
    if (!call.json) call.out.note(`[timeout: no messages after ${asked} s]`);
    return exitCode.error;
  }
  if (call.json) {
    for (const message of heard.offer.messages) call.out.json(messageFields(message));
    const { digest } = heard.offer;
    if (digest !== undefined) call.out.json({ digest });
  } else call.out.framed(`\n${heard.offer.text}`);
  // What nobody read is not handed over: it comes again.
  if (!(await call.out.flush())) return exitCode.error;
  heard.offer.commit();
  return exitCode.ok;
}

/** What is listened for besides mail; undefined where nothing was asked. */
function matchOf(call: Call, bus: Bus, caller: string): (() => EventRow | undefined) | undefined {
  const filters = filtersOf(call);
  const sql = call.flags.value("sql");
  if (sql === undefined && Object.keys(filters).length === 0) return undefined;
  return lookFor(bus, { filters, sql, caller });
}

function endOf(call: Call, seconds: number): Disposable | undefined {
  const sql = call.flags.value("sql");
  return sql === undefined ? undefined : endOfSql(call, sql, seconds * 1000);
}

function sayMatch(call: Call, { id, type, instance, data }: EventRow): void {
  if (call.json) call.out.json({ event_id: id, type, instance, data: asObject(parseJson(data)) });
  else call.out.line(`[Match found] #${id} ${type}:${instance}`);
}

/** A person at a shell is bigboss already, and has an inbox. */
async function listenAsHuman(
  call: Call,
  bus: Bus,
  { asked, seconds }: { asked: number; seconds: number },
): Promise<number> {
  if (!call.json) call.out.note(`[listening for messages to you (${human}), at most ${asked} s]`);
  await call.out.flush();
  const match = matchOf(call, bus, human);
  using _end = endOf(call, seconds);
  const leaving = untilSignal();
  let event: EventRow | undefined;
  const isOver = () => {
    event ??= match?.();
    return event !== undefined || leaving.isOver();
  };
  const inbox = await awaitInbox(bus, { timeoutMs: seconds * 1000, ...leaving, isOver });
  leaving.letGo();
  if (inbox.messages.length === 0 && event !== undefined) {
    sayMatch(call, event);
    return exitCode.ok;
  }
  if (inbox.messages.length === 0 && leaving.isOver()) return 130;
  if (inbox.messages.length === 0) {
    if (!call.json) call.out.note(`[timeout: no messages after ${asked} s]`);
    return exitCode.error;
  }
  if (!(await showInbox(call, bus, inbox))) return exitCode.error;
  inbox.commit();
  return exitCode.ok;
}

function secondsOf(call: Call): number {
  const [word] = call.words;
  const given = call.flags.number("timeout") ?? (word === undefined ? longest : Number(word));
  if (!Number.isFinite(given) || given < 0 || call.words.length > 1) {
    throw usageError(command, `"${call.words.join(" ")}" is not a number of seconds`);
  }
  return given;
}
