// hcom listen: wait for mail and print it.

import { requireInstance } from "../bus/agents/identity.ts";
import { openBus } from "../bus/bus.ts";
import { leaveListen, listen } from "../bus/mail/listen.ts";
import type { Call, Command } from "../cli/command.ts";
import { usageError } from "../cli/parse.ts";
import { exitCode } from "../core/refusal.ts";

const longest = 86_400;
/** One second or less means "look now": long enough for a commit that is under way. */
const quickLook = 0.1;

const command: Command = {
  name: "listen",
  group: "talk",
  summary: "wait for mail and print it",
  usage: ["listen [SECONDS]", "listen --timeout SECONDS --json"],
  flags: [{ name: "timeout", value: "SECONDS", about: `give up after this long (${longest})` }],
  exits: {
    0: "mail arrived, or this agent was stopped",
    1: "nothing came in time",
    130: "interrupted",
  },
  run: runListen,
};
export default command;

async function runListen(call: Call): Promise<number> {
  const asked = secondsOf(call);
  const seconds = asked <= 1 ? quickLook : asked;
  using bus = openBus(call.system, { writer: "listen" });
  const { name } = requireInstance(bus, { name: call.name });
  if (!call.json) call.out.note(`[listening for messages to ${name}, at most ${asked} s]`);
  await call.out.flush();
  let isOver = false;
  const stop = () => {
    isOver = true;
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const heard = await listen(bus, name, {
    timeoutSeconds: seconds,
    via: "listen",
    isOver: () => isOver,
  });
  if (heard.kind === "gone") {
    call.out.note(`${name} was stopped`);
    return exitCode.ok;
  }
  if (heard.kind === "over") {
    leaveListen(bus, name, "interrupted");
    return exitCode.interrupted;
  }
  if (heard.kind === "timeout") {
    leaveListen(bus, name, "finished listening");
    if (!call.json) call.out.note(`[timeout: no messages after ${asked} s]`);
    return exitCode.error;
  }
  if (call.json) {
    for (const { id, data } of heard.offer.messages) {
      call.out.json({
        id,
        from: data.from,
        text: data.text,
        ...(data.intent === undefined ? {} : { intent: data.intent }),
        ...(data.thread === undefined ? {} : { thread: data.thread }),
      });
    }
    const { digest } = heard.offer;
    if (digest !== undefined) call.out.json({ digest });
  } else call.out.line(`\n${heard.offer.text}`);
  // What nobody read is not handed over: it comes again.
  if (!(await call.out.flush())) return exitCode.error;
  heard.offer.commit();
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
