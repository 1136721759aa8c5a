// Has a reviewer look at what an agent did, each time it ends a turn, until the agent stops.
import { HcomError, session } from "hcom";
import { baseOf, howToAnswer, lastEvent, openCrew } from "./kit/crew.ts";
import { nextMove } from "./kit/moves.ts";
import { type Call, runWorkflow, Usage } from "./kit/workflow.ts";

void runWorkflow({
  name: "watcher",
  about: "a reviewer in the background tells an agent what it has got wrong",
  usage: "--target NAME [--once] [--active]",
  options: [
    { name: "target", value: "NAME", about: "whose work" },
    { name: "once", about: "one review, then it is over" },
    { name: "active", short: "a", about: "while it works: after every 10 actions" },
    { name: "timeout", value: "SECONDS", about: "how long one review may take (600)" },
  ],
  run: watch,
});

const everyActions = 10;
/** Looks at whether anybody is left; the agent may rest for days. */
const oneDay = 86_400;

async function watch(call: Call): Promise<number> {
  const target = call.text("target");
  if (target === undefined) throw new Usage("whose work? name an agent: --target NAME");
  const { name: shown } = await session({ name: target });
  const name = baseOf(shown);
  let after = await lastEvent(call);
  await using crew = openCrew(call);
  const reviewer = await crew.hire({ tag: "reviewer", prompt: roleOf(shown) });
  call.say(`${reviewer} reviews ${shown}`);
  for (;;) {
    const move = await nextMove(call, {
      ...{ names: [name], others: [], after, timeout: oneDay },
      everyActions: call.has("active") ? everyActions : undefined,
    });
    after = move.id;
    if (move.kind === "end") return 0;
    if (move.kind === "nothing") continue;
    const what = move.kind === "rest" ? "has ended a turn" : `has done ${everyActions} things more`;
    const timeout = call.number("timeout", 600);
    const answer = await crew.ask(reviewer, {
      text: `${shown} ${what}. Review what is new: hcom transcript ${shown} --last 2 --detailed`,
      timeout,
    });
    if (answer.kind === "gone") {
      await call.report(`${reviewer}, who reviewed ${shown}, has stopped`);
      return 1;
    }
    await passOn(call, shown, answer.text);
    if (call.has("once")) return answer.kind === "answer" ? 0 : 1;
  }
}

/** Real trouble goes to who can mend it; the rest is for the person, who may be asleep. */
async function passOn(call: Call, target: string, review: string): Promise<void> {
  const isTrouble = review.startsWith("[spotted]");
  call.say(review === "" ? `no review of ${target} in time` : review);
  if (review === "") return;
  try {
    await call.voice.send(review, { to: isTrouble ? target : "bigboss", intent: "inform" });
  } catch (error) {
    // It has stopped meanwhile, which the next look finds.
    if (!(error instanceof HcomError && error.code === "unknown_target")) throw error;
  }
}

function roleOf(target: string): string {
  return (
    `You review the work of ${target}, another agent, while it goes on. Change nothing yourself. ` +
    "Each time you are asked, read what it was told and what it did, look at the files and what " +
    "has changed in them, and judge: is something wrong that will cost more later? A mistake, a " +
    "misread task, a case left out, a test that tests nothing. Taste is no reason, and what you " +
    "have said once you do not say again. Answer `[spotted] ` and what is wrong, where, and why, " +
    "in a few sentences; or `[lgtm] ` and one line that says what you looked at. " +
    howToAnswer
  );
}
