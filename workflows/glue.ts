// Follows what several agents do and connects them: who should know of whose work, and in time.
import { baseOf, howToAnswer, lastEvent, openCrew } from "./kit/crew.ts";
import { nextMove } from "./kit/moves.ts";
import { type Call, runWorkflow } from "./kit/workflow.ts";

void runWorkflow({
  name: "glue",
  about: "one agent follows all others and tells each what it should know of them",
  usage: "[--watch NAME,NAME] [--focus TEXT]",
  options: [
    { name: "watch", value: "A,B", about: "these agents alone (all)" },
    { name: "active", about: "while they work: after every 10 actions of one" },
    { name: "focus", value: "TEXT", about: "what it should look for above all" },
    { name: "once", about: "one look, then it is over" },
    { name: "timeout", value: "SECONDS", about: "how long one look may take (600)" },
  ],
  run: glue,
});

const everyActions = 10;
const oneDay = 86_400;

async function glue(call: Call): Promise<number> {
  const names = (call.text("watch") ?? "")
    .split(",")
    .filter((name) => name !== "")
    .map(baseOf);
  const left = new Set(names);
  let after = await lastEvent(call);
  await using crew = openCrew(call);
  const reader = await crew.hire({ tag: "glue", prompt: roleOf(call.text("focus")) });
  for (;;) {
    const move = await nextMove(call, {
      ...{ names, others: crew.names, after, timeout: oneDay },
      everyActions: call.has("active") ? everyActions : undefined,
    });
    after = move.id;
    if (move.kind === "end") left.delete(move.name);
    if (move.kind === "end" && names.length > 0 && left.size === 0) return 0;
    if (move.kind === "end" || move.kind === "nothing") continue;
    const answer = await crew.ask(reader, {
      text: `${move.name} has got on: hcom transcript ${move.name} --last 2. The others: hcom list`,
      timeout: call.number("timeout", 600),
    });
    if (answer.kind === "gone") return 1;
    call.say(answer.kind === "answer" ? answer.text : `${reader} did not answer in time`);
    if (call.has("once")) return answer.kind === "answer" ? 0 : 1;
  }
}

function roleOf(focus: string | undefined): string {
  return (
    "You follow what several agents do side by side and connect the dots between them. You " +
    "change " +
    "nothing yourself and give no orders. Each time you are asked, read what the agent did and " +
    "compare it with what you know of the others: do two of them solve the same problem, rely on " +
    "what another is changing, contradict each other? Then tell the one who needs it: " +
    "hcom send @NAME --intent inform -- TEXT, beginning with [warn] where something will break, " +
    "with [fyi] where it only helps, with [glue] where two should talk. Tell nobody anything " +
    "twice. " +
    (focus === undefined ? "" : `Look for this above all: ${focus}. `) +
    `Afterwards answer whom you told what, or \`nothing\`. ${howToAnswer}`
  );
}
