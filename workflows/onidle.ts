// Waits until an agent is idle, then says something to it, or has another one begin.
import { instances, session } from "hcom";
import { baseOf, lastEvent, openCrew } from "./kit/crew.ts";
import { nextMove } from "./kit/moves.ts";
import { type Call, runWorkflow, Usage } from "./kit/workflow.ts";

void runWorkflow({
  name: "onidle",
  about: "says something to an agent as soon as it is idle, or has another one begin",
  usage: "WORDS --target NAME [--launch] [--timeout SECONDS]",
  options: [
    { name: "target", value: "NAME", about: "who is waited for" },
    { name: "launch", about: "WORDS are the first prompt of a new agent, which stays" },
    { name: "timeout", value: "SECONDS", about: "how long to wait (86400)" },
  ],
  run: onIdle,
});

const oneDay = 86_400;

async function onIdle(call: Call): Promise<number> {
  const target = call.text("target");
  if (target === undefined) throw new Usage("who is waited for? name an agent: --target NAME");
  const words = call.words.join(" ").trim();
  if (words === "") throw new Usage("what is to be said then?");
  const { name: shown } = await session({ name: target });
  if (!(await rests(call, shown))) return 1;
  if (!call.has("launch")) {
    await call.caller.send(words, { to: shown });
    call.say(`${shown} is idle and was told`);
    return 0;
  }
  const crew = openCrew(call);
  const begun = await crew.hire({ tag: "onidle", prompt: words });
  crew.release(begun);
  await call.report(`${shown} is idle; ${begun} has begun`);
  return 0;
}

/** False where it stops instead, or not in time. */
async function rests(call: Call, shown: string): Promise<boolean> {
  const name = baseOf(shown);
  const after = await lastEvent(call);
  const { status } = await instances(shown);
  if (status === "listening") return true;
  const timeout = call.number("timeout", oneDay);
  const watch = { names: [name], others: [], everyActions: undefined, after, timeout };
  const { kind } = await nextMove(call, watch);
  if (kind === "rest") return true;
  const why = kind === "end" ? "has stopped" : `was not idle within ${timeout} s`;
  await call.report(`${shown} ${why}: nothing was said`);
  return false;
}
